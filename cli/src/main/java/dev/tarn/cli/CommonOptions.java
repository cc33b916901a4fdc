package dev.tarn.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What each command takes that looks at a project and has more arguments than it. */
final class CommonOptions {

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
            names = {"-p", "--project"},
            paramLabel = "PROJECT",
            description = "The project, as all commands take it.")
    Optional<Path> project = Optional.empty();

    boolean json() {
        return output == OutputFormat.JSON;
    }
}
