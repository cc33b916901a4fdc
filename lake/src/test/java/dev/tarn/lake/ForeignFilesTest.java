package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads tables whose data files other programs wrote. */
class ForeignFilesTest {
    @AutoClose
    final TestTable table;

    final LogFixture log;

    ForeignFilesTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
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
}
