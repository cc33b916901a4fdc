package dev.tarn.notebook.item;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder of a workspace that is one item.
 *
 * @param type such as {@code Notebook}, {@code Lakehouse}
 * @param name what people call it; the folder's name may differ from it
 * @param logicalId by which other items of the repository refer to it; empty when there is none yet
 */
public record Item(Path folder, String type, String name, Optional<String> description, Optional<String> logicalId) {

    /** The types whose folders are items even without a {@code .platform} file. */
    static final List<String> TYPES =
            List.of("Notebook", "Lakehouse", "Environment", "VariableLibrary", "DataPipeline", "Warehouse");
}
