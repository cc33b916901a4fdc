package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transformers as a user meets them. */
class TransformersTest {

    private static final Path PAGE = Path.of("../docs/transformers.md");

    @TempDir
    Path folder;

    private TestProject node(String transform) {
        return new TestProject(folder)
                .file("in.csv", "id,full name\n1, Ada \n1,Bob\n2,\n")
                .nodes("- name: a\n  read: {connection: in, format: csv, path: in.csv}\n" + transform.indent(2)
                        + "  write: {connection: lake, format: delta, table: t}\n");
    }

    @Test
    void aNodeRunsItsTransformerAndThenTheSteps() {
        TestProject project = node("""
                transformer: trim_whitespace
                params: {columns: full name}
                transform:
                  steps:
                    - function: deduplicate
                      params: {keys: [id], order_by: full name DESC}
                    - SELECT * FROM df WHERE id = 1
                    - {function: rename_columns, params: {mapping: {full name: "it's-a.b"}}}
                """);

        assertThat(project.run().err()).doesNotContain("error");
        assertThat(project.table("t")).containsExactly("1|Bob");
        assertThat(project.query("SELECT column_name FROM (DESCRIBE SELECT * FROM '{lake}/t/*.parquet')"))
                .containsExactly("id", "it's-a.b");
    }

    @Test
    void aTransformerReadsOtherNodes() {
        TestProject project = new TestProject(folder).nodes("""
                - {name: left, transform: {steps: [SELECT 1 AS id UNION ALL SELECT 2]}}
                - {name: names, transform: {steps: ["SELECT 1 AS id, 'Ada' AS name"]}}
                - name: both
                  depends_on: [left]
                  transformer: join
                  params: {right_dataset: names, on: id}
                  write: {connection: lake, format: delta, table: t}
                """);

        assertThat(project.run().exitCode()).isZero();
        assertThat(project.table("t")).containsExactly("1|Ada", "2|null");
    }

    @Test
    void mistakesAreFoundBeforeTheRunWithTheirPlace() {
        String err = node("""
                transform:
                  steps:
                    - {function: dedupliate, params: {keys: id}}
                    - {function: sort, params: {by: id, ascendin: false}}
                    - {function: sort}
                    - {function: limit, params: {n: -1}}
                    - {function: filter_rows, params: {condition: "id > 1) OR (true"}}
                    - {function: convert_timezone, params: {col: at, target_tz: Europe/Osla}}
                    - {function: join, params: {right_dataset: b, on: id}}
                    - {function: scd2, params: {keys: id}}
                    - {function: select_columns, params: {columns: [id, amount]}}
                    - {function: sort, params: {by: amont}}
                    - {params: {by: id}}
                """).validate().err();

        assertThat(err.lines().filter(line -> line.startsWith("error") || line.startsWith("help")))
                .containsExactly(
                        "error[TARN-0410]: unknown transformer 'dedupliate'",
                        "help: did you mean 'deduplicate'?",
                        "error[TARN-0105]: unknown key 'ascendin' in 'params' of sort",
                        "help: did you mean 'ascending'?",
                        "error[TARN-0107]: 'params' of sort has no 'by'",
                        "help: add 'by:'",
                        "error[TARN-0108]: 'n' takes a whole number from 0 to 2147483647, not -1",
                        "error[TARN-0401]: SQL: syntax error at or near ')'",
                        "error[TARN-0411]: unknown time zone 'Europe/Osla'",
                        "help: did you mean 'Europe/Oslo'?",
                        "error[TARN-0403]: unknown table 'b'",
                        "help: known here: df",
                        "error[TARN-0106]: transformer 'scd2' is not supported",
                        "help: keep versions of rows with a query over the new rows and the table",
                        "error[TARN-0411]: unknown column 'amont'",
                        "help: did you mean 'amount'?",
                        "error[TARN-0111]: 'params' without 'function'",
                        "help: add 'function:'",
                        "error[TARN-0107]: a step has neither 'sql' nor 'sql_file' nor 'function'",
                        "help: add one");
        assertThat(err).contains("tarn.yaml:12:");
    }

    @Test
    void aColumnThatTheFileDoesNotHaveIsShownWhereItIsNamed() {
        TestProject.Outcome outcome = node("""
                transform:
                  steps:
                    - function: drop_columns
                      params:
                        columns: [fullname]
                """).run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("unknown column 'fullname'", "did you mean 'full name'?", "tarn.yaml:14:");
    }

    @Test
    void anExpressionsErrorIsShownInsideTheExpression() {
        TestProject.Outcome outcome = node("""
                transform:
                  steps:
                    - function: derive_columns
                      params:
                        derivations: {x: 1 + nowhere}
                """).run();

        assertThat(outcome.err()).contains("unknown column 'nowhere'").containsPattern("tarn.yaml:14:\\d+");
    }

    @Test
    void explainsATransformer() {
        TestProject project = new TestProject(folder);

        assertThat(project.tarn("explain", "sort").out()).contains("## sort", "`ascending`", "NULL comes last");
        assertThat(project.tarn("explain", "transformers").out()).contains("sort  ", "Orders the rows.");
        assertThat(project.tarn("explain", "srt").err()).contains("did you mean 'sort'?");
    }

    @Test
    void thePageIsFresh() throws IOException {
        String printed = new TestProject(folder)
                .tarn("explain", "transformers", "--format", "markdown")
                .out();

        if (Boolean.getBoolean("tarn.record")) {
            Files.writeString(PAGE, printed);
        }
        assertThat(Files.readString(PAGE))
                .as("run: tarn explain transformers --format markdown > docs/transformers.md")
                .isEqualTo(printed);
    }
}
