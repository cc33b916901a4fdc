package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads tables whose data files other programs wrote. */
class ForeignFilesTest {
    private static final String OLD_CALENDAR = ", KV_METADATA {'org.apache.spark.legacyDateTime': ''}";

    private static final String HEADERS =
            "{\"name\":\"headers\",\"type\":{\"type\":\"map\",\"keyType\":\"string\",\"valueType\":\"binary\","
                    + "\"valueContainsNull\":true},\"nullable\":true,\"metadata\":{}}";

    private static final String PAIR = "{\"type\":\"struct\",\"fields\":["
            + "{\"name\":\"t\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}},"
            + "{\"name\":\"b\",\"type\":\"binary\",\"nullable\":true,\"metadata\":{}}]}";

    private static final String[] TEXT_AND_BYTES = {
        "t string",
        "b binary",
        "{\"name\":\"s\",\"type\":" + PAIR + ",\"nullable\":true,\"metadata\":{}}",
        "{\"name\":\"l\",\"type\":{\"type\":\"array\",\"elementType\":" + PAIR
                + ",\"containsNull\":true},\"nullable\":true,\"metadata\":{}}",
        HEADERS.replace("headers", "m")
    };

    @AutoClose
    final TestTable table;

    final LogFixture log;

    ForeignFilesTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    private void copy(String query, Path file, String options) throws SQLException {
        table.duck()
                .run("COPY (" + query + ") TO " + SqlText.literal(file.toString()) + " (FORMAT parquet" + options
                        + ")");
    }

    /** Makes a table of one file. */
    private void commit(String query, String options, String... columns) throws Exception {
        copy(query, table.path().resolve("a.parquet"), options);
        log.commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{}", columns), LogFixture.add("a.parquet", 1));
    }

    private void assertRefused(String why) {
        assertThatThrownBy(table::sql)
                .isInstanceOfSatisfying(LakeException.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED_FEATURE);
                    assertThat(refusal.help()).isEqualTo("Rewrite the table with Spark.");
                })
                .hasMessage("Table '" + table.path() + "' cannot be read, because its data file '"
                        + table.path().resolve("a.parquet") + "' " + why + ".");
    }

    private static void copyResource(String name, Path target) throws IOException {
        try (var in = ForeignFilesTest.class.getResourceAsStream(name)) {
            assertThat(in).isNotNull();
            Files.copy(in, target);
        }
    }

    private static String int96Schema() {
        DeltaType time = DeltaType.Primitive.TIMESTAMP;
        DeltaType number = DeltaType.Primitive.INTEGER;
        DeltaType.Struct schema = new DeltaType.Struct(List.of(
                new DeltaField("id", number),
                new DeltaField("t", time),
                new DeltaField(
                        "s", new DeltaType.Struct(List.of(new DeltaField("a", time), new DeltaField("n", number)))),
                new DeltaField("l", new DeltaType.Array(time, true)),
                new DeltaField("m", new DeltaType.MapOf(DeltaType.Primitive.STRING, time, true))));
        return LogFixture.metadata(schema, List.of());
    }

    @Test
    void encodedAndAbsolutePathsAreRead() throws Exception {
        Path inside = Files.createDirectories(table.path().resolve("p=a%20b")).resolve("s p+é.parquet");
        Path outside = table.path().resolveSibling("out side.parquet");
        table.duck().run("COPY (SELECT 1 AS id) TO '" + inside + "' (FORMAT parquet)");
        table.duck().run("COPY (SELECT 2 AS id) TO '" + outside + "' (FORMAT parquet)");
        log.commit(
                0,
                LogFixture.PROTOCOL,
                LogFixture.metadata("{}", "id integer"),
                LogFixture.add("p=a%2520b/s%20p+%C3%A9.parquet", 1),
                LogFixture.add(outside.toUri().toString(), 1));

        assertThat(table.rows()).containsExactly("1", "2");
        assertThat(table.columns()).containsExactly("id INTEGER");
        assertThat(table.newest().numRecords()).isEmpty();
    }

    /** As delta-rs removes what Spark added: without its rows, which are in the file that replaced it. */
    @Test
    void aFileIsRemovedUnderAnotherSpellingOfItsPath() throws Exception {
        copy("SELECT 1 AS id", table.path().resolve("p=ü %41.parquet"), "");
        copy("SELECT 2 AS id", table.path().resolve("b.parquet"), "");
        log.commit(
                0,
                LogFixture.PROTOCOL,
                LogFixture.metadata("{}", "id integer"),
                LogFixture.add("p=ü%20%2541.parquet", 1));
        log.commit(
                1,
                "{\"remove\":{\"path\":\"p=%C3%BC%20%2541.parquet\",\"deletionTimestamp\":1,\"dataChange\":true}}",
                LogFixture.add("b.parquet", 1));

        assertThat(table.rows()).containsExactly("2");
    }

    @Test
    void filesWithOtherColumnsAreReadByName() throws Exception {
        table.duck()
                .run("COPY (SELECT 1 AS extra, 10::INTEGER AS ID) TO '" + table.path()
                        + "/a.parquet' (FORMAT parquet)");
        table.duck()
                .run("COPY (SELECT {'y': 'z'} AS s, 20::BIGINT AS id) TO '" + table.path()
                        + "/b.parquet' (FORMAT parquet)");
        String struct = "{\"name\":\"s\",\"type\":{\"type\":\"struct\",\"fields\":["
                + "{\"name\":\"x\",\"type\":\"date\",\"nullable\":true,\"metadata\":{}},"
                + "{\"name\":\"y\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]},"
                + "\"nullable\":true,\"metadata\":{}}";
        log.commit(
                0,
                LogFixture.PROTOCOL,
                LogFixture.metadata("{}", "id long", struct, "t timestamp"),
                LogFixture.add("a.parquet", 1),
                LogFixture.add("b.parquet", 1));

        assertThat(table.rows()).containsExactly("10|null|null", "20|{'x': NULL, 'y': z}|null");
        assertThat(table.columns())
                .containsExactly("id BIGINT", "s STRUCT(x DATE, y VARCHAR)", "t TIMESTAMP WITH TIME ZONE");
    }

    @Test
    void oldTimestampsOfSparkAreReadInUtc() throws Exception {
        String name = "part-00000-spark.snappy.parquet";
        copyResource("/int96/" + name, table.path().resolve(name));
        log.commit(0, LogFixture.PROTOCOL, int96Schema(), LogFixture.add(name, 1));
        table.duck().run("SET TimeZone = 'Asia/Kolkata'");
        table.write(
                "SELECT 5::INTEGER AS id, TIMESTAMPTZ '2000-01-01 00:00:00+00' AS t, NULL AS s, NULL AS l, NULL AS m",
                APPEND);

        String read = table.sql();
        assertThat(table.duck().columns(read))
                .containsExactly(
                        "id INTEGER",
                        "t TIMESTAMP WITH TIME ZONE",
                        "s STRUCT(a TIMESTAMP WITH TIME ZONE, n INTEGER)",
                        "l TIMESTAMP WITH TIME ZONE[]",
                        "m MAP(VARCHAR, TIMESTAMP WITH TIME ZONE)");
        assertThat(table.duck()
                        .rows("SELECT id, epoch_us(t), epoch_us(s.a), s.n, list_transform(l, lambda x: epoch_us(x)),"
                                + " epoch_us(m['k']), cardinality(m) FROM (" + read + ") ORDER BY id"))
                .containsExactly(
                        "1|1709200800123456|1709200800123456|1|[1709200800123456, NULL]|1709200800123456|1",
                        "2|null|null|null|[]|null|0",
                        "3|-1|null|2|null|null|null",
                        "4|-62135596800000000|-1|3|[-1]|null|1",
                        "5|946684800000000|null|null|null|null|null");
    }

    @ParameterizedTest
    @CsvSource({
        "x*.parquet, x*.parquet",
        "x?.parquet, x%3F.parquet",
        "x[1].parquet, x%5B1%5D.parquet",
        "x[!a].parquet, x[!a].parquet",
        "*/**/x1.parquet, */**/x1.parquet"
    })
    void nameOfAFileIsNoPattern(String name, String logged) throws Exception {
        Path file = table.path().resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.createDirectories(table.path().resolve("p/p"));
        for (String other : List.of("x1.parquet", "x*y.parquet", "p/x1.parquet", "p/p/x1.parquet")) {
            copy("SELECT 666 AS id, DATE '2020-01-01' AS d", table.path().resolve(other), OLD_CALENDAR);
        }
        copy("SELECT 1 AS id, DATE '2020-01-01' AS d", file, "");
        DeltaType.Struct schema = new DeltaType.Struct(List.of(
                new DeltaField("id", DeltaType.Primitive.INTEGER),
                new DeltaField("d", DeltaType.Primitive.DATE),
                new DeltaField("p", DeltaType.Primitive.STRING)));
        String add = LogFixture.add(logged, 1);
        log.commit(
                0,
                LogFixture.PROTOCOL,
                LogFixture.metadata(schema, List.of("p")),
                add.replace("\"partitionValues\":{}", "\"partitionValues\":{\"p\":\"a\"}"));

        assertThat(table.rows()).containsExactly("1|2020-01-01|a");
    }

    @ParameterizedTest
    @CsvSource({
        "file:/data/a%20b/x.parquet, /data/a b/x.parquet",
        "file:/data/a b/x.parquet, /data/a b/x.parquet",
        "file:///data/p=a%2520b/x.parquet, /data/p=a%20b/x.parquet",
        "file:///data/é😀/x+y.parquet, /data/é😀/x+y.parquet",
        "file:///data/%C3%A9/[x]%.parquet, /data/é/[x]%.parquet",
        "p=a%2520b/x y.parquet, /t/p=a%20b/x y.parquet"
    })
    void pathsAreLocated(String logged, String located) throws Exception {
        AddFile file = new AddFile(
                Json.child(Json.object(LogFixture.add(logged, 1)), "add").orElseThrow());

        assertThat(file.locate(Path.of("/t"))).isEqualTo(Path.of(located));
        assertThat(file.isRemote()).isFalse();
    }

    @Test
    void fileOutsideIsReadByItsUri() throws Exception {
        Path outside = table.path().resolveSibling("é %25 😀.parquet");
        copy("SELECT 1 AS id", outside, "");
        String uri = "file://" + outside.resolveSibling("") + "/é %2525 😀.parquet";
        log.commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{}", "id integer"), LogFixture.add(uri, 1));

        assertThat(table.rows()).containsExactly("1");
    }

    /** Hive and Impala write text as bytes without the mark of text; DuckDB does so with BLOB. */
    @Test
    void bytesAreTextWhenTheTableHasNoBytes() throws Exception {
        commit(
                "SELECT encode('é\\x41') AS t, {'a': encode('ö')} AS s, [encode('ü')] AS l, MAP {encode('k'): encode('ß')} AS m",
                "",
                "t string",
                "{\"name\":\"s\",\"type\":{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":\"string\","
                        + "\"nullable\":true,\"metadata\":{}}]},\"nullable\":true,\"metadata\":{}}",
                "{\"name\":\"l\",\"type\":{\"type\":\"array\",\"elementType\":\"string\",\"containsNull\":true},"
                        + "\"nullable\":true,\"metadata\":{}}",
                "{\"name\":\"m\",\"type\":{\"type\":\"map\",\"keyType\":\"string\",\"valueType\":\"string\","
                        + "\"valueContainsNull\":true},\"nullable\":true,\"metadata\":{}}");

        assertThat(table.rows()).containsExactly("é\\x41|{'a': ö}|[ü]|{k=ß}");
        assertThat(table.duck().value("SELECT count(*) FROM (" + table.sql() + ") WHERE s.a = 'ö' AND t > 'é'"))
                .isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT encode('é') AS t, 'x'::BLOB AS b",
                "SELECT encode('é') AS T, 'x'::BLOB AS b",
                "SELECT {'t': encode('é'), 'b': 'x'::BLOB} AS s",
                "SELECT [{'b': 'x'::BLOB, 't': encode('é')}] AS l",
                "SELECT MAP {encode('é'): 'x'::BLOB} AS m",
                "SELECT 'é' AS t, [{'t': encode('é')}] AS l"
            })
    void bytesAreNotTextBesideBytes(String query) throws Exception {
        commit(query, "", TEXT_AND_BYTES);

        assertRefused("has text that is not marked as text, beside columns of bytes");
    }

    @Test
    void markedTextIsReadBesideBytes() throws Exception {
        String query = "SELECT 'é' AS t, '\\xFF'::BLOB AS b, {'t': 'x', 'b': '\\xFF'::BLOB} AS s,"
                + " [{'t': 'x', 'b': 'y'::BLOB}] AS l, MAP {'k': '\\xFF'::BLOB} AS m";
        commit(query + ", 'x'::BLOB AS extra, TIME '10:00:00' AS other", "", TEXT_AND_BYTES);

        assertThat(table.duck().difference(table.sql(), query)).isEqualTo("0|0");
    }

    @Test
    void bytesNamedAsATextElsewhereAreRead() throws Exception {
        commit(
                "SELECT 'k' AS key, 'v' AS value, MAP {'h': '\\xFF'::BLOB} AS headers",
                "",
                "key string",
                "value string",
                HEADERS);

        assertThat(table.rows()).containsExactly("k|v|{h='\\\\xFF'}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            legacyDateTime; date;          DATE '1500-01-01'
            legacyDateTime; timestamp;     TIMESTAMPTZ '1500-01-01 00:00:00+00'
            legacyINT96;    timestamp;     TIMESTAMPTZ '1500-01-01 00:00:00+00'
            """)
    void daysOfTheOldCalendarAreRefused(String key, String type, String value) throws Exception {
        commit("SELECT " + value + " AS d", OLD_CALENDAR.replace("legacyDateTime", key), "d " + type);

        assertRefused("has dates in the calendar of Spark 2, which are other days before 1582");
    }

    @Test
    void calendarDoesNotMatterWithoutDays() throws Exception {
        commit("SELECT 1 AS id", OLD_CALENDAR, "id integer");

        assertThat(table.rows()).containsExactly("1");
    }
}
