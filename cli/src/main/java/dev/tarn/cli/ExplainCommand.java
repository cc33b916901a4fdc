package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tarn explain}: says more about an error code. */
@Command(
        name = "explain",
        description = "Say more about an error code.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ExplainCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "CODE", description = "A code such as TARN-0105.")
    private String code = "";

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ProblemCode found = ProblemCode.parse(code).orElseThrow(this::unknown);
        console.out().println(found.id() + ": " + found.title());
        console.out().println();
        console.out().println(found.explanation());
        return ExitCode.OK;
    }

    private ParameterException unknown() {
        Optional<String> hint = Names.didYouMean(
                code, Arrays.stream(ProblemCode.values()).map(ProblemCode::id).toList());
        return new ParameterException(
                spec.commandLine(),
                "unknown code '" + code + "'" + hint.map(h -> "; " + h).orElse(""));
    }
}
