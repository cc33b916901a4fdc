package dev.tarn.it.delta;

import dev.tarn.lake.DeltaType.Primitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A table with something on. Once made, it has the rows of {@link Operation#BASE}, and perhaps more columns.
 *
 * @param rows the rows that it is made of, as DuckDB's SELECT list over those
 * @param create the statement by which only Spark can make it; without one, every writer can try
 * @param before done when there is no row yet
 * @param after done when there are
 * @param more what the table has beside the columns that are written, as DuckDB's SELECT list; empty if nothing foresees its values
 * @param violation rows that no writer may append
 */
record Feature(
        String name,
        String rows,
        Optional<String> create,
        Map<String, String> properties,
        List<Alteration> before,
        List<Alteration> after,
        Optional<String> more,
        Optional<String> violation) {
    private static final String COLUMNS = "id BIGINT, v INT, name STRING, d DOUBLE, price DECIMAL(10,2), t TIMESTAMP,"
            + " s STRUCT<x: INT, y: ARRAY<STRING>>, p STRING";

    private Feature(String name, Map<String, String> properties) {
        this(name, "*", Optional.empty(), properties, List.of(), List.of(), Optional.of(""), Optional.empty());
    }

    private static Feature on(String name, String... properties) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            map.put(properties[i], properties[i + 1]);
        }
        return new Feature(name, map);
    }

    private Feature rows(String list) {
        return new Feature(name, list, create, properties, before, after, more, violation);
    }

    private Feature before(Alteration... alterations) {
        return new Feature(name, rows, create, properties, List.of(alterations), after, more, violation);
    }

    private Feature after(Alteration... alterations) {
        return new Feature(name, rows, create, properties, before, List.of(alterations), more, violation);
    }

    private Feature createdBy(String columns, String layout) {
        String statement = "CREATE TABLE $T (" + columns + ") USING delta " + layout;
        return new Feature(name, rows, Optional.of(statement), properties, before, after, more, violation);
    }

    private Feature refusing(String query) {
        return new Feature(name, rows, create, properties, before, after, more, Optional.of(query));
    }

    private Feature more(String list) {
        return new Feature(name, rows, create, properties, before, after, Optional.of(list), violation);
    }

    private Feature unforeseen() {
        return new Feature(name, rows, create, properties, before, after, Optional.empty(), violation);
    }

    /** Clustered tables have no partitions. */
    List<String> partitionBy() {
        return create.filter(statement -> statement.contains("CLUSTER BY")).isPresent() ? List.of() : List.of("p");
    }

    /** Features about files and the log. */
    static List<Feature> ofFiles() {
        List<Feature> all = new ArrayList<>(mappings());
        all.addAll(files());
        all.add(on("clustering").createdBy(COLUMNS, "CLUSTER BY (id, price)"));
        all.add(on("row tracking").createdBy(COLUMNS, partitioned("'delta.enableRowTracking' = 'true'")));
        return all;
    }

    /** Features about columns and values, and many features at once. */
    static List<Feature> ofColumns() {
        List<Feature> all = new ArrayList<>(rules());
        all.add(on("type widening", "delta.enableTypeWidening", "true")
                .rows("* REPLACE (v::SMALLINT AS v)")
                .after(Alteration.widen("v", Primitive.INTEGER)));
        all.addAll(columns());
        all.add(everything());
        return all;
    }

    private static String partitioned(String properties) {
        return "PARTITIONED BY (p)" + (properties.isEmpty() ? "" : " TBLPROPERTIES (" + properties + ")");
    }

    private static List<Feature> mappings() {
        return List.of(
                on("column mapping by name", "delta.columnMapping.mode", "name")
                        .rows("id, v AS w, name, d, price, t, {'z': s.x, 'y': s.y} AS s, p")
                        .after(Alteration.rename("w", "v"), Alteration.rename("s.z", "x")),
                on("column mapping by id", "delta.columnMapping.mode", "id")
                        .rows("*, NULL::DATE AS gone")
                        .after(Alteration.drop("gone")),
                on("column mapping switched on later")
                        .after(Alteration.properties(Map.of("delta.columnMapping.mode", "name"))),
                on(
                        "change feed and column mapping",
                        "delta.columnMapping.mode",
                        "id",
                        "delta.enableChangeDataFeed",
                        "true"));
    }

    private static List<Feature> files() {
        return List.of(
                on("deletion vectors", "delta.enableDeletionVectors", "true"),
                on("in-commit timestamps", "delta.enableInCommitTimestamps", "true"),
                on("in-commit timestamps switched on later")
                        .after(Alteration.properties(Map.of("delta.enableInCommitTimestamps", "true"))),
                on("v2 checkpoints", "delta.checkpointPolicy", "v2", "delta.checkpointInterval", "2"));
    }

    private static List<Feature> rules() {
        return List.of(
                on("check constraints")
                        .before(
                                Alteration.constraint("positive", "id >= 0 AND v BETWEEN 0 AND 2000"),
                                Alteration.constraint("place", "p IS NULL OR p <> 'nowhere'"))
                        .refusing("* REPLACE (-id AS id)"),
                on("NOT NULL")
                        .createdBy(COLUMNS.replace("id BIGINT", "id BIGINT NOT NULL"), partitioned(""))
                        .refusing("* REPLACE (NULL::BIGINT AS id)"));
    }

    private static Feature everything() {
        return on("many features at once")
                .createdBy(
                        COLUMNS.replace("v INT", "v SMALLINT").replace("id BIGINT", "id BIGINT NOT NULL"),
                        partitioned("'delta.columnMapping.mode' = 'name', 'delta.enableInCommitTimestamps' = 'true',"
                                + " 'delta.enableTypeWidening' = 'true', 'delta.checkpointPolicy' = 'v2',"
                                + " 'delta.enableDeletionVectors' = 'true', 'delta.enableChangeDataFeed' = 'true',"
                                + " 'delta.checkpointInterval' = '3', 'delta.feature.vacuumProtocolCheck' = 'supported',"
                                + " 'delta.feature.allowColumnDefaults' = 'supported', 'delta.feature.rowTracking' ="
                                + " 'supported'"))
                .rows("* REPLACE (v::SMALLINT AS v)")
                .before(Alteration.constraint("positive", "id >= 0"))
                .after(Alteration.widen("v", Primitive.INTEGER))
                .refusing("* REPLACE (-1 - id AS id)");
    }

    private static List<Feature> columns() {
        return List.of(
                on("generated columns")
                        .createdBy(COLUMNS + ", g BIGINT GENERATED ALWAYS AS (id * 2)", partitioned(""))
                        .more(", id * 2 AS g"),
                on("identity columns")
                        .createdBy(COLUMNS + ", k BIGINT GENERATED BY DEFAULT AS IDENTITY", partitioned(""))
                        .rows("*, id + 1000 AS k")
                        .more(", id + 1000 AS k"),
                on("defaults of columns")
                        .createdBy(
                                COLUMNS + ", note STRING DEFAULT 'none'",
                                partitioned("'delta.feature.allowColumnDefaults' = 'supported'"))
                        .more(", 'none' AS note"),
                on("variant columns")
                        .createdBy(COLUMNS + ", j VARIANT", partitioned(""))
                        .after(Alteration.ofSpark(
                                "UPDATE $T SET j = parse_json('{\"a\":[1,\"x\",null,' || id || ']}') WHERE id % 3 > 0"))
                        .unforeseen());
    }
}
