package dev.tarn.lake;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The table that an operation changes, as a relation of its SQL.
 *
 * @param alias the name by which the user's expressions call it
 * @param prefix begins the names of columns that are not the table's
 */
record Target(Path table, TableState state, String alias, String prefix, Set<String> exact) {
    Target(Path table, TableState state, String alias, String prefix) {
        this(table, state, alias, prefix, Set.of());
    }

    Target {
        exact = Set.copyOf(exact);
    }

    /**
     * The same with a look at what columns files of other writers have: one with exactly the table's can be read as it is,
     * and DuckDB then knows how many rows it has. Without that it put a million rows of a file into a hash table instead
     * of the few that it was joined with.
     */
    Target looking(Scratch scratch, List<AddFile> files) throws SQLException {
        if (metadata().mapping() == ColumnMapping.ID) {
            return this;
        }
        String ours = metadata().fileSchema();
        List<String> wanted = metadata().mapping().physical(metadata().fileColumns()).stream()
                .map(field -> field.name() + " " + unquoted(field.type().duckSql()))
                .toList();
        Set<String> found = new HashSet<>();
        for (AddFile file : files) {
            if (!file.hasSchema(ours)
                    && !file.hasDeletionVector()
                    && columns(scratch, file).equals(wanted)) {
                found.add(file.path());
            }
        }
        return new Target(table, state, alias, prefix, found);
    }

    private List<String> columns(Scratch scratch, AddFile file) throws SQLException {
        String path = file.locate(table).toString();
        List<String> columns = new ArrayList<>();
        for (List<String> column : scratch.rows("SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet("
                + SqlText.files(List.of(path)) + ", hive_partitioning = false))")) {
            columns.add(column.get(0) + " " + unquoted(column.get(1)));
        }
        return columns;
    }

    private static String unquoted(String type) {
        return type.replace("\"", "");
    }

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
        List<AddFile> known = files.stream()
                .map(file ->
                        exact.contains(file.path()) ? file.withSchema(metadata().fileSchema()) : file)
                .toList();
        return new Scan(table, metadata()).sql(known, new Scan.RowPosition(fileColumn(), rowColumn(), paths));
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
