package dev.tarn.cli;

import picocli.CommandLine.Parameters;

/** What each command on a table takes. */
final class TableOptions {

    @Parameters(
            index = "0",
            paramLabel = "TABLE",
            description = "Folder of a Delta table; or a table of the project: a node, or CONNECTION.TABLE.")
    String table = "";
}
