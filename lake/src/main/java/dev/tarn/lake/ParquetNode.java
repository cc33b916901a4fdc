package dev.tarn.lake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A column, a group or the whole schema of a Parquet file, as its footer describes it.
 *
 * @param type the physical type; empty for a group
 * @param duckType the DuckDB type of a column or of some groups, such as a variant
 */
record ParquetNode(
        String name, OptionalLong id, String type, String duckType, boolean isRepeated, List<ParquetNode> children) {
    ParquetNode {
        children = List.copyOf(children);
    }

    /** The schemas of some files by path. */
    static Map<String, ParquetNode> read(Connection duckdb, Collection<String> files) throws SQLException {
        String sql =
                "SELECT file_name, name, num_children, type, duckdb_type, field_id, repetition_type = 'REPEATED' FROM"
                        + " parquet_schema(" + SqlText.files(files) + ")";
        Map<String, ParquetNode> schemas = new LinkedHashMap<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                String file = rows.getString(1);
                schemas.put(file, node(rows));
            }
        }
        return schemas;
    }

    /** The rows of one file are its nodes, each before its children. */
    private static ParquetNode node(ResultSet row) throws SQLException {
        String name = row.getString(2);
        int count = row.getInt(3);
        String type = Optional.ofNullable(row.getString(4)).orElse("");
        String duckType = Optional.ofNullable(row.getString(5)).orElse("");
        long id = row.getLong(6);
        OptionalLong knownId = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(id);
        boolean isRepeated = row.getBoolean(7);
        List<ParquetNode> children = new ArrayList<>();
        for (int i = 0; i < count && row.next(); i++) {
            children.add(node(row));
        }
        return new ParquetNode(name, knownId, type, duckType, isRepeated, children);
    }

    Optional<ParquetNode> withId(long wanted) {
        return children.stream()
                .filter(child -> child.id.isPresent() && child.id.getAsLong() == wanted)
                .findFirst();
    }

    Optional<ParquetNode> named(String wanted) {
        return children.stream()
                .filter(child -> child.name.equals(wanted))
                .findFirst()
                .or(() -> children.stream()
                        .filter(child -> child.name.equalsIgnoreCase(wanted))
                        .findFirst());
    }

    boolean hasIds() {
        return id.isPresent() || children.stream().anyMatch(ParquetNode::hasIds);
    }

    boolean isGroup() {
        return !children.isEmpty();
    }

    /** What a list is a list of (Parquet, "Lists": old writers leave out the group around the element). */
    Optional<ParquetNode> element() {
        if (children.size() != 1 || !children.get(0).isRepeated) {
            return Optional.empty();
        }
        ParquetNode repeated = children.get(0);
        boolean isElement =
                repeated.children.size() != 1 || repeated.name.equals("array") || repeated.name.equals(name + "_tuple");
        return Optional.of(isElement ? repeated : repeated.children.get(0));
    }

    Optional<ParquetNode> key() {
        return entry(0);
    }

    Optional<ParquetNode> value() {
        return entry(1);
    }

    private Optional<ParquetNode> entry(int number) {
        return children.size() == 1 && children.get(0).children.size() == 2
                ? Optional.of(children.get(0).children.get(number))
                : Optional.empty();
    }
}
