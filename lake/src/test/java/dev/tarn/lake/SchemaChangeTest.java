package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaType.Decimal;
import dev.tarn.lake.DeltaType.Primitive;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaChangeTest {
    private static final Map<String, String> MAPPED = Map.of("delta.columnMapping.mode", "name");

    @AutoClose
    final TestTable table;

    private DeltaTable delta;

    SchemaChangeTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
    }

    @BeforeEach
    void create() throws Exception {
        table.write(
                "SELECT 1 AS id, {'x': 1, 'y': 'a'} AS s, [{'q': 1}] AS l, MAP {'k': {'w': 1}} AS m, 'p1' AS p",
                TestTable.APPEND.withPartitionBy(java.util.List.of("p")));
        delta = table.delta();
    }

    private void assertRefused(String message, ThrowingCallable work) {
        long version = delta.newestVersion().orElseThrow();
        assertThatThrownBy(work)
                .isInstanceOf(LakeException.class)
                .hasMessage(message.replace("TABLE", "table '" + table.path() + "'"));
        assertThat(table.delta().newestVersion()).hasValue(version);
    }

    private Commit newest() {
        return delta.history(1).get(0);
    }

    @Test
    void addedColumnsAreNullInOldRows() throws Exception {
        assertThat(delta.addColumn("n", Primitive.INTEGER)).isEqualTo(1);
        delta.addColumn("first", Primitive.STRING, ColumnPlace.first(), "it comes first");
        delta.addColumn("s.z", Primitive.DOUBLE, ColumnPlace.after("x"));
        delta.addColumn("l.element.r", Primitive.DATE);
        delta.addColumn("m.value.v", new DeltaType.Array(Primitive.LONG, true), ColumnPlace.first());

        assertThat(table.columns())
                .containsExactly(
                        "first VARCHAR",
                        "id INTEGER",
                        "s STRUCT(x INTEGER, z DOUBLE, y VARCHAR)",
                        "l STRUCT(q INTEGER, r DATE)[]",
                        "m MAP(VARCHAR, STRUCT(v BIGINT[], w INTEGER))",
                        "p VARCHAR",
                        "n INTEGER");
        assertThat(table.rows())
                .containsExactly(
                        "null|1|{'x': 1, 'z': NULL, 'y': a}|[{'q': 1, 'r': NULL}]|{k={'v': NULL, 'w': 1}}|p1|null");
        table.write("SELECT 2 AS id, 7 AS n, 'p2' AS p");
        assertThat(table.rows()).hasSize(2);
        assertThat(delta.history(6).get(1).operation()).isEqualTo("ADD COLUMNS");
        assertThat(delta.history(5).get(4).parameters().get("columns"))
                .hasToString(
                        "[{\"column\":{\"name\":\"first\",\"type\":\"string\",\"nullable\":true,\"metadata\":{\"comment\":"
                                + "\"it comes first\"}},\"position\":\"FIRST\"}]");
    }

    @Test
    void columnThatCannotBeAddedIsRefused() {
        assertRefused("There is a column 'ID' already.", () -> delta.addColumn("ID", Primitive.INTEGER));
        assertRefused("There is a column 's.X' already.", () -> delta.addColumn("s.X", Primitive.INTEGER));
        assertRefused(
                "Table '" + table.path() + "' has no column 'q'.", () -> delta.addColumn("q.x", Primitive.INTEGER));
        assertRefused(
                "Table '" + table.path() + "' has no column 'l'.", () -> delta.addColumn("l.x", Primitive.INTEGER));
        assertRefused(
                "There is no column 'q' to stand after.",
                () -> delta.addColumn("n", Primitive.INTEGER, ColumnPlace.after("q")));
        assertThatThrownBy(() -> delta.addColumn("`a b`", Primitive.INTEGER)).hasMessageContaining("has a name that");
        assertRefused("'a..b' does not name a column.", () -> delta.addColumn("a..b", Primitive.INTEGER));
    }

    @Test
    void columnsAreRenamedAndDroppedWithAMapping() throws Exception {
        assertRefused(
                "Columns of TABLE cannot be renamed, because its data files know them by their names.",
                () -> delta.renameColumn("id", "number"));
        assertRefused(
                "Columns of TABLE cannot be dropped, because its data files know them by their names.",
                () -> delta.dropColumn("id"));
        delta.setProperties(MAPPED);
        assertThat(delta.snapshot().orElseThrow().properties()).containsEntry("delta.columnMapping.maxColumnId", "9");
        delta.renameColumn("id", "number");
        delta.renameColumn("s.x", "a b");
        delta.renameColumn("l.element.q", "qq");
        delta.renameColumn("p", "part");
        table.write("SELECT 2 AS number, {'a b': 2, 'y': 'b'} AS s, [{'qq': 2}] AS l, 'p2' AS part");
        delta.dropColumn("s.y");
        delta.dropColumn("m");

        assertThat(table.rows()).containsExactly("1|{'a b': 1}|[{'qq': 1}]|p1", "2|{'a b': 2}|[{'qq': 2}]|p2");
        assertThat(table.columns())
                .containsExactly(
                        "number INTEGER", "s STRUCT(\"a b\" INTEGER)", "l STRUCT(qq INTEGER)[]", "part VARCHAR");
        delta.addColumn("m", Primitive.STRING);
        delta.delete(table.duck().connection(), "number = 1");
        assertThat(table.rows()).containsExactly("2|{'a b': 2}|[{'qq': 2}]|p2|null");
        assertThat(newest().operation()).isEqualTo("DELETE");
        assertThat(delta.history(3).get(2).parameters()).isEqualTo(Map.of("columns", "[\"m\"]"));
        assertRefused("Column 's.`a b`' is the only one, so it cannot be dropped.", () -> delta.dropColumn("s.`a b`"));
        assertRefused("Column 'part' partitions the table, so it cannot be dropped.", () -> delta.dropColumn("part"));
        assertRefused("There is a column 'L' already.", () -> delta.renameColumn("number", "L"));
    }

    @Test
    void columnThatAConstraintNamesStays() throws Exception {
        delta.setProperties(MAPPED);
        delta.addConstraint("positive", "id > 0 AND s.x < 100");

        assertRefused(
                "Column 'ID' cannot be renamed, because constraint 'positive' may need it.",
                () -> delta.renameColumn("ID", "number"));
        assertRefused(
                "Column 's.x' cannot be dropped, because constraint 'positive' may need it.",
                () -> delta.dropColumn("s.x"));
        delta.dropColumn("s.y");
        delta.dropConstraint("positive");
        delta.renameColumn("id", "number");
        table.write("SELECT -1 AS number, 'p1' AS p");
        assertThat(table.rows()).hasSize(2);
    }

    @Test
    void propertyThatNamesColumnsFollowsThem() throws Exception {
        delta.setProperties(MAPPED);
        delta.setProperties(Map.of("delta.dataSkippingStatsColumns", "id,s.x,s.y"));
        delta.renameColumn("s.x", "z z");
        delta.dropColumn("id");

        assertThat(delta.snapshot().orElseThrow().properties())
                .containsEntry("delta.dataSkippingStatsColumns", "s.`z z`,s.y");
        table.write("SELECT {'z z': 5, 'y': 'b'} AS s, 'p1' AS p");
        assertThat(table.newest().state().fileList().get(1).statistics().toString())
                .contains("x=5", "y=b")
                .doesNotContain("q=");
        delta.dropColumn("s.y");
        delta.setProperties(Map.of("delta.dataSkippingStatsColumns", "s"));
        assertRefused(
                "Table '" + table.path() + "' has no column 'nothing'.",
                () -> delta.setProperties(Map.of("delta.dataSkippingStatsColumns", "s,nothing")));
    }

    @Test
    void typesBecomeWider() throws Exception {
        assertRefused(
                "The type of column 'id' cannot be changed, because TABLE does not allow it.",
                () -> delta.widenType("id", Primitive.LONG));
        delta.setProperties(Map.of("delta.enableTypeWidening", "true"));
        delta.widenType("id", Primitive.LONG);
        delta.widenType("s.x", new Decimal(12, 2));
        delta.widenType("l.element.q", Primitive.DOUBLE);
        delta.addColumn(
                "numbers", new DeltaType.MapOf(Primitive.STRING, new DeltaType.Array(Primitive.BYTE, true), true));
        delta.widenType("numbers.value.element", Primitive.INTEGER);
        table.write(
                "SELECT 3000000000 AS id, {'x': 0.25} AS s, [{'q': 0.5::DOUBLE}] AS l, MAP {'a': [1000]} AS numbers, 'p1' AS p");

        assertThat(table.rows())
                .containsExactly(
                        "1|{'x': 1.00, 'y': a}|[{'q': 1.0}]|{k={'w': 1}}|p1|null",
                        "3000000000|{'x': 0.25, 'y': NULL}|[{'q': 0.5}]|null|p1|{a=[1000]}");
        DeltaField numbers =
                delta.snapshot().orElseThrow().schema().field("numbers").orElseThrow();
        assertThat(numbers.metadata().get("delta.typeChanges"))
                .hasToString("[{toType=integer, fromType=byte, fieldPath=value.element}]");
        assertThat(table.newest().state().protocol().readerFeatures()).containsExactly("typeWidening");
        assertRefused(
                "Column 'id' of the type 'bigint' cannot become 'int'.",
                () -> delta.widenType("id", Primitive.INTEGER));
        assertRefused(
                "Column 'p' of the type 'string' cannot become 'int'.", () -> delta.widenType("p", Primitive.INTEGER));
    }

    @Test
    void columnsAreMoved() throws Exception {
        delta.reorder("p", ColumnPlace.first());
        delta.reorder("s.x", ColumnPlace.after("y"));
        delta.reorder("id", ColumnPlace.last());

        assertThat(table.rows()).containsExactly("p1|{'y': a, 'x': 1}|[{'q': 1}]|{k={'w': 1}}|1");
        assertThat(newest().operation()).isEqualTo("CHANGE COLUMN");
        table.write("SELECT 2 AS id, {'x': 2, 'y': 'b'} AS s, 'p1' AS p");
        assertThat(table.rows()).contains("p1|{'y': b, 'x': 2}|null|null|2");
    }

    @Test
    void rowsOfOthersDoNotStandInTheWayButTheirChangesOfTheSchemaDo() throws Exception {
        DeltaTable other = table.delta();
        try (StagedWrite staged = table.stage("SELECT 2 AS id, 'p1' AS p", TestTable.APPEND)) {
            other.addColumn("n", Primitive.INTEGER);
            assertThatThrownBy(staged::commit)
                    .isInstanceOfSatisfying(
                            LakeException.class,
                            refusal -> assertThat(refusal.kind()).isEqualTo(LakeException.Kind.CONFLICT));
        }
        assertThat(table.rows()).hasSize(1);
    }
}
