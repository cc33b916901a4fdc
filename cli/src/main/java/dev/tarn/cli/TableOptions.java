package dev.tarn.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What each command on a table takes. */
final class TableOptions {

    @Parameters(
            index = "0",
            paramLabel = "TABLE",
            description = "Folder of a Delta table; or a table of the project: a node, or CONNECTION.TABLE.")
    String table = "";

    @Option(
            names = {"-p", "--project"},
            paramLabel = "PROJECT",
            defaultValue = ".",
            description = "Project file, or a folder with a tarn.yaml (default: this folder).")
    Path project = Path.of(".");
}
