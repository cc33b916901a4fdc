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
                        "id, v AS w, name, d, price, t, s, p"));
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
