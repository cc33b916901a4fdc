package dev.tarn.lake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The rows of a table that an operation changes, by their places and with their new values, in a temporary table: what a row
 * becomes is computed once, however often it is written.
 *
 * @param rows the temporary table
 * @param clauses what can become of the rows in it; a row with the number 0 stays as it is
 * @param columns the columns that some clause gives a value
 */
record ChangedRows(String rows, List<RowClause> clauses, List<DeltaField> columns, String prefix) {
    static List<DeltaField> assigned(List<RowClause> clauses, DeltaType.Struct schema) {
        return schema.fields().stream()
                .filter(column ->
                        clauses.stream().anyMatch(clause -> clause.value(column).isPresent()))
                .toList();
    }

    String fileColumn() {
        return SqlText.name(prefix + "file_number");
    }

    String rowColumn() {
        return SqlText.name(prefix + "row");
    }

    String sourceColumn() {
        return SqlText.name(prefix + "source_row");
    }

    String clauseColumn() {
        return SqlText.name(prefix + "clause");
    }

    Optional<String> valueColumn(DeltaField column) {
        return columns.stream()
                .filter(each -> each.key().equals(column.key()))
                .findFirst()
                .map(each -> SqlText.name(prefix + "value_" + columns.indexOf(each)));
    }

    /** The columns of the temporary table for rows that clauses are chosen for. */
    static String select(List<RowClause> clauses, List<DeltaField> columns, String prefix) {
        List<String> list = new ArrayList<>();
        list.add((clauses.isEmpty() ? "0" : RowClause.choice(clauses)) + " AS " + SqlText.name(prefix + "clause"));
        for (int i = 0; i < columns.size(); i++) {
            list.add(value(clauses, columns.get(i)) + " AS " + SqlText.name(prefix + "value_" + i));
        }
        return String.join(", ", list);
    }

    private static String value(List<RowClause> clauses, DeltaField column) {
        String none = "CAST(NULL AS " + column.type().duckSql() + ")";
        return clauses.isEmpty()
                ? none
                : clauses.stream()
                        .map(clause -> "WHEN " + clause.condition().orElse("true") + " THEN "
                                + clause.value(column).orElse(none))
                        .collect(Collectors.joining(" ", "CASE ", " ELSE " + none + " END"));
    }

    List<RowClause> deletes() {
        return clauses.stream().filter(RowClause::deletes).toList();
    }

    /** The clauses that give a column a value. */
    List<RowClause> setting(DeltaField column) {
        return clauses.stream()
                .filter(clause -> clause.value(column).isPresent())
                .toList();
    }

    /** Places that several source rows matched, some of them. */
    List<List<String>> ambiguous(Scratch scratch) throws SQLException {
        return scratch.rows("SELECT " + fileColumn() + ", " + rowColumn() + ", min(" + sourceColumn() + "), max("
                + sourceColumn() + ") FROM " + rows + " GROUP BY 1, 2 HAVING count(*) > 1 LIMIT 3");
    }

    /** Where the rows are that some clause changes: their numbers in each file, by the number of the file. */
    Map<Integer, BitSet> places(Connection duckdb) throws SQLException {
        String sql =
                "SELECT " + fileColumn() + ", " + rowColumn() + " FROM " + rows + " WHERE " + clauseColumn() + " <> 0";
        Map<Integer, BitSet> places = new HashMap<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                places.computeIfAbsent(result.getInt(1), file -> new BitSet()).set(Math.toIntExact(result.getLong(2)));
            }
        } catch (SQLException failure) {
            throw new StatementException(sql, failure);
        }
        return places;
    }

    /** The same with one row for each place. */
    ChangedRows distinct(Scratch scratch) throws SQLException {
        return new ChangedRows(
                scratch.table("SELECT DISTINCT ON (" + fileColumn() + ", " + rowColumn() + ") * FROM " + rows),
                clauses,
                columns,
                prefix);
    }
}
