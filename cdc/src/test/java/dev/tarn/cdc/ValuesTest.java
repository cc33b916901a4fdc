package dev.tarn.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Debezium makes of values that Delta cannot hold is refused, and never taken for something else. */
class ValuesTest {

    private static SourceTable table(String base, String declared) throws StreamException {
        return new SourceTable(
                "public.t",
                List.of(Column.of("public.t", "c", declared, new Column.Origin(base, 1, false))),
                List.of("c"),
                1,
                Path.of("t"));
    }

    private static Struct row(Schema type, Object value) {
        Schema schema = SchemaBuilder.struct().field("c", type).build();
        return new Struct(schema).put("c", value);
    }

    private static Schema of(String name) {
        return switch (name) {
            case "io.debezium.time.Date" -> SchemaBuilder.int32().name(name).build();
            case "io.debezium.time.ZonedTimestamp" ->
                SchemaBuilder.string().name(name).build();
            case "" -> Schema.STRING_SCHEMA;
            default -> SchemaBuilder.int64().name(name).build();
        };
    }

    private static Object value(String name, String text) {
        return switch (of(name).type()) {
            case INT32 -> Integer.parseInt(text);
            case INT64 -> Long.parseLong(text);
            default -> text;
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            numeric     | numeric(9,2)  | ''                              | NaN
            date        | date          | io.debezium.time.Date           | -2147472692
            date        | date          | io.debezium.time.Date           | 2147483647
            timestamp   | timestamp     | io.debezium.time.MicroTimestamp | -9223372036832400000
            timestamp   | timestamp     | io.debezium.time.Timestamp      | -377705116800001
            timestamptz | timestamptz   | io.debezium.time.ZonedTimestamp | infinity
            timestamptz | timestamptz   | io.debezium.time.ZonedTimestamp | 10000-01-01T00:00:00Z
            """)
    void refusesWhatDeltaCannotHold(String base, String declared, String type, String text) throws Exception {
        SourceTable table = table(base, declared);

        assertThatThrownBy(() -> Values.of(table, row(of(type), value(type, text))))
                .isInstanceOf(StreamException.class)
                .hasMessageStartingWith("column 'c' of table 'public.t' has a value that Delta cannot hold");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            numeric     | numeric(9,2)  | ''                              | 1.50                 | 1.50
            date        | date          | io.debezium.time.Date           | -719162              | -719162
            timestamp   | timestamp     | io.debezium.time.Timestamp      | 1500                 | 1500000
            timestamp   | timestamp     | io.debezium.time.MicroTimestamp | 1500                 | 1500
            timestamptz | timestamptz   | io.debezium.time.ZonedTimestamp | 2020-01-01T00:00:00Z | 2020-01-01T00:00:00Z
            text        | text          | ''                              | NaN                  | NaN
            """)
    void keepsTheRest(String base, String declared, String type, String text, String kept) throws Exception {
        assertThat(Values.of(table(base, declared), row(of(type), value(type, text))))
                .isEqualTo(Map.of("c", kept));
    }

    @Test
    void aValueThatWasLeftOutIsNotThere() throws Exception {
        assertThat(Values.of(table("text", "text"), row(Schema.STRING_SCHEMA, Values.ABSENT)))
                .isEmpty();
    }
}
