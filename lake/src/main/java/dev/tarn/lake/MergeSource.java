package dev.tarn.lake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rows that are merged into a table: the source query's, computed once.
 *
 * @param rows the temporary table with them, whose columns are named by number
 * @param columns the columns of the query, with the types that DuckDB gives them
 */
record MergeSource(String rows, List<Column> columns, String alias, String prefix) {
    record Column(String name, String duckType) {
        DeltaType type() {
            return DuckType.toDelta(name, duckType);
        }

        String key() {
            return NewSchema.fold(name);
        }
    }

    /** The columns of a query; an error has its position in the query. */
    static List<Column> describe(Connection duckdb, String query) throws SQLException {
        Expression.prepare(duckdb, query);
        List<Column> columns = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery("DESCRIBE " + query)) {
            while (rows.next()) {
                columns.add(new Column(rows.getString("column_name"), rows.getString("column_type")));
            }
        } catch (SQLException refused) {
            throw new StatementException("DESCRIBE " + query, refused);
        }
        if (columns.isEmpty()) {
            throw NewSchema.invalid("The source of the merge has no columns.", "Give a query.");
        }
        NewSchema.checkNamesDiffer("", names(columns));
        return columns;
    }

    /** A schema with these names, whatever the types are. */
    static DeltaType.Struct names(List<Column> columns) {
        return new DeltaType.Struct(columns.stream()
                .map(column -> new DeltaField(column.name(), DeltaType.Primitive.STRING))
                .toList());
    }

    static MergeSource of(Scratch scratch, String query, List<Column> columns, String alias, String prefix)
            throws SQLException {
        String names = IntStream.range(0, columns.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        String rows = scratch.table("SELECT * FROM (" + query + "\n) AS q(" + names + ")");
        return new MergeSource(rows, columns, alias, prefix);
    }

    static String empty(List<Column> columns, String alias) {
        return columns.stream()
                .map(column -> "CAST(NULL AS " + column.duckType() + ") AS " + SqlText.name(column.name()))
                .collect(Collectors.joining(", ", "(SELECT ", " WHERE false) AS " + SqlText.name(alias)));
    }

    String rowColumn() {
        return prefix + "source_row";
    }

    /** A SELECT of the rows, each with a number of its own. */
    String select() {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> "c" + i + " AS " + SqlText.name(columns.get(i).name()))
                .collect(Collectors.joining(
                        ", ", "SELECT ", ", rowid AS " + SqlText.name(rowColumn()) + " FROM " + rows));
    }

    Optional<Column> column(String name) {
        return columns.stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** What a column name of a user's expression means here; empty if that is not certain. */
    Optional<Column> column(List<String> name) {
        if (column(alias).isPresent()) {
            return Optional.empty();
        }
        if (name.size() == 1) {
            return column(name.get(0));
        }
        return name.size() == 2 && name.get(0).equalsIgnoreCase(alias) ? column(name.get(1)) : Optional.empty();
    }
}
