package dev.tarn.notebook.item;

import dev.tarn.core.source.Problems;
import java.util.List;
import java.util.Optional;

/**
 * A lakehouse as its item declares it; its data are elsewhere.
 *
 * @param defaultSchema the schema of tables that are named without one; empty for a lakehouse without schemas
 * @param shortcuts folders that stand for others, such as {@code Files/raw}
 */
public record Lakehouse(Item item, Optional<String> defaultSchema, List<String> shortcuts) {

    public static Lakehouse read(Item item, Problems problems) {
        Optional<String> schema = ItemFile.read(item.folder().resolve("lakehouse.metadata.json"), problems)
                .flatMap(root -> root.string("defaultSchema"))
                .filter(name -> !name.isEmpty());
        List<String> shortcuts = ItemFile.read(item.folder().resolve("shortcuts.metadata.json"), problems)
                .map(root -> root.items().stream()
                        .map(node -> node.string("path").orElse("") + "/"
                                + node.string("name").orElse(""))
                        .map(path -> path.replaceFirst("^/+", ""))
                        .toList())
                .orElse(List.of());
        return new Lakehouse(item, schema, shortcuts);
    }
}
