package dev.tarn.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What each command that works on services takes. */
final class StackOptions {

    @Parameters(arity = "0..*", paramLabel = "SERVICE", description = "Services by name (default: all).")
    List<String> services = List.of();

    @Option(
            names = {"-p", "--project"},
            paramLabel = "PROJECT",
            defaultValue = ".",
            description = "Project file, or a folder with or without one (default: this folder).")
    Path path = Path.of(".");

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

    boolean json() {
        return output == OutputFormat.JSON;
    }

    /** The folder whose {@code .tarn} has the stack. */
    Path folder() {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        return Files.isDirectory(absolute) || parent == null ? absolute : parent;
    }
}
