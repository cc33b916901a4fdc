package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeWideningTest {
    private static final String PROTOCOL =
            FeatureSupportTest.features("typeWidening timestampNtz", "typeWidening timestampNtz");

    @AutoClose
    final TestTable table;

    final LogFixture log;

    TypeWideningTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    private static DeltaField changed(String name, String from, String to) {
        DeltaType type = SchemaJson.simple(to).orElseThrow();
        return new DeltaField(
                name, type, true, Map.of("delta.typeChanges", List.of(Map.of("fromType", from, "toType", to))));
    }

    private void copy(String name, String query) throws Exception {
        table.duck()
                .run("COPY (" + query + ") TO '" + table.path().resolve(name)
                        + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
    }

    /** Values of both types are read, alone and in nested types, and filters on them miss no row. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            byte;         short;          (-128)::TINYINT;          300::SMALLINT
            byte;         integer;        127::TINYINT;             100000::INTEGER
            short;        integer;        (-32768)::SMALLINT;       100000::INTEGER
            integer;      long;           (-2147483648)::INTEGER;   9223372036854775807::BIGINT
            byte;         double;         7::TINYINT;               7.5::DOUBLE
            integer;      double;         2147483647::INTEGER;      1e300::DOUBLE
            float;        double;         0.1::FLOAT;               0.1::DOUBLE
            float;        double;         'nan'::FLOAT;             '-inf'::DOUBLE
            date;         timestamp_ntz;  DATE '1500-02-28';        TIMESTAMP '2020-01-01 10:00:00.123456'
            decimal(5,2); decimal(10,4);  (-999.99)::DECIMAL(5,2);  123456.7891::DECIMAL(10,4)
            decimal(5,2); decimal(38,10); 1.25::DECIMAL(5,2);       1234567890123456789012345678.0123456789::DECIMAL(38,10)
            integer;      decimal(12,2);  2147483647::INTEGER;      1234567890.25::DECIMAL(12,2)
            short;        decimal(10,0);  (-7)::SMALLINT;           1234567890::DECIMAL(10,0)
            long;         decimal(22,2);  (-9223372036854775807)::BIGINT; 12345678901234567890.25::DECIMAL(22,2)
            """)
    void olderFilesAreWidened(String from, String to, String narrow, String wide) throws Exception {
        copy(
                "old.parquet",
                "SELECT " + narrow + " AS v, {'a': " + narrow + "} AS s, [" + narrow + ", NULL] AS l, MAP {" + narrow
                        + ": " + narrow + "} AS m");
        copy(
                "new.parquet",
                "SELECT " + wide + " AS v, {'a': " + wide + "} AS s, [" + wide + ", NULL] AS l, MAP {" + wide + ": "
                        + wide + "} AS m");
        DeltaType type = SchemaJson.simple(to).orElseThrow();
        DeltaType.Struct schema = new DeltaType.Struct(List.of(
                changed("v", from, to),
                new DeltaField("s", new DeltaType.Struct(List.of(changed("a", from, to)))),
                new DeltaField("l", new DeltaType.Array(type, true)),
                new DeltaField("m", new DeltaType.MapOf(type, type, true))));
        log.commit(
                0,
                PROTOCOL,
                LogFixture.metadata(schema, List.of()),
                LogFixture.add("old.parquet", 1),
                LogFixture.add("new.parquet", 1));

        String cast = "CAST(" + narrow + " AS " + type.duckSql() + ")";
        String expected = "SELECT x AS v, {'a': x} AS s, [x, NULL] AS l, MAP {x: x} AS m FROM (VALUES (" + cast + "), ("
                + wide + ")) t(x)";
        assertThat(table.duck().difference(table.sql(), expected)).isEqualTo("0|0");
        assertThat(table.columns()).isEqualTo(table.duck().columns(expected));
        for (String value : List.of(cast, wide)) {
            for (String operator : List.of("=", "<", ">", "<=", ">=")) {
                String where = " WHERE v " + operator + " " + value;
                assertThat(table.duck().value("SELECT count(*) FROM (" + table.sql() + ")" + where))
                        .as(where)
                        .isEqualTo(table.duck().value("SELECT count(*) FROM (" + expected + ")" + where));
            }
        }
    }

    @Test
    void partitionValuesAreWidened() throws Exception {
        copy("a.parquet", "SELECT 1 AS id");
        DeltaType.Struct schema = new DeltaType.Struct(
                List.of(new DeltaField("id", DeltaType.Primitive.INTEGER), changed("p", "date", "timestamp_ntz")));
        log.commit(
                0,
                PROTOCOL,
                LogFixture.metadata(schema, List.of("p")),
                LogFixture.add("a.parquet", 1)
                        .replace("\"partitionValues\":{}", "\"partitionValues\":{\"p\":\"2020-02-29\"}"));

        assertThat(table.rows()).containsExactly("1|2020-02-29 00:00:00");
    }

    @ParameterizedTest
    @CsvSource({
        "long, integer",
        "long, double",
        "double, float",
        "integer, string",
        "date, timestamp",
        "integer, 'decimal(9,0)'",
        "long, 'decimal(20,2)'",
        "'decimal(10,2)', 'decimal(11,4)'",
        "integer, interval"
    })
    void otherChangesAreRefused(String from, String to) throws Exception {
        DeltaField field = new DeltaField(
                "v",
                DeltaType.Primitive.STRING,
                true,
                Map.of("delta.typeChanges", List.of(Map.of("fromType", from, "toType", to, "fieldPath", "element"))));
        DeltaType.Struct schema = new DeltaType.Struct(
                List.of(new DeltaField("l", new DeltaType.Array(new DeltaType.Struct(List.of(field)), true))));
        log.commit(0, PROTOCOL, LogFixture.metadata(schema, List.of()));

        assertThatThrownBy(table.delta()::snapshot)
                .hasMessage(
                        "Table '" + table.path() + "' cannot be read, because it uses the change of column 'v' from '"
                                + from + "' to '" + to + "', which is no widening that the protocol knows.");
    }
}
