package dev.tarn.notebook.run;

import dev.tarn.notebook.format.Notebook;
import dev.tarn.notebook.item.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to run, and with what.
 *
 * @param name of the notebook, as people know it
 * @param parameters values that take the place of the parameters cell's; plain JSON values
 * @param lakehouses the folders of all lakehouses of the workspace, by names and ids in lower case
 * @param context what {@code runtime.context} says, for {@code trident.*} settings too
 * @param folder where Python begins to work
 * @param cellTimeout how long one cell may take; zero for any time
 */
public record NotebookRequest(
        Notebook notebook,
        String name,
        Workspace workspace,
        Map<String, @Nullable Object> parameters,
        Optional<LakehouseFolder> lakehouse,
        Map<String, Path> lakehouses,
        Map<String, Object> context,
        Path folder,
        Duration cellTimeout) {}
