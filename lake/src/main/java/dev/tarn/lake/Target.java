package dev.tarn.lake;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The table that an operation changes, as a relation of its SQL.
 *
 * @param alias the name by which the user's expressions call it
 * @param prefix begins the names of columns that are not the table's
 */
record Target(Path table, TableState state, String alias, String prefix) {
    String fileColumn() {
        return prefix + "file_number";
    }

    String rowColumn() {
        return prefix + "row";
    }

    Metadata metadata() {
        return state.metadata();
    }

    DeltaType.Struct schema() {
        return metadata().schema();
    }

    /** The table without rows, to see what an expression means. */
    String empty() {
        return "(" + new Scan(table, metadata()).sql(List.of()) + ") AS " + SqlText.name(alias);
    }

    /** A SELECT of the rows of some files, with their places; a file's number is its index among the candidates. */
    String rows(List<AddFile> files, List<AddFile> candidates) {
        List<String> paths =
                candidates.stream().map(file -> file.locate(table).toString()).toList();
        return new Scan(table, metadata()).sql(files, new Scan.RowPosition(fileColumn(), rowColumn(), paths));
    }

    /** What a column name of a user's expression means here; empty if that is not certain. */
    Optional<DeltaField> column(List<String> name) {
        if (schema().field(alias).isPresent()) {
            return Optional.empty();
        }
        if (name.size() == 1) {
            return schema().field(name.get(0));
        }
        return name.size() == 2 && name.get(0).equalsIgnoreCase(alias) ? schema().field(name.get(1)) : Optional.empty();
    }
}
