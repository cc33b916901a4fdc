package dev.tarn.core.project;

import dev.tarn.core.source.SourceSpan;
import java.util.List;

/**
 * What a project says about a node's output columns, for people and for what shows rows to them. It changes no row.
 *
 * @param declared in the order of the file
 * @param allSensitive whether no column's values may be shown
 * @param sensitive columns whose values may not be shown
 */
public record Columns(List<Column> declared, boolean allSensitive, List<String> sensitive) {

    public static final Columns NONE = new Columns(List.of(), false, List.of());

    public Columns {
        declared = List.copyOf(declared);
        sensitive = List.copyOf(sensitive);
    }

    /** A column with a description; {@code pii} says that it tells who a person is. */
    public record Column(String name, SourceSpan span, String description, List<String> tags, boolean pii) {
        public Column {
            tags = List.copyOf(tags);
        }
    }
}
