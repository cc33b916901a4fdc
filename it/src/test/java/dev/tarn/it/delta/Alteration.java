package dev.tarn.it.delta;

import dev.tarn.lake.ColumnPlace;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.DeltaType;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Something done to a table that is no write of rows, in the words of each writer.
 *
 * @param sql for Spark, with {@code $T} for the table
 * @param deltaRs a request to its process; empty if delta-rs offers no such thing
 */
record Alteration(String sql, Ours ours, Map<String, Object> deltaRs) {

    /** The same with module lake. */
    @FunctionalInterface
    interface Ours {
        void run(Path table, Connection duckdb) throws Exception;
    }

    /** The same where only the table is needed. */
    @FunctionalInterface
    interface OnTable {
        void run(DeltaTable table) throws Exception;
    }

    /** What only Spark's SQL has words for. */
    static Alteration ofSpark(String sql) {
        return new Alteration(
                sql,
                (table, duckdb) -> {
                    throw new UnsupportedOperationException(sql);
                },
                Map.of());
    }

    static Alteration of(String sql, OnTable ours) {
        return of(sql, ours, Map.of());
    }

    private static Alteration of(String sql, OnTable ours, Map<String, Object> deltaRs) {
        return new Alteration(sql, (table, duckdb) -> ours.run(DeltaTable.forPath(table)), deltaRs);
    }

    static Alteration properties(Map<String, String> properties) {
        String given = new TreeMap<>(properties)
                .entrySet().stream()
                        .map(each -> "'" + each.getKey() + "' = '" + each.getValue() + "'")
                        .collect(Collectors.joining(", "));
        return of(
                "ALTER TABLE $T SET TBLPROPERTIES (" + given + ")",
                table -> table.setProperties(properties),
                request("set_properties", "properties", properties));
    }

    static Alteration addColumn(String name, DeltaType type) {
        Map<String, Object> request =
                name.contains(".") ? Map.of() : request("add_column", "name", name, "type", type.json());
        return of(
                "ALTER TABLE $T ADD COLUMNS (" + name + " " + type.text() + ")",
                table -> table.addColumn(name, type),
                request);
    }

    static Alteration moveToFront(String column) {
        return of(
                "ALTER TABLE $T ALTER COLUMN " + column + " FIRST",
                table -> table.reorder(column, ColumnPlace.first()));
    }

    static Alteration rename(String column, String name) {
        return of("ALTER TABLE $T RENAME COLUMN " + column + " TO " + name, table -> table.renameColumn(column, name));
    }

    static Alteration drop(String column) {
        return of("ALTER TABLE $T DROP COLUMN " + column, table -> table.dropColumn(column));
    }

    static Alteration widen(String column, DeltaType type) {
        return of(
                "ALTER TABLE $T ALTER COLUMN " + column + " TYPE " + type.text(),
                table -> table.widenType(column, type));
    }

    static Alteration constraint(String name, String condition) {
        return of(
                "ALTER TABLE $T ADD CONSTRAINT " + name + " CHECK (" + condition + ")",
                table -> table.addConstraint(name, condition),
                request("add_constraint", "name", name, "condition", condition));
    }

    static Alteration dropConstraint(String name) {
        return of(
                "ALTER TABLE $T DROP CONSTRAINT " + name,
                table -> table.dropConstraint(name),
                request("drop_constraint", "name", name));
    }

    static Alteration optimize() {
        return new Alteration(
                "OPTIMIZE $T",
                (table, duckdb) -> DeltaTable.forPath(table).optimize(duckdb).execute(),
                request("optimize"));
    }

    /** Deletes all that the newest version does not need. */
    static Alteration vacuum() {
        return new Alteration(
                "VACUUM $T RETAIN 0 HOURS",
                (table, duckdb) -> DeltaTable.forPath(table, Clock.offset(Clock.systemUTC(), Duration.ofDays(8)))
                        .vacuum()
                        .execute(),
                request("vacuum"));
    }

    static Alteration restore(long version) {
        return of(
                "RESTORE TABLE $T TO VERSION AS OF " + version,
                table -> table.restore(version),
                request("restore", "version", version));
    }

    private static Map<String, Object> request(String operation, Object... arguments) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("op", operation);
        for (int i = 0; i < arguments.length; i += 2) {
            request.put((String) arguments[i], arguments[i + 1]);
        }
        return request;
    }
}
