package dev.tarn.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What each command that works on a project takes. */
final class ProjectOptions {

    @Parameters(index = "0", arity = "0..1", paramLabel = "PROJECT", description = ProjectPath.DESCRIPTION)
    private Optional<Path> argument = Optional.empty();

    @Option(
            names = {"-p", "--project"},
            paramLabel = "PROJECT",
            description = "The same, as all commands take it.")
    private Optional<Path> option = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    OutputFormat output = OutputFormat.TEXT;

    @Option(
            names = "--env",
            paramLabel = "NAME",
            description = "Environment of the project to use (default: $TARN_ENV, else none).")
    Optional<String> environment = Optional.empty();

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "duckdb or spark (default: as the project says, else duckdb).")
    Optional<String> engine = Optional.empty();

    @Option(names = "--trace", description = "Print stack traces of failures.")
    boolean trace;

    Path path() {
        return ProjectPath.of(argument, option);
    }

    boolean json() {
        return output == OutputFormat.JSON;
    }
}
