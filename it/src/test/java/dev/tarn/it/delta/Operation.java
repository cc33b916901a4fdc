package dev.tarn.it.delta;

import dev.tarn.it.delta.Merge.Kind;
import dev.tarn.lake.DeltaTable;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Something done to the sample table, and the rows that it must have afterwards.
 *
 * @param rows the rows that the work gets, as a query for DuckDB over {@code base} and {@code more}
 * @param expected the rows of the table afterwards, as such a query
 * @param columns those of the table afterwards, in their order
 */
record Operation(String name, String rows, Work work, String expected, String columns) {
    Operation(String name, Work work, String expected) {
        this(name, "FROM more", work, expected);
    }

    Operation(String name, String rows, Work work, String expected) {
        this(name, rows, work, expected, columns(expected));
    }

    /** Asks a peer to do it; with the rows that it needs. */
    @FunctionalInterface
    interface Work {
        void run(Peer peer, Path table, Source rows) throws Exception;
    }

    /** The table that each operation starts from: 24 rows in partitions 'a', 'b', 'c d' and NULL. */
    static final String BASE = """
            SELECT i::BIGINT AS id, (i % 7)::INTEGER AS v, CASE WHEN i % 5 <> 0 THEN 'n' || i END AS name,
             CASE i WHEN 3 THEN 'nan'::DOUBLE WHEN 4 THEN -0.0::DOUBLE ELSE i / 4 END AS d,
             CASE WHEN i <> 7 THEN (i * 1.25)::DECIMAL(10, 2) END AS price,
             TIMESTAMPTZ '2026-03-29 00:59:59.999999+00' + to_hours(i::INTEGER) AS t,
             {'x': i::INTEGER, 'y': [i::VARCHAR, NULL]} AS s,
             ['a', 'b', 'c d', NULL][1 + (i % 4)::INTEGER] AS p
            FROM range(24) r(i)""";

    /** Rows 20 to 29: four are in the table, six are not. */
    static final String MORE = """
            SELECT * REPLACE ((v + 1000)::INTEGER AS v, 'new' AS name) FROM (%s)""".formatted(BASE.replace("range(24)", "range(20, 30)"));

    private static final Merge BY_ID = Merge.on("target.id = source.id");
    private static final List<String> COLUMNS = List.of("id", "v", "name", "d", "price", "t", "s", "p");

    static List<Operation> all() {
        List<Operation> all = new ArrayList<>();
        all.add(new Operation(
                "append", (peer, table, more) -> peer.append(table, more), "FROM base UNION ALL FROM more"));
        all.add(new Operation("overwrite", (peer, table, more) -> peer.overwrite(table, more), "FROM more"));
        all.add(new Operation(
                "overwrite partitions",
                "FROM more WHERE p IS DISTINCT FROM 'b'",
                (peer, table, more) -> peer.overwritePartitions(table, more),
                "FROM base WHERE p = 'b' UNION ALL FROM more WHERE p IS DISTINCT FROM 'b'"));
        all.add(new Operation(
                "replaceWhere",
                (peer, table, more) -> peer.replaceWhere(table, more, "id >= 20"),
                "FROM base WHERE id < 20 UNION ALL FROM more"));
        all.add(new Operation(
                "delete",
                (peer, table, more) -> peer.delete(table, "v = 3 OR id > 21"),
                "FROM base WHERE NOT (v = 3 OR id > 21)"));
        all.add(new Operation(
                "delete a partition",
                (peer, table, more) -> peer.delete(table, "p = 'c d'"),
                "FROM base WHERE p IS DISTINCT FROM 'c d'"));
        all.add(new Operation(
                "update",
                (peer, table, more) -> peer.update(table, Map.of("v", "v + 100", "name", "'it''s'"), "id < 5"),
                "SELECT * REPLACE (CASE WHEN id < 5 THEN v + 100 ELSE v END AS v,"
                        + " CASE WHEN id < 5 THEN 'it''s' ELSE name END AS name) FROM base"));
        all.add(new Operation(
                "update a partition column",
                (peer, table, more) -> peer.update(table, Map.of("p", "'moved'"), "p = 'a' AND v < 5"),
                "SELECT * REPLACE (CASE WHEN p = 'a' AND v < 5 THEN 'moved' ELSE p END AS p) FROM base"));
        all.addAll(merges());
        all.add(new Operation(
                "append with a new column",
                "SELECT *, id * 2 AS extra FROM more",
                (peer, table, more) -> peer.appendMergingSchema(table, more),
                "FROM base UNION ALL BY NAME SELECT *, id * 2 AS extra FROM more"));
        all.add(
                new Operation(
                        "merge with a new column",
                        "SELECT *, id * 2 AS extra FROM more",
                        (peer, table, more) -> peer.merge(
                                table,
                                more,
                                BY_ID.with(Kind.UPDATE_ALL)
                                        .with(Kind.INSERT_ALL)
                                        .evolving()),
                        "FROM base WHERE id NOT IN (SELECT id FROM more) UNION ALL BY NAME SELECT *, id * 2 AS extra FROM more"));
        return all;
    }

    private static List<Operation> merges() {
        String upsert = "FROM base WHERE id NOT IN (SELECT id FROM more) UNION ALL FROM more";
        return List.of(
                merge(
                        "merge: update all, insert all",
                        BY_ID.with(Kind.UPDATE_ALL).with(Kind.INSERT_ALL),
                        upsert),
                merge(
                        "merge: update and insert of named columns",
                        BY_ID.with(Kind.UPDATE, Map.of("v", "source.v + target.v"))
                                .with(Kind.INSERT, Map.of("id", "source.id", "name", "source.name", "p", "source.p")),
                        "SELECT * REPLACE ((v + CASE WHEN id >= 20 THEN v + 1000 ELSE 0 END)::INTEGER AS v) FROM base"
                                + " UNION ALL BY NAME SELECT id, name, p FROM more WHERE id >= 24"),
                merge(
                        "merge: delete and conditions",
                        BY_ID.with(Kind.DELETE, "source.v % 2 = 0")
                                .with(Kind.UPDATE, "source.id <> 21", Map.of("name", "'changed'"))
                                .with(Kind.INSERT_ALL, "source.id < 28"),
                        "SELECT * REPLACE (CASE WHEN id >= 20 AND id <> 21 THEN 'changed' ELSE name END AS name) FROM base"
                                + " WHERE id NOT IN (SELECT id FROM more WHERE v % 2 = 0)"
                                + " UNION ALL FROM more WHERE id >= 24 AND id < 28"),
                merge(
                        "merge: not matched by source",
                        BY_ID.with(Kind.UPDATE_ALL)
                                .with(Kind.UPDATE_MISSING, "target.id < 4", Map.of("v", "0"))
                                .with(Kind.DELETE_MISSING, "target.v = 5"),
                        "FROM more WHERE id < 24 UNION ALL SELECT * REPLACE (CASE WHEN id < 4 THEN 0 ELSE v END AS v)"
                                + " FROM base WHERE id < 20 AND (id < 4 OR v <> 5)"));
    }

    /** Work on files that leaves the rows as they are, the way back, and a new beginning. */
    static List<Operation> maintenance() {
        String twice = "FROM base UNION ALL FROM base";
        return List.of(
                new Operation(
                        "optimize",
                        (peer, table, more) -> DeltaTable.forPath(table)
                                .optimize(((TarnPeer) peer).duckdb())
                                .execute(),
                        twice),
                new Operation(
                        "vacuum",
                        (peer, table, more) -> DeltaTable.forPath(
                                        table, Clock.offset(Clock.systemUTC(), Duration.ofDays(8)))
                                .vacuum()
                                .execute(),
                        twice),
                new Operation(
                        "restore",
                        (peer, table, more) -> DeltaTable.forPath(table).restore(1),
                        "FROM base"),
                new Operation("checkpoint", (peer, table, more) -> peer.checkpoint(table), twice),
                new Operation(
                        "create or replace",
                        (peer, table, more) -> DeltaTable.create(table)
                                .columns(DeltaTable.forPath(table)
                                        .snapshot()
                                        .orElseThrow()
                                        .schema())
                                .orReplace()
                                .create(),
                        "FROM base LIMIT 0"));
    }

    /** Where there is nothing yet. */
    static Operation create() {
        return new Operation(
                "create",
                (peer, table, more) ->
                        peer.create(table, more, List.of("p"), Map.of("delta.enableChangeDataFeed", "true")),
                "FROM base LIMIT 0");
    }

    /** An operation by its name. */
    static Operation of(String name) {
        return Stream.of(all(), maintenance(), List.of(create()))
                .flatMap(List::stream)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Operation merge(String name, Merge merge, String expected) {
        return new Operation(name, (peer, table, more) -> peer.merge(table, more, merge), expected);
    }

    /** The rows that it needs, as a query. */
    String rowsQuery() {
        return query(rows, columns(rows));
    }

    /** The rows afterwards, as a query. */
    String expectedQuery() {
        return query(expected, columns);
    }

    private static String columns(String from) {
        return String.join(", ", COLUMNS) + (from.contains(" AS extra") ? ", extra" : "");
    }

    private static String query(String from, String columns) {
        return "WITH base AS MATERIALIZED (" + BASE + "), more AS MATERIALIZED (" + MORE + ") SELECT " + columns
                + " FROM (" + from + ")";
    }
}
