package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowRulesTest {
    @AutoClose
    final TestTable table;

    final LogFixture log;

    RowRulesTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    private void constrained() throws Exception {
        log.commit(
                0,
                FeatureSupportTest.versions(1, 3),
                LogFixture.metadata("{\"delta.constraints.positive\":\"amount > 0\"}", "id integer", "amount integer"));
        table.write("SELECT range::INTEGER AS id, 5 AS amount FROM range(4)");
    }

    private void assertNothingWritten(Kind kind, String message, ThrowingCallable work) throws Exception {
        List<Path> before = table.dataFiles();
        long version = table.delta().newestVersion().orElseThrow();
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(kind))
                .hasMessage(message.replace("TABLE", "table '" + table.path() + "'"));
        assertThat(table.dataFiles()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(table.delta().newestVersion()).hasValue(version);
    }

    @Test
    void everyWriteIsChecked() throws Exception {
        constrained();
        Connection duckdb = table.duck().connection();
        String positive = "The constraint 'positive' (amount > 0) of TABLE does not hold for ";

        assertNothingWritten(
                Kind.CONSTRAINT,
                positive + "2 rows, for example id = 8, amount = -1.",
                () -> table.write("SELECT * FROM (VALUES (7, 1), (8, -1), (9, -1)) v(id, amount)"));
        assertNothingWritten(
                Kind.CONSTRAINT,
                positive + "1 row, for example id = 7, amount = NULL.",
                () -> table.write("SELECT 7 AS id", TestTable.OVERWRITE));
        assertNothingWritten(
                Kind.CONSTRAINT,
                positive + "1 row, for example id = 1, amount = 0.",
                () -> table.write("SELECT 1 AS id, 0 AS amount", TestTable.OVERWRITE.withReplaceWhere("id = 1")));
        assertNothingWritten(
                Kind.CONSTRAINT,
                positive + "1 row, for example id = 2, amount = -5.",
                () -> table.delta().update(duckdb, Map.of("amount", "-amount"), "id = 2"));
        assertNothingWritten(
                Kind.CONSTRAINT,
                positive + "1 row, for example id = 3, amount = 0.",
                () -> table.delta()
                        .merge(duckdb, "SELECT 3 AS id, 0 AS amount", "target.id = source.id")
                        .whenMatched()
                        .updateAll()
                        .execute());

        assertNothingWritten(
                Kind.UNSUPPORTED_FEATURE,
                "Table '" + table.path() + "' cannot be written, because it uses feature 'checkConstraints' (constraint"
                        + " 'positive': amount > 0) with something that cannot be checked here: it has 'amount', which is"
                        + " no column of the table.",
                () -> table.write("SELECT 9 AS id WHERE false", TestTable.OVERWRITE.withOverwriteSchema()));
        table.write("SELECT 9 AS id, 1 AS amount");
        table.delta().update(duckdb, Map.of("amount", "amount + 1"), "id = 9");
        table.delta().delete(duckdb, "id < 3");
        assertThat(table.rows()).containsExactly("3|5", "9|2");
    }

    @Test
    void constraintThatMayMeanSomethingElseStopsTheWriteBefore() throws Exception {
        log.commit(
                0,
                FeatureSupportTest.versions(1, 3),
                LogFixture.metadata("{\"delta.constraints.upper\":\"upper(t) = t\"}", "t string"));

        assertNothingWritten(
                Kind.UNSUPPORTED_FEATURE,
                "Table '" + table.path() + "' cannot be written, because it uses feature 'checkConstraints' (constraint"
                        + " 'upper': upper(t) = t) with something that cannot be checked here: it has the function"
                        + " 'upper'.",
                () -> table.stage("SELECT 'x' AS t", TestTable.APPEND));
    }

    @Test
    void invariantsAreChecked() throws Exception {
        String inner = "{\"name\":\"x\",\"type\":\"integer\",\"nullable\":true,\"metadata\":{\"delta.invariants\":"
                + "\"{\\\"expression\\\":{\\\"expression\\\":\\\"s.x < 10\\\"}}\"}}";
        log.commit(
                0,
                LogFixture.PROTOCOL,
                LogFixture.metadata(
                        "{}",
                        "{\"name\":\"s\",\"type\":{\"type\":\"struct\",\"fields\":[" + inner
                                + "]},\"nullable\":true,\"metadata\":{}}"));

        table.write("SELECT {'x': 1} AS s");
        assertNothingWritten(
                Kind.CONSTRAINT,
                "The invariant of column 's.x' (s.x < 10) of TABLE does not hold for 1 row, for example s = {'x': 10}.",
                () -> table.write("SELECT {'x': 10} AS s"));
    }

    @Test
    void nothingIsNullInsideOfListsAndMapsThatForbidIt() throws Exception {
        DeltaType.Struct item =
                new DeltaType.Struct(List.of(new DeltaField("q", DeltaType.Primitive.INTEGER).notNull()));
        DeltaTable.create(table.path())
                .column("l", new DeltaType.Array(DeltaType.Primitive.INTEGER, false))
                .column("m", new DeltaType.MapOf(DeltaType.Primitive.STRING, item, true))
                .orReplace()
                .create();

        table.write(
                "SELECT [1] AS l, MAP {'a': {'q': 1}, 'b': NULL} AS m UNION ALL SELECT [], NULL UNION ALL SELECT NULL, MAP {}");
        assertNothingWritten(
                Kind.NOT_NULL,
                "The column 'l.element' has NULLs in 1 row, which the schema of TABLE forbids, for example l = [1, NULL],"
                        + " m = NULL.",
                () -> table.write("SELECT [1, NULL] AS l"));
        assertNothingWritten(
                Kind.NOT_NULL,
                "The column 'm.value.q' has NULLs in 1 row, which the schema of TABLE forbids, for example l = NULL, m ="
                        + " {a={'q': NULL}}.",
                () -> table.write("SELECT MAP {'a': {'q': NULL::INTEGER}} AS m"));
        assertThat(table.rows()).hasSize(3);
    }

    private static String column(String name, String type, String metadata) {
        return "{\"name\":\"" + name + "\",\"type\":\"" + type + "\",\"nullable\":true,\"metadata\":{" + metadata
                + "}}";
    }

    @Test
    void textsAreAsLongAsTheirTypesSay() throws Exception {
        log.commit(
                0,
                LogFixture.PROTOCOL,
                LogFixture.metadata(
                        "{}",
                        column("v", "string", "\"__CHAR_VARCHAR_TYPE_STRING\":\"varchar(3)\""),
                        column("c", "string", "\"__CHAR_VARCHAR_TYPE_STRING\":\"char(2)\"")));

        table.write("SELECT 'äöü' AS v, 'ab' AS c UNION ALL SELECT NULL, NULL");
        assertNothingWritten(
                Kind.CONSTRAINT,
                "The type varchar(3) of column 'v' (length <= 3) of TABLE does not hold for 1 row, for example v = abcd, c ="
                        + " NULL.",
                () -> table.write("SELECT 'abcd' AS v"));
        assertNothingWritten(
                Kind.CONSTRAINT,
                "The type char(2) of column 'c' (length = 2) of TABLE does not hold for 1 row, for example v = NULL, c = a.",
                () -> table.write("SELECT 'a' AS c"));
    }

    @Test
    void columnsThatAreLeftOutHaveTheirDefaults() throws Exception {
        log.commit(
                0,
                FeatureSupportTest.features("", "allowColumnDefaults"),
                LogFixture.metadata(
                        "{}",
                        "id integer",
                        column("t", "string", "\"CURRENT_DEFAULT\":\"'none'\""),
                        column("n", "decimal(5,2)", "\"CURRENT_DEFAULT\":\"-1.5\""),
                        column("d", "date", "\"CURRENT_DEFAULT\":\"DATE '2024-02-29'\""),
                        column("f", "double", "\"CURRENT_DEFAULT\":\"7\""),
                        column("b", "boolean", "\"CURRENT_DEFAULT\":\"current_user() = 'x'\"")));

        table.write("SELECT 1 AS id, true AS b");
        table.delta()
                .merge(table.duck().connection(), "SELECT 2 AS id", "target.id = source.id")
                .whenNotMatched()
                .insert(Map.of("id", "source.id", "b", "false", "t", "NULL"))
                .execute();
        assertThat(table.rows())
                .containsExactly("1|none|-1.50|2024-02-29|7.0|true", "2|null|-1.50|2024-02-29|7.0|false");
        assertNothingWritten(
                Kind.UNSUPPORTED_FEATURE,
                "Column 'b' is left out and has the default 'current_user() = 'x'' (feature 'allowColumnDefaults'), which"
                        + " cannot be computed here.",
                () -> table.write("SELECT 1 AS id"));
    }

    @Test
    void rowsAreDeletedWhateverRulesThereAreForNewOnes() throws Exception {
        log.commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{}", "id integer", "g integer"));
        table.write("SELECT range::INTEGER AS id, range::INTEGER AS g FROM range(3)");
        log.commit(
                2,
                FeatureSupportTest.features("", "generatedColumns identityColumns checkConstraints"),
                LogFixture.metadata(
                        "{\"delta.constraints.c\":\"abs(id) < 10\"}",
                        column("id", "integer", "\"delta.identity.start\":1"),
                        column("g", "integer", "\"delta.generationExpression\":\"id\"")));

        table.delta().delete(table.duck().connection(), "id = 1");
        assertThat(table.rows()).containsExactly("0|0", "2|2");
        assertThatThrownBy(() -> table.delta().update(table.duck().connection(), Map.of("g", "1")))
                .hasMessageContaining(
                        "feature 'identityColumns' (column 'id'), feature 'generatedColumns' (column 'g')");
    }
}
