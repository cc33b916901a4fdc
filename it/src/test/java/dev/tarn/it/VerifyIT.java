package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tarn verify} with DuckDB and a real Spark. */
class VerifyIT {
    /** Both engines run this text, and answer differently in one row, one type and one digit. */
    private static final String PLANTED = """
            project: planted
            dialect: common
            connections:
              in: {type: local, base_path: .}
              lake: {type: local, base_path: lake}
            pipelines:
              - pipeline: p
                nodes:
                  - name: raw
                    read: {connection: in, format: csv, path: raw.csv, options: {header: true}}
                    write: {connection: lake, format: delta, table: raw}
                  - name: a_row
                    inputs: {raw: $p.raw}
                    transform: {steps: ["select id, name from raw where id <> 7 or version() like 'v%'"]}
                    write: {connection: lake, format: delta, table: a_row}
                  - name: a_type
                    inputs: {raw: $p.raw}
                    transform: {steps: ["select id, length(name) as letters from raw"]}
                    write: {connection: lake, format: delta, table: a_type}
                  - name: a_digit
                    inputs: {raw: $p.raw}
                    transform:
                      steps:
                        - select id, cast(case when id = 5 and version() like 'v%' then '1.251' else '1.250' end
                          as decimal(9, 3)) as amount from raw
                    validation:
                      tests: [{type: unique, columns: [id]}]
                    write: {connection: lake, format: delta, table: a_digit}
                  - name: here_only
                    dialect: duckdb
                    inputs: {raw: $p.raw}
                    transform: {steps: ["select id, name from raw qualify row_number() over (order by id) < 3"]}
                    write: {connection: lake, format: delta, table: here_only}
            """;

    @TempDir
    Path scratch;

    private TarnProcess.Outcome verify(Path project, String... more) throws IOException, InterruptedException {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "verify";
        arguments[1] = project.toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        try (TarnProcess process = TarnProcess.startWithSpark(scratch, arguments)) {
            return process.await(Duration.ofMinutes(5));
        }
    }

    @Test
    void theExampleIsTheSameOnBothEnginesAndNothingOfItIsTouched() throws Exception {
        Flights flights = Flights.copyTo(Files.createDirectory(scratch.resolve("flights")));

        TarnProcess.Outcome outcome = verify(flights.folder);

        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        assertThat(outcome.out())
                .contains("10 tables the same on duckdb and spark")
                .contains("249,484");
        assertThat(flights.folder.resolve("lake")).doesNotExist();
    }

    @Test
    void aRowATypeAndADigitAreFoundWithTheirKeysAndOtherDialectsNamed() throws Exception {
        Path project = Files.createDirectory(scratch.resolve("planted"));
        Files.writeString(project.resolve("tarn.yaml"), PLANTED);
        Files.writeString(project.resolve("raw.csv"), "id,name\n4,four\n5,five\n6,six\n7,seven\n8,eight\n");

        TarnProcess.Outcome outcome = verify(project, "-o", "json", "--key", "a_row=id");

        assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(1);
        Map<String, Object> json = JSON.std.mapFrom(outcome.out());
        assertThat(json).containsEntry("status", "different");
        assertThat(list(json, "tables"))
                .extracting(table -> table.get("same"))
                .containsExactly(true, false, false, false);
        assertThat(list(list(json, "tables").get(1), "differences"))
                .containsExactly(Map.of("_engine", "only duckdb", "id", "7", "name", "seven"));
        assertThat(list(list(json, "tables").get(2), "columns"))
                .containsExactly(Map.of("name", "letters", "duckdb", "bigint", "spark", "int"));
        assertThat(list(list(json, "tables").get(3), "differences"))
                .containsExactly(
                        Map.of("_engine", "duckdb", "id", "5", "amount", "1.251"),
                        Map.of("_engine", "spark", "id", "5", "amount", "1.250"));
        assertThat(list(json, "not_compared"))
                .containsExactly(Map.of("node", "p.here_only", "reason", "is written in dialect 'duckdb'"));
        assertThat(project.resolve("lake")).doesNotExist();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> json, String key) {
        return (List<Map<String, Object>>) Objects.requireNonNull(json.get(key));
    }
}
