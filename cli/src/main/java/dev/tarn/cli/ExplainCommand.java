package dev.tarn.cli;

import dev.tarn.cli.render.CodeText;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.TransformerText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.transform.Transformers;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

    @Spec
    private CommandSpec spec = CommandSpec.create();

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

    private ParameterException unknown(String text) {
        Stream<String> codes = Arrays.stream(ProblemCode.values()).map(ProblemCode::id);
        Optional<String> hint = Names.didYouMean(
                text, Stream.concat(codes, Transformers.names().stream()).toList());
        return new ParameterException(
                spec.commandLine(),
                "there is no error code or transformer '" + text + "'"
                        + hint.map(h -> "; " + h).orElse(""));
    }
}
