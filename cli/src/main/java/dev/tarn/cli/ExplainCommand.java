package dev.tarn.cli;

import dev.tarn.cli.render.CodeText;
import dev.tarn.cli.render.Console;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tarn explain}: says more about an error code. */
@Command(
        name = "explain",
        description = "Say more about an error code; without one, list them all.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ExplainCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", arity = "0..1", paramLabel = "CODE", description = "A code such as TARN-0105.")
    private Optional<String> code = Optional.empty();

    /** How the list of all codes is written. */
    enum Form {
        TEXT,
        MARKDOWN
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or markdown: a page of all codes (default: ${DEFAULT-VALUE}).")
    private Form form = Form.TEXT;

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CodeText text = new CodeText(console);
        if (code.isPresent()) {
            text.one(ProblemCode.parse(code.get()).orElseThrow(() -> unknown(code.get())));
        } else if (form == Form.MARKDOWN) {
            text.page();
        } else {
            text.list();
        }
        return ExitCode.OK;
    }

    private ParameterException unknown(String text) {
        Optional<String> hint = Names.didYouMean(
                text, Arrays.stream(ProblemCode.values()).map(ProblemCode::id).toList());
        return new ParameterException(
                spec.commandLine(),
                "unknown code '" + text + "'" + hint.map(h -> "; " + h).orElse(""));
    }
}
