package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaType.Array;
import dev.tarn.lake.DeltaType.MapOf;
import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.DeltaType.Struct;
import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnMappingTest {
    private static final String PROTOCOL = FeatureSupportTest.versions(2, 5);

    @AutoClose
    final TestTable table;

    final LogFixture log;

    ColumnMappingTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    private static DeltaField field(String name, DeltaType type, String physical, int id) {
        return new DeltaField(
                name, type, true, Map.of("delta.columnMapping.physicalName", physical, "delta.columnMapping.id", id));
    }

    private static String metadata(String mode, List<String> partitions, DeltaField... fields) {
        Metadata metadata = Metadata.forNewTable(new Struct(List.of(fields)), partitions, 0)
                .withConfiguration(Map.of("delta.columnMapping.mode", mode));
        return Json.text(Map.of("metaData", metadata.json()));
    }

    private void copy(String name, String query, String options) throws Exception {
        table.duck()
                .run("COPY (" + query + ") TO '" + table.path().resolve(name) + "' (FORMAT parquet" + options + ")");
    }

    private void commit(String protocol, String metadata, String... adds) throws Exception {
        log.commit(0, protocol, metadata);
        log.commit(1, adds);
    }

    @Test
    void renamedDroppedAndAddedFieldsAreFoundByPhysicalName() throws Exception {
        // First (a, s(x, y), l(q), m(k -> w)); then a was renamed, s.y dropped and added again with another type.
        copy(
                "old.parquet",
                "SELECT 1 AS c1, {'c2x': 10, 'c2y': 'old'} AS c2, [{'c3q': 5}, NULL] AS c3, MAP {'k': {'c4w': 6}} AS c4,"
                        + " 'dropped' AS c5",
                "");
        copy(
                "new.parquet",
                "SELECT [{'c3q': 7}] AS c3, NULL::STRUCT(c2x INTEGER, c2z INTEGER) AS c2, 2 AS c1, DATE '2020-01-01' AS c6",
                "");
        commit(
                PROTOCOL,
                metadata(
                        "name",
                        List.of(),
                        field("b", Primitive.INTEGER, "c1", 1),
                        field(
                                "S",
                                new Struct(List.of(
                                        field("y", Primitive.INTEGER, "c2z", 8),
                                        field("x 1", Primitive.LONG, "c2x", 9))),
                                "c2",
                                2),
                        field(
                                "l",
                                new Array(new Struct(List.of(field("a", Primitive.INTEGER, "c3q", 10))), true),
                                "c3",
                                3),
                        field(
                                "m",
                                new MapOf(
                                        Primitive.STRING,
                                        new Struct(List.of(field("v", Primitive.INTEGER, "c4w", 11))),
                                        true),
                                "c4",
                                4),
                        field("a", Primitive.DATE, "c6", 6)),
                LogFixture.add("old.parquet", 1),
                LogFixture.add("new.parquet", 1));

        assertThat(table.rows())
                .containsExactly(
                        "1|{'y': NULL, 'x 1': 10}|[{'a': 5}, NULL]|{k={'v': 6}}|null",
                        "2|null|[{'a': 7}]|null|2020-01-01");
        assertThat(table.columns())
                .containsExactly(
                        "b INTEGER",
                        "S STRUCT(y INTEGER, \"x 1\" BIGINT)",
                        "l STRUCT(a INTEGER)[]",
                        "m MAP(VARCHAR, STRUCT(v INTEGER))",
                        "a DATE");
        assertThat(table.duck().rows("SELECT a FROM (" + table.sql() + ") WHERE S.\"x 1\" = 10 AND b = 1"))
                .containsExactly("null");
    }

    @Test
    void fieldsAreFoundByIdWhateverTheirNamesAre() throws Exception {
        copy(
                "a.parquet",
                "SELECT 1 AS b, 2 AS a, {'q': 3, 'p': 4} AS s, [{'e': 5}] AS l",
                ", FIELD_IDS {b: 1, a: 2, s: {__duckdb_field_id: 3, q: 4, p: 5},"
                        + " l: {__duckdb_field_id: 6, element: {e: 7}}}");
        copy(
                "b.parquet",
                "SELECT {'p': 30, 'q': 40} AS z, 10 AS a, 20 AS b",
                ", FIELD_IDS {a: 1, b: 2, z: {__duckdb_field_id: 3, p: 4, q: 50}}");
        commit(
                PROTOCOL,
                metadata(
                        "id",
                        List.of(),
                        field("a", Primitive.INTEGER, "a", 1),
                        field("b", Primitive.INTEGER, "b", 2),
                        field(
                                "s",
                                new Struct(List.of(
                                        field("p", Primitive.INTEGER, "p", 4), field("q", Primitive.INTEGER, "q", 5))),
                                "s",
                                3),
                        field(
                                "l",
                                new Array(new Struct(List.of(field("e", Primitive.INTEGER, "e", 7))), true),
                                "l",
                                6)),
                LogFixture.add("a.parquet", 1),
                LogFixture.add("b.parquet", 1));

        assertThat(table.rows()).containsExactly("1|2|{'p': 3, 'q': 4}|[{'e': 5}]", "10|20|{'p': 30, 'q': NULL}|null");
    }

    @Test
    void fileWithoutIdsIsRefusedWhereTheyCount() throws Exception {
        copy("a.parquet", "SELECT 1 AS a", "");
        commit(
                PROTOCOL,
                metadata("id", List.of(), field("a", Primitive.INTEGER, "a", 1)),
                LogFixture.add("a.parquet", 1));

        assertThatThrownBy(table::sql)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED_FEATURE))
                .hasMessage("Table '" + table.path() + "' cannot be read, because its data file '"
                        + table.path().resolve("a.parquet")
                        + "' has no field ids, by which the table finds its columns.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "id"})
    void fileWithNoneOfTheFieldsHasAsManyRows(String mode) throws Exception {
        copy(
                "a.parquet",
                "SELECT {'a': [range]} AS dropped, CASE WHEN range > 0 THEN {'x': range} END AS s FROM range(3)",
                ", FIELD_IDS {dropped: 1, s: {__duckdb_field_id: 2, x: 3}}");
        DeltaField added = field("n", Primitive.STRING, "added", 9);
        commit(
                PROTOCOL,
                metadata(mode, List.of(), added, field("s", new Struct(List.of(added)), "s", 2)),
                LogFixture.add("a.parquet", 1));
        log.commit(2, PROTOCOL, metadata(mode, List.of(), added));

        // A NULL stays one, and a value stays a value although all that the table has of it is NULL.
        assertThat(table.rows(table.delta().snapshot(1)))
                .containsExactly("null|{'n': NULL}", "null|{'n': NULL}", "null|null");
        assertThat(table.rows()).containsExactly("null", "null", "null");
    }

    @Test
    void partitionValuesHavePhysicalNames() throws Exception {
        copy("a.parquet", "SELECT 1 AS c1", "");
        copy("b.parquet", "SELECT 2 AS c1", "");
        String add = LogFixture.add("a.parquet", 1);
        commit(
                PROTOCOL,
                metadata(
                        "name",
                        List.of("p"),
                        field("id", Primitive.INTEGER, "c1", 1),
                        field("p", Primitive.DATE, "col-p", 2),
                        field("col-p", Primitive.INTEGER, "c3", 3)),
                add.replace("\"partitionValues\":{}", "\"partitionValues\":{\"col-p\":\"2020-02-29\"}"),
                add.replace("a.parquet", "b.parquet")
                        .replace("\"partitionValues\":{}", "\"partitionValues\":{\"col-p\":null}"));

        assertThat(table.rows()).containsExactly("1|2020-02-29|null", "2|null|null");
    }

    @Test
    void ownFileIsNotReadAsItIsWhenNamesWereSwapped() throws Exception {
        table.write("SELECT 1 AS a, 2 AS b");
        String before = table.newest().state().metadata().fileSchema();
        log.commit(
                1,
                PROTOCOL,
                metadata(
                        "name",
                        List.of(),
                        field("a", Primitive.INTEGER, "b", 2),
                        field("b", Primitive.INTEGER, "a", 1)));

        assertThat(table.rows()).containsExactly("2|1");
        assertThat(table.rows(table.delta().snapshot(0))).containsExactly("1|2");

        log.commit(
                2,
                metadata(
                        "name",
                        List.of(),
                        field("b", Primitive.INTEGER, "a", 1),
                        field("a", Primitive.INTEGER, "b", 2)));
        assertThat(table.newest().state().metadata().fileSchema()).isEqualTo(before);
        assertThat(table.sql()).doesNotContain("schema = MAP");
        assertThat(table.rows()).containsExactly("1|2");
        assertThat(table.columns()).containsExactly("b INTEGER", "a INTEGER");
    }

    @Test
    void ownFileIsReadAsItIsWhenFieldsWereRenamed() throws Exception {
        table.write("SELECT {'x': 1, 'y': 'a'} AS s, 7 AS file_row_number");
        log.commit(
                1,
                FeatureSupportTest.features("columnMapping deletionVectors", "columnMapping deletionVectors"),
                metadata(
                        "name",
                        List.of(),
                        field(
                                "t",
                                new Struct(List.of(
                                        field("y", Primitive.INTEGER, "x", 2), field("x", Primitive.STRING, "y", 3))),
                                "s",
                                1),
                        field("n", Primitive.INTEGER, "file_row_number", 4)));

        assertThat(table.sql()).doesNotContain("schema = MAP");
        assertThat(table.rows()).containsExactly("{'y': 1, 'x': a}|7");
        assertThat(table.columns()).containsExactly("t STRUCT(y INTEGER, x VARCHAR)", "n INTEGER");

        String add = Files.readAllLines(log.commitPath(0)).stream()
                .filter(line -> line.startsWith("{\"add\""))
                .findFirst()
                .orElseThrow();
        String vector = VectorFixture.inline(VectorFixture.rows(0), false);
        log.commit(
                2,
                "{\"remove\":{\"path\":\"" + add.replaceAll(".*\"path\":\"([^\"]+)\".*", "$1") + "\"}}",
                add.replace("{\"path\"", "{\"deletionVector\":" + vector + ",\"path\""));
        assertThat(table.rows()).isEmpty();
    }

    @Test
    void oldTimestampsAreReadByTheirFooter() throws Exception {
        try (var in = getClass().getResourceAsStream("/int96/part-00000-spark.snappy.parquet")) {
            assertThat(in).isNotNull();
            Files.copy(in, table.path().resolve("a.parquet"));
        }
        table.duck().run("SET TimeZone = 'Asia/Kolkata'");
        commit(
                PROTOCOL,
                metadata(
                        "name",
                        List.of(),
                        field("number", Primitive.INTEGER, "id", 1),
                        field("time", Primitive.TIMESTAMP, "t", 2),
                        field("l", new Array(Primitive.TIMESTAMP, true), "l", 3)),
                LogFixture.add("a.parquet", 1));

        assertThat(table.duck()
                        .rows("SELECT number, epoch_us(time), list_transform(l, lambda x: epoch_us(x)) FROM ("
                                + table.sql() + ") ORDER BY 1"))
                .containsExactly(
                        "1|1709200800123456|[1709200800123456, NULL]",
                        "2|null|[]",
                        "3|-1|null",
                        "4|-62135596800000000|[-1]");
    }

    @Test
    void unmarkedTextIsRefusedBesideBytes() throws Exception {
        copy("a.parquet", "SELECT encode('é') AS c1, 'x'::BLOB AS c2", "");
        commit(
                PROTOCOL,
                metadata(
                        "name",
                        List.of(),
                        field("t", Primitive.STRING, "c1", 1),
                        field("b", Primitive.BINARY, "c2", 2)),
                LogFixture.add("a.parquet", 1));
        assertThatThrownBy(table::sql)
                .hasMessageContaining("has text that is not marked as text, beside columns of bytes");

        log.commit(2, metadata("name", List.of(), field("t", Primitive.STRING, "c1", 1)));
        assertThat(table.rows()).containsExactly("é");
    }

    @ParameterizedTest
    @ValueSource(strings = {"delta.columnMapping.physicalName", "delta.columnMapping.id"})
    void incompleteSchemaIsDamaged(String key) throws Exception {
        DeltaField inner = new DeltaField("x", Primitive.INTEGER, true, Map.of(key, key.endsWith("id") ? 7 : "c"));
        commit(
                PROTOCOL,
                metadata("name", List.of(), field("a", new Array(new Struct(List.of(inner)), true), "c1", 1)),
                "{\"commitInfo\":{}}");

        assertThatThrownBy(table.delta()::snapshot)
                .hasMessage("The schema in the log of table '" + table.path() + "' is damaged: column 'a.element.x' has"
                        + " no physical name or id, which the column mapping needs.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "id", "hash"})
    void unknownOrUnsupportedModeIsRefused(String mode) throws Exception {
        String protocol = mode.equals("hash") ? PROTOCOL : FeatureSupportTest.features("timestampNtz", "timestampNtz");
        commit(protocol, metadata(mode, List.of(), field("a", Primitive.INTEGER, "c1", 1)), "{\"commitInfo\":{}}");

        assertThatThrownBy(table.delta()::snapshot)
                .hasMessage("Table '" + table.path()
                        + "' cannot be read, because it uses feature 'columnMapping' (mode '" + mode + "').");
    }
}
