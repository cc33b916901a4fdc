package dev.tarn.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What each command on a notebook takes. */
final class NotebookOptions {

    @Parameters(
            index = "0",
            paramLabel = "PATH",
            description = "A notebook: the folder of its item (Orders.Notebook), or its file.")
    Path path = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    boolean json() {
        return output == OutputFormat.JSON;
    }
}
