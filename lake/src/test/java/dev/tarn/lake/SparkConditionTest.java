package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaType.Decimal;
import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.DeltaType.Struct;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparkConditionTest {
    private static final Struct SCHEMA = new Struct(List.of(
            new DeltaField("i", Primitive.INTEGER),
            new DeltaField("l", Primitive.LONG),
            new DeltaField("d", Primitive.DOUBLE),
            new DeltaField("f", Primitive.FLOAT),
            new DeltaField("dc", new Decimal(10, 2)),
            new DeltaField("wide", new Decimal(38, 20)),
            new DeltaField("t", Primitive.STRING),
            new DeltaField("a b`c", Primitive.STRING),
            new DeltaField("b", Primitive.BOOLEAN),
            new DeltaField("day", Primitive.DATE),
            new DeltaField("n", Primitive.TIMESTAMP_NTZ),
            new DeltaField("ts", Primitive.TIMESTAMP),
            new DeltaField("s", new Struct(List.of(new DeltaField("x", Primitive.INTEGER)))),
            new DeltaField("ar", new DeltaType.Array(Primitive.INTEGER, true))));

    private final Duck duck;

    SparkConditionTest() throws Exception {
        duck = new Duck();
    }

    @AfterEach
    void close() throws Exception {
        duck.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            i = 7;                                          true
            i == 7 AND l <> 7;                              true
            I != 7 or not (l < 9);                          false
            i + l * 2 > 20 and i - 1 = 6;                   true
            l + 9223372036854775807 > 0;                    true
            i % 4 = 3;                                      true
            -i % 4 = -3;                                    true
            i / 2 = 3.5;                                    true
            i / 0 > 1;                                      null
            d >= 1.5;                                       true
            d = 1.5 and d <= dc;                            true
            dc * 2 = 3.00;                                  true
            (dc + 99999997) * (dc - 99999999.99) < -9999999699000000; true
            dc + 0.005 > 1.504;                             true
            f > 0;                                          true
            f = 0.1;                                        false
            wide < dc;                                      true
            t = 'ä€' and length(t) = 2;                     true
            t = "ä€";                                       true
            t like 'ä_' and t NOT LIKE '%x%';               true
            t in ('x', 'ä€') and i NOT IN (1, 2, 3);        true
            i IN (1, NULL);                                 null
            i between 7 and 8 and not i between 8 and 9;    true
            `a b``c` is null and b IS NOT NULL;             true
            b;                                              true
            not b is true;                                  false
            s.x = 3 and s is not null;                      true
            day > '2024-02-28' and day = DATE '2024-02-29'; true
            n >= '2024-01-01 10:00:00';                     true
            i <=> NULL;                                     false
            i = NULL;                                       null
            i > 1 = b;                                      true
            isnotnull(i) and isnull(`a b``c`);              true
            1e1 > i;                                        true
            (((i)) > -1);                                   true
            """)
    void meansTheSame(String condition, String expected) throws Exception {
        String row = "SELECT 7 AS i, 8::BIGINT AS l, 1.5::DOUBLE AS d, 0.1::FLOAT AS f, 1.5::DECIMAL(10,2) AS dc,"
                + " 0.5::DECIMAL(38,20) AS wide, 'ä€' AS t, NULL::VARCHAR AS \"a b`c\", true AS b, DATE '2024-02-29' AS"
                + " day, TIMESTAMP '2024-01-01 10:00:00' AS n, now() AS ts, {'x': 3} AS s, [1] AS ar";

        assertThat(duck.value("SELECT " + SparkCondition.toDuck(condition, SCHEMA) + " FROM (" + row + ") AS r"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            upper(t) = 'X';              the function 'upper'
            t > 1;                       '>' between 'string' and 'smallint'
            t = 'it\\'s';                a text with a quote or backslash in it
            t = 'it''s';                 a text with a quote or backslash in it
            ts > '2024-01-01';           '>' between 'timestamp' and 'string'
            day = '2024-02-30';          the day '2024-02-30'
            i > 1L;                      the number '1L'
            f > l;                       '>' between 'float' and 'bigint'
            wide = d;                    a 'decimal(38,20)' among doubles
            dc / 3 > 1;                  '/' between 'decimal(10,2)' and 'smallint'
            wide * wide > 1;             '*' between 'decimal(38,20)' and 'decimal(38,20)'
            ar[0] > 1;                   '['
            ar = ar;                     '=' between 'array<int>' and 'array<int>'
            missing > 1;                 'missing', which is no column of the table
            s.y > 1;                     'y', which is no column of the table
            i;                           a value of the type 'int' as a condition
            i > 1 i;                     'i'
            i >;                         an end too early
            i > 1 -- always;             a comment
            t rlike 'x';                 'rlike'
            case when b then b end;      'case'
            i in (select 1);             'select', which is no column of the table
            t like 'a' escape 'b';       'LIKE' with something else than a column and a text
            t = 'a' 'b';                 two texts in a row
            timestamp '2020-01-01' = ts; 'timestamp'
            """)
    void isRefusedWhereItMayMeanSomethingElse(String condition, String what) {
        assertThatThrownBy(() -> SparkCondition.toDuck(condition, SCHEMA))
                .isInstanceOf(UnlikeException.class)
                .hasMessage(what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "(",
                "i in ()",
                "`x",
                "'x",
                ".",
                "i..x",
                "s.",
                "not",
                "i is",
                "i between 1",
                "1.2.3 > i",
                "{}"
            })
    void nonsenseIsRefused(String condition) {
        assertThatThrownBy(() -> SparkCondition.toDuck(condition, SCHEMA)).isInstanceOf(UnlikeException.class);
    }
}
