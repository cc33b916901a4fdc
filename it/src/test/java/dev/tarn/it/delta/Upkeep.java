package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.DeltaType.Primitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Operations on the sample table that change its files, its schema or its rules, each with a write that shows the change. */
final class Upkeep {
    private static final Map<String, String> MODE = Map.of("delta.columnMapping.mode", "name");

    /** Columns can be renamed and dropped from then on; Spark 3.5 has to be told the protocol. */
    private static final Alteration MAPPED = new Alteration(
            "ALTER TABLE $T SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.minReaderVersion' = '2',"
                    + " 'delta.minWriterVersion' = '5')",
            (table, duckdb) -> DeltaTable.forPath(table).setProperties(MODE),
            Map.of("op", "set_properties", "properties", MODE));

    private Upkeep() {}

    static List<Operation> all() {
        List<Operation> all = new ArrayList<>(files());
        all.addAll(columns());
        all.addAll(rules());
        return all;
    }

    private static List<Operation> files() {
        return List.of(
                new Operation(
                        "optimize",
                        (peer, table, more) -> {
                            peer.append(table, more);
                            long before = fileCount(table);
                            peer.alter(table, Alteration.optimize());
                            assertThat(fileCount(table)).isLessThan(before).isEqualTo(4);
                        },
                        "FROM base UNION ALL FROM more"),
                new Operation(
                        "vacuum",
                        (peer, table, more) -> {
                            peer.delete(table, "v = 3");
                            long before = dataFiles(table);
                            peer.alter(table, Alteration.vacuum());
                            assertThat(dataFiles(table)).isLessThan(before).isEqualTo(fileCount(table));
                        },
                        "FROM base WHERE v <> 3"),
                new Operation(
                        "restore",
                        (peer, table, more) -> {
                            peer.overwrite(table, more);
                            long version =
                                    DeltaTable.forPath(table).newestVersion().orElseThrow();
                            peer.delete(table, "id % 2 = 0");
                            peer.alter(table, Alteration.restore(version));
                        },
                        "FROM more"));
    }

    private static List<Operation> columns() {
        return List.of(
                new Operation(
                        "add a column",
                        "SELECT *, id * 2 AS extra FROM more",
                        (peer, table, more) -> {
                            peer.alter(table, Alteration.addColumn("extra", Primitive.LONG));
                            peer.append(table, more);
                        },
                        "FROM base UNION ALL BY NAME SELECT *, id * 2 AS extra FROM more"),
                new Operation(
                        "add a field of a struct",
                        (peer, table, more) -> {
                            peer.alter(table, Alteration.addColumn("s.z", Primitive.DATE));
                            peer.delete(table, "v = 3");
                        },
                        "SELECT * REPLACE ({'x': s.x, 'y': s.y, 'z': NULL::DATE} AS s) FROM base WHERE v <> 3"),
                new Operation(
                        "rename a column and a field",
                        "FROM more",
                        (peer, table, more) -> {
                            peer.alter(table, MAPPED);
                            peer.alter(table, Alteration.rename("v", "w"));
                            peer.alter(table, Alteration.rename("s.x", "xx"));
                            peer.delete(table, "w = 3");
                        },
                        "SELECT * REPLACE ({'xx': s.x, 'y': s.y} AS s) FROM base WHERE v <> 3",
                        "id, v AS w, name, d, price, t, s, p"),
                new Operation(
                        "drop a column",
                        "FROM more",
                        (peer, table, more) -> {
                            peer.alter(table, MAPPED);
                            peer.alter(table, Alteration.drop("price"));
                            peer.update(table, Map.of("name", "'changed'"), "v = 3");
                        },
                        "SELECT * REPLACE (CASE WHEN v = 3 THEN 'changed' ELSE name END AS name) FROM base",
                        "id, v, name, d, t, s, p"),
                new Operation(
                        "change the order of columns",
                        "FROM more",
                        (peer, table, more) -> {
                            peer.alter(table, Alteration.moveToFront("t"));
                            peer.append(table, more);
                        },
                        "FROM base UNION ALL FROM more",
                        "t, id, v, name, d, price, s, p"),
                new Operation(
                        "widen a type",
                        "FROM more",
                        (peer, table, more) -> {
                            peer.alter(table, Alteration.properties(Map.of("delta.enableTypeWidening", "true")));
                            peer.alter(table, Alteration.widen("v", Primitive.LONG));
                            peer.update(table, Map.of("v", "v + 5000000000"), "id < 9");
                        },
                        "SELECT * REPLACE (CASE WHEN id < 9 THEN v + 5000000000 ELSE v END AS v) FROM base",
                        "id, v::BIGINT AS v, name, d, price, t, s, p"));
    }

    private static List<Operation> rules() {
        Alteration small = Alteration.constraint("small", "id < 24");
        return List.of(
                new Operation(
                        "add a constraint",
                        (peer, table, more) -> {
                            peer.alter(table, small);
                            refuses(peer, table, more);
                            peer.update(table, Map.of("v", "v + 1"), "id = 23");
                        },
                        "SELECT * REPLACE (CASE WHEN id = 23 THEN v + 1 ELSE v END AS v) FROM base"),
                new Operation(
                        "drop a constraint",
                        (peer, table, more) -> {
                            peer.alter(table, small);
                            peer.alter(table, Alteration.dropConstraint("small"));
                            peer.append(table, more);
                        },
                        "FROM base UNION ALL FROM more"));
    }

    /** Rows that break a rule must not get in. */
    static void refuses(Peer peer, Path table, Source rows) throws Exception {
        long version = DeltaTable.forPath(table).newestVersion().orElseThrow();
        try {
            peer.append(table, rows);
        } catch (Exception refusal) {
            assertThat(DeltaTable.forPath(table).newestVersion()).hasValue(version);
            return;
        }
        throw new AssertionError(peer.name() + " appended rows that break a rule of the table");
    }

    private static long fileCount(Path table) {
        return DeltaTable.forPath(table).snapshot().orElseThrow().fileCount();
    }

    private static long dataFiles(Path table) throws IOException {
        try (Stream<Path> walk = Files.walk(table)) {
            return walk.filter(file -> file.toString().endsWith(".parquet")
                            && !file.toString().contains("_delta_log"))
                    .count();
        }
    }
}
