package dev.tarn.cli;

import dev.tarn.cli.render.CodeText;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.TransformerText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.transform.Transformers;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn explain}: says more about an error code or a transformer. */
@Command(
        name = "explain",
        description = {
            "Say more about an error code or a transformer.",
            "Without a name, list all error codes; 'transformers' lists all transformers."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ExplainCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "A code such as TARN-0105, or a transformer.")
    private Optional<String> name = Optional.empty();

    /** How the list of all codes is written. */
    enum Form {
        TEXT,
        MARKDOWN
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or markdown: a page of all codes or transformers (default: ${DEFAULT-VALUE}).")
    private Form form = Form.TEXT;

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CodeText text = new CodeText(console);
        if (name.isPresent()) {
            explain(name.get(), text);
        } else if (form == Form.MARKDOWN) {
            text.page();
        } else {
            text.list();
        }
        return ExitCode.OK;
    }

    private void explain(String text, CodeText codes) {
        TransformerText transformers = new TransformerText(console);
        Optional<ProblemCode> code = ProblemCode.parse(text);
        if (code.isPresent()) {
            codes.one(code.get());
        } else if (!text.equals("transformers")) {
            transformers.one(Transformers.find(text).orElseThrow(() -> unknown(text)));
        } else if (form == Form.MARKDOWN) {
            transformers.page();
        } else {
            transformers.list();
        }
    }

    private static UsageException unknown(String text) {
        // Of a code that does not exist no other one is meant.
        return new UsageException(
                "there is no error code or transformer " + Names.quoted(text),
                Names.didYouMean(text, Transformers.names())
                        .orElse("'tarn explain' lists the codes, 'tarn explain transformers' the transformers"));
    }
}
