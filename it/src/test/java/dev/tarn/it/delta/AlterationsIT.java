package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.ColumnPlace;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.DeltaType;
import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Changes of schema, properties and constraints by us, as all others see them, and by Spark on the same table. */
@ExtendWith(Peers.Resolver.class)
class AlterationsIT {
    @TempDir
    Path folder;

    private final Peers peers;

    AlterationsIT(Peers peers) {
        this.peers = peers;
    }

    private static Map<String, Consumer<DeltaTable>> changes() {
        Map<String, Consumer<DeltaTable>> changes = new LinkedHashMap<>();
        changes.put("ADD COLUMNS", table -> table.addColumn("added", Primitive.DATE, ColumnPlace.after("id"), "a day"));
        changes.put("ADD COLUMNS of a struct", table -> table.addColumn("s.z", Primitive.LONG, ColumnPlace.first()));
        changes.put(
                "SET TBLPROPERTIES",
                table -> table.setProperties(Map.of(
                        "delta.columnMapping.mode", "name",
                        "delta.enableChangeDataFeed", "true",
                        "delta.enableInCommitTimestamps", "true",
                        "owner", "us")));
        changes.put("RENAME COLUMN", table -> table.renameColumn("v", "a number"));
        changes.put("RENAME COLUMN of the partition", table -> table.renameColumn("p", "part"));
        changes.put("RENAME COLUMN of a struct", table -> table.renameColumn("s.x", "xx"));
        changes.put("DROP COLUMNS", table -> table.dropColumn("price"));
        changes.put("DROP COLUMNS of a struct", table -> table.dropColumn("s.y"));
        changes.put("ADD COLUMNS with an old name", table -> table.addColumn("price", Primitive.STRING));
        changes.put("CHANGE COLUMN", table -> table.reorder("part", ColumnPlace.first()));
        changes.put(
                "SET TBLPROPERTIES for types",
                table -> table.setProperties(Map.of("delta.enableTypeWidening", "true")));
        changes.put("CHANGE COLUMN of the type", table -> table.widenType("`a number`", Primitive.LONG));
        changes.put("CHANGE COLUMN of a field's type", table -> table.widenType("s.xx", new DeltaType.Decimal(14, 2)));
        changes.put("ADD CONSTRAINT", table -> table.addConstraint("positive", "id >= 0 AND `a number` IS NOT NULL"));
        changes.put("DROP CONSTRAINT", table -> table.dropConstraint("positive"));
        changes.put("UNSET TBLPROPERTIES", table -> table.unsetProperties("owner"));
        changes.put("UPGRADE PROTOCOL", table -> table.addFeatureSupport("vacuumProtocolCheck"));
        return changes;
    }

    @Test
    void sparkSeesEachChangeAsItsOwn() throws Exception {
        Path path = folder.resolve("table");
        Source base = peers.source(Operation.BASE);
        peers.tarn.create(path, base, List.of("p"), Map.of());
        peers.tarn.append(path, base);
        DeltaTable table = DeltaTable.forPath(path);
        for (Map.Entry<String, Consumer<DeltaTable>> change : changes().entrySet()) {
            change.getValue().accept(table);
            same(change.getKey(), path, peers.spark);
            assertThat(String.valueOf(peers.spark.newestHistory(path).get("operation")))
                    .isEqualTo(change.getKey().replaceAll(" (of|with|for) .*", ""));
        }
        table.append(
                peers.duckdb(),
                "SELECT 100 AS id, 5000000000 AS \"a number\", {'z': 1, 'xx': 0.25} AS s, 'n' AS price, 'a' AS part");
        table.update(peers.duckdb(), Map.of("price", "'changed'"), "id % 5 = 0");
        same("writing", path, peers.spark);
        same("writing", path, peers.kernel);
        String name = SparkPeer.table(path);
        for (String statement : List.of(
                "ALTER TABLE $T RENAME COLUMN `a number` TO v",
                "ALTER TABLE $T ADD COLUMNS (s.y STRING FIRST, more MAP<STRING, INT>)",
                "ALTER TABLE $T DROP COLUMN added",
                "ALTER TABLE $T ALTER COLUMN s.z TYPE DECIMAL(22,1)",
                "ALTER TABLE $T ADD CONSTRAINT few CHECK (size(more) < 3 OR more IS NULL)",
                "ALTER TABLE $T DROP CONSTRAINT few",
                "ALTER TABLE $T ADD CONSTRAINT small CHECK (id < 1000)",
                "INSERT INTO $T (id, v, more) VALUES (101, 7, map('k', 1))",
                "DELETE FROM $T WHERE id = 3")) {
            peers.session().sql(statement.replace("$T", name));
            same(statement, path, peers.spark);
        }
        table.append(peers.duckdb(), "SELECT 102 AS id, 1 AS v, {'y': 'new'} AS s, MAP {'a': 2} AS more");
        table.addColumn("last", Primitive.INTEGER);
        same("both", path, peers.spark);
        assertThat(peers.tarn.read(path).size()).isEqualTo(26);
    }

    private void same(String after, Path path, Reader reader) throws Exception {
        assertThat(peers.tarn.read(path).difference(reader.read(path)))
                .as("%s after %s", reader.name(), after)
                .isEmpty();
    }

    /** A constraint holds for a row here if and only if it does in Spark. */
    @Test
    void constraintsMeanWhatTheyMeanInSpark() throws Exception {
        List<String> rows = List.of(
                "(7, 8L, 1.5D, 0.1F, 1.50BD, 'ä€', true, DATE'2024-02-29', named_struct('x', 3))",
                "(-7, 922337203685477580L, double('NaN'), -0.0F, 0.05BD, '', false, DATE'0001-01-01', named_struct('x', NULL))",
                "(0, -1L, double('-Infinity'), float('NaN'), -99999999.99BD, 'a%b_', NULL, NULL, NULL)",
                "(NULL, NULL, NULL, NULL, NULL, NULL, true, DATE'9999-12-31', named_struct('x', 5))",
                "(2147483, 16777217L, 0.1D, 16777216F, 0.10BD, 'Z', false, DATE'1970-01-01', named_struct('x', -2147483648))");
        String columns =
                "i INT, l BIGINT, d DOUBLE, f FLOAT, dc DECIMAL(10,2), t STRING, b BOOLEAN, day DATE, s STRUCT<x: INT>";
        List<String> conditions = List.of(
                "i > 0",
                "i <> -7 AND l >= 8",
                "NOT (i = 7 OR l IS NULL)",
                "i + 1 > i",
                "i * 2 - l < 100 OR b",
                "i % 4 = -3 OR i % 4 = 3",
                "i / 2 = 3.5",
                "-i < 1",
                "d > 1",
                "d = d",
                "f >= 0",
                "f = 0.1",
                "f < d",
                "dc = 0.1 OR dc = 1.5",
                "d = 0.1",
                "d <= dc",
                "dc * dc > 0.0025 AND dc + 0.001 < 2",
                "l = 922337203685477580",
                "l < 16777217.5",
                "t = 'ä€' OR t = ''",
                "t > 'A'",
                "length(t) = 2",
                "t LIKE 'a%' OR t LIKE '_€'",
                "t NOT LIKE '%%'",
                "t IN ('Z', 'ä€', NULL)",
                "i NOT IN (1, 2, 7)",
                "i BETWEEN -7 AND 7",
                "l NOT BETWEEN 0 AND 10",
                "b",
                "NOT b",
                "b IS NOT TRUE",
                "b = (i > 0)",
                "day > '1999-12-31'",
                "day IN ('2024-02-29', '1970-01-01')",
                "day BETWEEN DATE '0001-01-01' AND DATE '2000-01-01'",
                "s.x IS NULL",
                "s.x > 0 AND s IS NOT NULL",
                "i <=> NULL",
                "isnull(t) OR isnotnull(day)",
                "1e1 > i");
        List<String> questions =
                conditions.stream().map(each -> "(" + each + ") IS TRUE").toList();
        for (String row : rows) {
            Path path = folder.resolve("row" + rows.indexOf(row));
            String name = SparkPeer.table(path);
            peers.session().sql("CREATE TABLE " + name + " (" + columns + ") USING delta");
            peers.session().sql("INSERT INTO " + name + " VALUES " + row);
            Row spark = peers.session()
                    .sql("SELECT " + String.join(", ", questions) + " FROM " + name)
                    .first();
            DeltaTable table = DeltaTable.forPath(path);
            for (int i = 0; i < conditions.size(); i++) {
                assertThat(holds(table, conditions.get(i)))
                        .as("%s for %s", conditions.get(i), row)
                        .isEqualTo(spark.getBoolean(i));
            }
        }
    }

    private static boolean holds(DeltaTable table, String condition) {
        try {
            table.addConstraint("c", condition);
        } catch (LakeException refusal) {
            assertThat(refusal.kind()).as(condition).isEqualTo(LakeException.Kind.CONSTRAINT);
            return false;
        }
        table.dropConstraint("c");
        return true;
    }
}
