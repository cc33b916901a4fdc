package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeRoundTripTest {
    @AutoClose
    final TestTable table;

    TypeRoundTripTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("t"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            BOOLEAN;                  boolean;             BOOLEAN;                  true, false, NULL
            TINYINT;                  tinyint;             TINYINT;                  (-128)::TINYINT, 127, NULL
            SMALLINT;                 smallint;            SMALLINT;                 (-32768)::SMALLINT, 32767
            INTEGER;                  int;                 INTEGER;                  (-2147483648)::INTEGER, 2147483647
            BIGINT;                   bigint;              BIGINT;                   (-9223372036854775808)::BIGINT, 9223372036854775807
            FLOAT;                    float;               FLOAT;                    'nan', '-0.0', 'inf', '-inf', 1e-45, 3.4028235e38
            DOUBLE;                   double;              DOUBLE;                   'nan', '-0.0', 'inf', '-inf', 5e-324, 1.7976931348623157e308
            DECIMAL(4,1);             decimal(4,1);        DECIMAL(4,1);             999.9, -999.9
            DECIMAL(18,3);            decimal(18,3);       DECIMAL(18,3);            999999999999999.999, 0
            DECIMAL(38,2);            decimal(38,2);       DECIMAL(38,2);            999999999999999999999999999999999999.99
            VARCHAR;                  string;              VARCHAR;                  '', ' ', 'é', '😀', 'a' || chr(0) || 'b', chr(10), repeat('é', 20000)
            BLOB;                     binary;              BLOB;                     '', '\\xFF\\x00'
            DATE;                     date;                DATE;                     '0001-01-01', '1582-10-10', '9999-12-31'
            TIMESTAMP WITH TIME ZONE; timestamp;           TIMESTAMP WITH TIME ZONE; '0001-01-01 00:00:00+00', '1582-10-10 01:02:03.000001+00', '9999-12-31 23:59:59.999999+00'
            TIMESTAMP;                timestamp_ntz;       TIMESTAMP;                '0001-01-01 00:00:00', '9999-12-31 23:59:59.999999'
            TIMESTAMP_S;              timestamp_ntz;       TIMESTAMP;                '2024-02-29 01:02:03'
            TIMESTAMP_MS;             timestamp_ntz;       TIMESTAMP;                '2024-02-29 01:02:03.004'
            UTINYINT;                 smallint;            SMALLINT;                 255
            USMALLINT;                int;                 INTEGER;                  65535
            UINTEGER;                 bigint;              BIGINT;                   4294967295
            UBIGINT;                  decimal(20,0);       DECIMAL(20,0);            18446744073709551615
            HUGEINT;                  bigint;              BIGINT;                   9223372036854775807
            UHUGEINT;                 bigint;              BIGINT;                   7
            UUID;                     string;              VARCHAR;                  '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
            JSON;                     string;              VARCHAR;                  '{"a": 1}'
            ENUM('a', 'b(''');        string;              VARCHAR;                  'a', 'b('''
            INTEGER[];                array<int>;          INTEGER[];                [], [1, NULL], NULL
            INTEGER[2];               array<int>;          INTEGER[];                [1, 2]
            STRUCT(a HUGEINT, "b c" UUID[]); struct<a:bigint,b c:array<string>>; STRUCT(a BIGINT, "b c" VARCHAR[]); {'a': 1, 'b c': []}
            """)
    void typesKeepTheirValues(String duckType, String deltaType, String readType, String values) throws Exception {
        List<String> rows = new ArrayList<>();
        table.duck().run("CREATE TABLE source (i INTEGER, v " + duckType + ")");
        table.duck()
                .run("INSERT INTO source SELECT row_number() OVER (), v FROM (SELECT unnest([" + values + "]::"
                        + duckType + "[]) AS v)");
        boolean spaceInName = duckType.contains("b c");
        if (spaceInName) {
            assertThatThrownBy(() -> table.write("FROM source")).isInstanceOf(LakeException.class);
            return;
        }

        table.write("FROM source");

        assertThat(table.newest().schema().fields().get(1).type().text()).isEqualTo(deltaType);
        assertThat(table.columns()).containsExactly("i INTEGER", "v " + readType);
        assertThat(table.duck().rows("FROM (" + table.sql() + ") ORDER BY i"))
                .isEqualTo(table.duck().rows("SELECT i, v::" + readType + " FROM source ORDER BY i"));
        assertThat(rows).isEmpty();
    }

    @Test
    void nestedNullsAreKept() throws Exception {
        String query = "SELECT * FROM (VALUES"
                + " (1, {'a': 1, 'b': {'c': 'x'}}, [{'d': 1}, NULL, {'d': NULL}], MAP {'k': [1, NULL]}),"
                + " (2, {'a': NULL, 'b': NULL}, [], MAP {}),"
                + " (3, {'a': NULL, 'b': {'c': NULL}}, [NULL], MAP {'k': NULL}),"
                + " (4, NULL, NULL, NULL)) v(id, s, l, m)";

        table.write(query);

        assertThat(table.duck().rows("FROM (" + table.sql() + ") ORDER BY id"))
                .isEqualTo(table.duck().rows(query));
        assertThat(table.columns()).isEqualTo(table.duck().columns(query));
    }

    @Test
    void sumThatOverflowsIsAnError() {
        assertThatThrownBy(() -> table.write("SELECT sum(x) AS s FROM (VALUES (9223372036854775807), (1)) v(x)"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("out of range");
        assertThat(table.delta().snapshot()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            TIME '10:00:00' AS x;               x;         TIME;                       CAST("x" AS VARCHAR)
            INTERVAL 1 DAY AS x;                x;         INTERVAL;                   CAST("x" AS VARCHAR)
            TIMESTAMP_NS '2020-01-01' AS x;     x;         TIMESTAMP_NS;               CAST("x" AS TIMESTAMP)
            '101'::BIT AS x;                    x;         BIT;                        CAST("x" AS VARCHAR)
            1::BIGNUM AS x;                     x;         BIGNUM;                     CAST("x" AS DECIMAL(38, 0))
            union_value(num := 1) AS x;         x;         UNION(num INTEGER);         CAST("x" AS VARCHAR)
            row(1, 2) AS x;                     x;         TUPLE(INTEGER, INTEGER);    CAST("x" AS VARCHAR)
            """)
    void typesThatDeltaLacksAreRefused(String expression, String column, String type, String cast) {
        assertThatThrownBy(() -> table.write("SELECT 1 AS id, " + expression))
                .isInstanceOfSatisfying(LakeException.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED_TYPE);
                    assertThat(refusal)
                            .hasMessage("Column '" + column + "' has the type '" + type
                                    + "', which a Delta table cannot hold.");
                    assertThat(refusal.help()).isEqualTo("Cast it in the query, for example " + cast + ".");
                });
    }

    @Test
    void nestedTypeThatDeltaLacksIsRefusedWithItsPath() {
        assertThatThrownBy(() -> table.write("SELECT [{'a': MAP {'k': TIME '10:00:00'}}] AS x"))
                .hasMessage("Column 'x.a.value' has the type 'TIME', which a Delta table cannot hold.");
    }

    @Test
    void bareNullIsRefusedInANewTable() {
        assertThatThrownBy(() -> table.write("SELECT 1 AS id, NULL AS note"))
                .isInstanceOfSatisfying(LakeException.class, refusal -> {
                    assertThat(refusal).hasMessage("Column 'note' is always NULL and has no type.");
                    assertThat(refusal.help())
                            .isEqualTo("Give it one in the query, for example CAST(NULL AS VARCHAR).");
                });
    }

    @Test
    void bareNullFitsAnyColumnOfATable() throws Exception {
        table.write("SELECT 1 AS id, 'a' AS note, {'d': DATE '2020-01-01'} AS s, [1] AS l");

        table.write("SELECT 2 AS id, NULL AS note, {'d': NULL} AS s, [NULL] AS l");

        assertThat(table.duck().rows("FROM (" + table.sql() + ") ORDER BY id"))
                .last()
                .isEqualTo("2|null|{'d': NULL}|[NULL]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            DATE 'infinity' AS d;                             d
            TIMESTAMP '-infinity' AS d;                       d
            TIMESTAMPTZ 'infinity' AS d;                      d
            {'a': [DATE '-infinity']} AS s;                   s.a.element
            MAP {'k': TIMESTAMP 'infinity'} AS m;             m.value
            MAP {DATE 'infinity': 1} AS m;                    m.key
            """)
    void infiniteDatesAreRefused(String expression, String column) throws Exception {
        assertThatThrownBy(() ->
                        table.write("SELECT i, CASE WHEN i = 250000 THEN x END AS x FROM range(300000) t(i), (SELECT "
                                + expression.replaceFirst(" AS \\w+$", " AS x") + ")"))
                .isInstanceOfSatisfying(LakeException.class, refusal -> {
                    assertThat(refusal)
                            .hasMessage("Column '" + column.replaceFirst("^\\w+", "x")
                                    + "' has an infinite date or timestamp, which a Delta table cannot hold.");
                    assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED_VALUE);
                });
        assertThat(table.path().toFile().list()).isNullOrEmpty();
    }

    @Test
    void textInfinityIsJustText() throws Exception {
        table.write("SELECT 'infinity' AS s");

        assertThat(table.duck().rows(table.sql())).containsExactly("infinity");
    }

    @Test
    void timeZoneOfTheSessionDoesNotMatter() throws Exception {
        table.duck().run("SET TimeZone = 'Asia/Kolkata'");
        table.write("SELECT TIMESTAMPTZ '2020-01-01 00:00:00+00' AS t, 1 AS i");
        table.duck().run("SET TimeZone = 'America/New_York'");

        assertThat(table.duck().rows("SELECT epoch_us(t) FROM (" + table.sql() + ")"))
                .containsExactly("1577836800000000");
    }

    @Test
    void randomTablesRoundTrip() throws Exception {
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            DeltaTable each = DeltaTable.forPath(table.path().resolveSibling("r" + seed));
            table.duck().run("CREATE OR REPLACE TABLE source AS " + RandomQuery.of(random));
            for (int part = 0; part < 3; part++) {
                String query = "SELECT * FROM source WHERE id % 3 = " + part;
                try (StagedWrite staged = each.stage(table.duck().connection(), query, APPEND)) {
                    assertThat(table.duck().difference(staged.filesSql(), query))
                            .as("seed %s", seed)
                            .isEqualTo("0|0");
                    staged.commit();
                }
            }

            String read = each.snapshot().orElseThrow().toSql();
            assertThat(table.duck().columns(read)).isEqualTo(table.duck().columns("FROM source"));
            assertThat(table.duck().difference(read, "FROM source"))
                    .as("seed %s", seed)
                    .isEqualTo("0|0");
            assertThat(each.snapshot().orElseThrow().numRecords().getAsLong())
                    .isEqualTo(Long.parseLong(table.duck().value("SELECT count(*) FROM source")));
        }
    }
}
