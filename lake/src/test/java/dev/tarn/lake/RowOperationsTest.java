package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sequences of random operations, each done on a Delta table and on a plain DuckDB table by plain SQL; after each both have
 * the same rows, and the change feed leads from one version to the next.
 */
class RowOperationsTest {
    private static final int STEPS = 14;

    static List<Long> seeds() {
        Random random = new Random();
        return List.of(1L, 2L, 3L, 4L, random.nextLong(1_000_000), random.nextLong(1_000_000));
    }

    private static final String COLUMNS = "id, k, v, p, s";

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void tableIsAsTheModel(long seed, @TempDir Path directory) throws Exception {
        try (TestTable table = new TestTable(directory.resolve("t"))) {
            new Sequence(table, seed).run();
        }
    }

    private static final class Sequence {
        private final TestTable table;
        private final Random random;
        private final boolean changeFeed;
        private final List<String> log = new ArrayList<>();

        Sequence(TestTable table, long seed) {
            this.table = table;
            this.random = new Random(seed);
            log.add("seed " + seed);
            this.changeFeed = random.nextBoolean();
        }

        Connection duckdb() {
            return table.duck().connection();
        }

        void run() throws SQLException {
            TableBuilder builder = DeltaTable.create(table.path())
                    .column("id", DeltaType.Primitive.LONG)
                    .column("k", DeltaType.Primitive.STRING)
                    .column("v", DeltaType.Primitive.DOUBLE)
                    .column("p", DeltaType.Primitive.INTEGER)
                    .column("s", new DeltaType.Struct(List.of(new DeltaField("a", DeltaType.Primitive.INTEGER))))
                    .property("delta.enableChangeDataFeed", String.valueOf(changeFeed));
            builder.property("delta.enableDeletionVectors", String.valueOf(random.nextBoolean()));
            if (random.nextBoolean()) {
                builder.partitionBy("p");
            }
            builder.create();
            table.duck().run("CREATE TABLE model (id BIGINT, k VARCHAR, v DOUBLE, p INTEGER, s STRUCT(a INTEGER))");
            for (int step = 0; step < STEPS; step++) {
                long before = table.newest().version();
                table.duck().run("CREATE OR REPLACE TABLE earlier AS FROM model");
                step();
                check(before);
            }
        }

        private void step() throws SQLException {
            if (random.nextInt(10) == 0) {
                // Then files with and without vectors are written anew.
                String marks = String.valueOf(random.nextBoolean());
                table.delta().setProperties(Map.of("delta.enableDeletionVectors", marks));
                log.add("deletion vectors " + marks);
            }
            switch (random.nextInt(8)) {
                case 0, 1 -> append();
                case 2 -> delete();
                case 3, 4 -> update();
                default -> merge();
            }
        }

        /** Rows with NULLs, NaN, doubles of zero and keys of a small range. */
        private String rows(int count) {
            int salt = random.nextInt(1000);
            return "SELECT CASE WHEN hash(i, " + salt + ") % 11 = 0 THEN NULL ELSE (hash(i, " + salt
                    + ", 1) % 60)::BIGINT END AS id, CASE WHEN hash(i, " + salt
                    + ", 2) % 7 = 0 THEN NULL ELSE 'k' || (hash(i, " + salt + ", 3) % 5) END AS k, CASE hash(i, " + salt
                    + ", 4) % 5 WHEN 0 THEN NULL WHEN 1 THEN 'nan'::DOUBLE WHEN 2 THEN -0.0 ELSE (hash(i, " + salt
                    + ", 5) % 100) / 8 END::DOUBLE AS v, (hash(i, " + salt
                    + ", 6) % 3)::INTEGER AS p, CASE WHEN hash(i, "
                    + salt + ", 7) % 4 = 0 THEN NULL ELSE {'a': (hash(i, " + salt
                    + ") % 9)::INTEGER} END AS s FROM range("
                    + count + ") t(i)";
        }

        private String condition(String alias) {
            String a = alias.isEmpty() ? "" : alias + ".";
            int number = random.nextInt(60);
            return switch (random.nextInt(10)) {
                case 0 -> a + "id < " + number;
                case 1 -> a + "id = " + number + " OR " + a + "k = 'k1'";
                case 2 -> a + "v > " + random.nextInt(12);
                case 3 -> a + "p = " + random.nextInt(3);
                case 4 -> a + "p = " + random.nextInt(3) + " AND " + a + "id >= " + number;
                case 5 -> "NOT (" + a + "k = 'k2')";
                case 6 -> a + "k IS NULL";
                case 7 -> a + "s.a BETWEEN 2 AND 5 AND " + a + "p <> 1";
                case 8 -> a + "id IN (SELECT id FROM model WHERE v > 3)";
                default -> number < 10 ? "true" : a + "p IS NOT NULL AND " + a + "id % 7 = " + number % 7;
            };
        }

        private String value(String column, String own, String other) {
            return switch (column) {
                case "id" -> "coalesce(" + own + ".id, 0) + " + random.nextInt(5);
                case "k" -> random.nextBoolean() ? other + ".k" : "'n" + random.nextInt(3) + "'";
                case "v" -> random.nextBoolean() ? "-" + other + ".v" : "NULL";
                case "p" -> "(" + own + ".p + 1) % 3";
                default -> random.nextBoolean() ? "NULL" : "{'a': " + other + ".p}";
            };
        }

        private Map<String, String> values(String own, String other) {
            return List.of("id", "k", "v", "p", "s").stream()
                    .filter(column -> random.nextInt(3) == 0 || column.equals("k"))
                    .collect(Collectors.toMap(column -> column, column -> value(column, own, other)));
        }

        private static String cast(String column, String value) {
            String type = switch (column) {
                case "id" -> "BIGINT";
                case "k" -> "VARCHAR";
                case "v" -> "DOUBLE";
                case "p" -> "INTEGER";
                default -> "STRUCT(a INTEGER)";
            };
            return "CAST(" + value + " AS " + type + ")";
        }

        private void append() throws SQLException {
            table.duck().run("CREATE OR REPLACE TABLE source AS " + rows(random.nextInt(200)));
            log.add("append");
            table.delta().append(duckdb(), "FROM source");
            table.duck().run("INSERT INTO model FROM source");
        }

        private void delete() throws SQLException {
            String where = condition("");
            log.add("delete " + where);
            long expected = Long.parseLong(table.duck().value("SELECT count(*) FROM model WHERE " + where));
            // The model is changed last, because the condition may read it.
            assertThat(table.delta().delete(duckdb(), where).deleted())
                    .as("%s", log)
                    .isEqualTo(expected);
            table.duck().run("DELETE FROM model WHERE " + where);
        }

        private void update() throws SQLException {
            String where = condition("target");
            Map<String, String> set = values("target", "target");
            log.add("update " + set + " where " + where);
            long expected = Long.parseLong(table.duck().value("SELECT count(*) FROM model AS target WHERE " + where));
            assertThat(table.delta().update(duckdb(), set, where).updated())
                    .as("%s", log)
                    .isEqualTo(expected);
            String columns = List.of(COLUMNS.split(", ")).stream()
                    .map(column -> set.containsKey(column)
                            ? "CASE WHEN " + where + " THEN " + cast(column, set.get(column)) + " ELSE target." + column
                                    + " END AS " + column
                            : "target." + column)
                    .collect(Collectors.joining(", "));
            table.duck().run("CREATE OR REPLACE TABLE model AS SELECT " + columns + " FROM model AS target");
        }

        private void merge() throws SQLException {
            String key = random.nextBoolean() ? "id" : "id, p";
            table.duck()
                    .run("CREATE OR REPLACE TABLE source AS SELECT DISTINCT ON (" + key + ") * FROM ("
                            + rows(random.nextInt(60)) + ")");
            String on = "target.id = source.id" + (key.equals("id") ? "" : " AND target.p = source.p")
                    + (random.nextInt(3) == 0 ? " AND target.p = " + random.nextInt(3) : "");
            String matchedIf = condition(random.nextBoolean() ? "target" : "source");
            String bySourceIf = condition("target");
            String insertIf = condition("source");
            Map<String, String> set = values("target", "source");
            Map<String, String> bySource = values("target", "target");
            int shape = random.nextInt(64);
            log.add("merge " + shape + " on " + on + " matched " + matchedIf + " set " + set + " by source "
                    + bySourceIf + " set " + bySource + " insert " + insertIf);

            Merge merge = table.delta().merge(duckdb(), "FROM source", on);
            List<String> cases = new ArrayList<>();
            if ((shape & 1) != 0) {
                merge.whenMatched(matchedIf).delete();
                cases.add("WHEN matched AND (" + matchedIf + ") THEN 'delete'");
            }
            if ((shape & 2) != 0) {
                merge.whenMatched("source.v > 1 OR target.k = 'k3'").update(set);
                cases.add("WHEN matched AND (source.v > 1 OR target.k = 'k3') THEN 'set'");
            }
            merge.whenMatched("source.p <> 2").updateAll();
            cases.add("WHEN matched AND source.p <> 2 THEN 'all'");
            if ((shape & 4) != 0) {
                merge.whenNotMatchedBySource(bySourceIf).update(bySource);
                cases.add("WHEN NOT matched AND (" + bySourceIf + ") THEN 'by source'");
            }
            if ((shape & 8) != 0) {
                merge.whenNotMatchedBySource("target.id % 5 = 0").delete();
                cases.add("WHEN NOT matched AND target.id % 5 = 0 THEN 'delete'");
            }
            boolean insertAll = (shape & 16) != 0;
            boolean insertSome = (shape & 32) != 0;
            if (insertSome) {
                merge.whenNotMatched(insertIf).insert(Map.of("id", "id", "k", "'i'"));
            }
            if (insertAll) {
                merge.whenNotMatched().insertAll();
            }
            merge.execute();

            String joined =
                    "(SELECT *, rowid AS target_row FROM model) AS target LEFT JOIN (SELECT *, 1 AS present FROM"
                            + " source) AS source ON " + on;
            String columns = List.of(COLUMNS.split(", ")).stream()
                    .map(column -> "CASE action WHEN 'set' THEN "
                            + (set.containsKey(column) ? cast(column, set.get(column)) : "target." + column)
                            + " WHEN 'all' THEN source." + column + " WHEN 'by source' THEN "
                            + (bySource.containsKey(column) ? cast(column, bySource.get(column)) : "target." + column)
                            + " ELSE target." + column + " END AS " + column)
                    .collect(Collectors.joining(", "));
            String inserted = "SELECT * FROM source WHERE NOT EXISTS (SELECT 1 FROM model AS target WHERE " + on + ")";
            String insert = "";
            if (insertSome) {
                insert += " UNION ALL SELECT id, 'i', NULL, NULL, NULL FROM (" + inserted + ") AS source WHERE ("
                        + insertIf + ")";
            }
            if (insertAll) {
                insert += " UNION ALL SELECT " + COLUMNS + " FROM (" + inserted + ") AS source WHERE "
                        + (insertSome ? "(" + insertIf + ") IS NOT TRUE" : "true");
            }
            table.duck()
                    .run("CREATE OR REPLACE TABLE model AS SELECT " + columns
                            + " FROM (SELECT target, source, CASE "
                            + String.join(" ", cases).replace("matched", "(source.present IS NOT NULL)")
                            + " END AS action FROM " + joined + ") WHERE action IS DISTINCT FROM 'delete'" + insert);
        }

        private void check(long before) throws SQLException {
            assertThat(table.duck().difference(table.sql(), "FROM model"))
                    .as("%s", log)
                    .isEqualTo("0|0");
            long after = table.newest().version();
            if (!changeFeed || after == before) {
                return;
            }
            String changes = table.delta().changes(before + 1, after).toSql();
            String gone = "SELECT " + COLUMNS + " FROM (" + changes + ") WHERE _change_type IN ('delete',"
                    + " 'update_preimage')";
            String come = "SELECT " + COLUMNS + " FROM (" + changes + ") WHERE _change_type IN ('insert',"
                    + " 'update_postimage')";
            assertThat(table.duck()
                            .difference(
                                    "(FROM earlier) UNION ALL (" + come + ")", "(FROM model) UNION ALL (" + gone + ")"))
                    .as("changes after %s", log)
                    .isEqualTo("0|0");
        }
    }
}
