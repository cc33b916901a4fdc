package dev.tarn.cli;

import dev.tarn.notebook.run.LakehouseMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a run of a notebook takes. */
final class NotebookRunOptions {

    @Option(
            names = {"-p", "--parameter"},
            paramLabel = "NAME=VALUE",
            description = "A value for the parameters cell; it has the type of the default there.")
    Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--lakehouse",
            paramLabel = "MODE",
            defaultValue = "keep",
            description =
                    "keep: data of earlier runs are there and changes stay; fresh: only the files of the lakehouse's item;"
                            + " copy: a copy of the kept data (default: ${DEFAULT-VALUE}).")
    LakehouseMode lakehouse = LakehouseMode.KEEP;

    @Option(
            names = "--workspace",
            paramLabel = "FOLDER",
            description = "Folder with the items (default: the nearest one above the notebook with .git or tarn.yaml).")
    Optional<Path> workspace = Optional.empty();

    @Option(
            names = "--value-set",
            paramLabel = "NAME",
            description = "Value set of variable libraries (default: none).")
    Optional<String> valueSet = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE", description = "Write the notebook with its outputs here, as .ipynb.")
    Optional<Path> out = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Interrupt a cell that takes longer (default: any time).")
    int timeout;

    @Option(names = "--offline", description = "Fetch nothing (also: TARN_OFFLINE=1).")
    boolean offline;
}
