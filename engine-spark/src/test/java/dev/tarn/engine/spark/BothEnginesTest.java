package dev.tarn.engine.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.project.Format;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.source.Problem;
import dev.tarn.core.source.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a project means does not depend on the engine. */
class BothEnginesTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void makeProject() throws IOException {
        project = new TestProject(folder).file("orders.csv", """
                id,customer,amount,at
                1,ada,10.5,2024-01-01 08:00:00
                2,"grace ""h""
                opper",,2024-01-02 09:30:00
                3,alan,7,2024-01-03 00:00:00
                """);
    }

    @ParameterizedTest
    @EnumSource
    void overwritesAndAppends(TestEngine engine) throws IOException {
        project.nodes("""
                - name: orders
                  read: {connection: data, format: csv, path: orders.csv}
                  write: {connection: data, format: delta, table: orders}
                - name: more
                  read: {connection: data, format: delta, table: orders}
                  transform: {steps: ["select id + 10 as id, customer from df where amount is not null"]}
                  write: {connection: data, format: delta, table: more, mode: append}
                - name: sums
                  inputs: {more: $p.more}
                  transform: {steps: ["select count(*) as n from more"]}
                  write: {connection: data, format: delta, table: sums}
                """);

        project.succeed(engine);
        project.succeed(engine);

        assertThat(project.table("orders"))
                .containsExactly(
                        "id BIGINT, customer VARCHAR, amount DOUBLE, at TIMESTAMP",
                        "1|ada|10.5|2024-01-01 08:00:00.0",
                        "2|grace \"h\"\nopper|NULL|2024-01-02 09:30:00.0",
                        "3|alan|7.0|2024-01-03 00:00:00.0");
        assertThat(project.table("more"))
                .containsExactly("id BIGINT, customer VARCHAR", "11|ada", "11|ada", "13|alan", "13|alan");
        // What the node before has written in this run, and not what is in its table.
        assertThat(project.table("sums")).containsExactly("n BIGINT", "2");
    }

    @ParameterizedTest
    @EnumSource
    void setsRowsAside(TestEngine engine) throws IOException {
        project.nodes("""
                - name: orders
                  read: {connection: data, format: csv, path: orders.csv}
                  validation:
                    tests:
                      - {type: not_null, columns: [amount], on_fail: quarantine}
                      - {type: range, column: amount, min: 8, on_fail: quarantine}
                      - {type: regex_match, column: customer, pattern: "a", on_fail: warn}
                      - {type: accepted_values, column: customer, values: [ada, "grace \\"h\\"\\nopper"], on_fail: warn}
                      - {type: custom_sql, condition: "id < 4"}
                      - {type: unique, columns: [id]}
                      - {type: row_count, min: 3, max: 3}
                    quarantine: {connection: data, table: aside, add_columns: {rejected_at: false, source_batch_id: false}}
                  write: {connection: data, format: delta, table: orders}
                """);

        NodeResult.Succeeded result =
                (NodeResult.Succeeded) project.succeed(engine).nodes().get(0);

        assertThat(result.rowsRejected()).isEqualTo(2);
        assertThat(result.checks().stream().map(check -> check.violations()))
                .containsExactly(1L, 2L, 1L, 1L, 0L, 0L, 0L);
        assertThat(project.table("orders"))
                .containsExactly(
                        "id BIGINT, customer VARCHAR, amount DOUBLE, at TIMESTAMP", "1|ada|10.5|2024-01-01 08:00:00.0");
        assertThat(project.table("aside").subList(1, 3))
                .containsExactly(
                        "2|grace \"h\"\nopper|NULL|2024-01-02 09:30:00.0|'amount' must not be NULL; 'amount' must be at least 8|"
                                + "not_null_amount, range_amount",
                        "3|alan|7.0|2024-01-03 00:00:00.0|'amount' must be at least 8|range_amount");
    }

    @ParameterizedTest
    @EnumSource
    void writesNothingWhenACheckFails(TestEngine engine) throws IOException {
        project.file("orders.csv", "id,name\n1,a\n1,b\n,c\n,d\n2,e\n").nodes("""
                - name: orders
                  read: {connection: data, format: csv, path: orders.csv}
                  validation:
                    tests: [{type: unique, columns: [id]}]
                  write: {connection: data, format: delta, table: orders}
                """);

        Failure failure = project.fail(engine);

        assertThat(failure.code()).isEqualTo(ProblemCode.CHECK_FAILED);
        assertThat(failure.message()).isEqualTo("unique_id: 4 of 5 rows break the rule: 'id' must be unique");
        assertThat(folder.resolve("orders")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void showsAnUnknownColumnWhereItStands(TestEngine engine) throws IOException {
        project.nodes("""
                - name: orders
                  read: {connection: data, format: csv, path: orders.csv}
                  transform:
                    steps:
                      - select id from df
                      - |
                        with x as (select * from df)
                        select id,
                               custmer from x
                  write: {connection: data, format: delta, table: orders}
                """);

        Failure failure = project.fail(engine);

        assertThat(failure.message()).isEqualTo("unknown column 'custmer'");
        assertThat(failure.span().orElseThrow().line()).isEqualTo(16);
        assertThat(failure.span().orElseThrow().column()).isEqualTo(22);
    }

    @ParameterizedTest
    @EnumSource
    void showsAValueThatCannotBeConverted(TestEngine engine) throws IOException {
        project.nodes("""
                - name: orders
                  read: {connection: data, format: csv, path: orders.csv}
                  transform: {steps: ["select cast(customer as int) as c from df"]}
                  write: {connection: data, format: delta, table: orders}
                """);

        Failure failure = project.fail(engine);

        assertThat(failure.code()).isEqualTo(ProblemCode.QUERY_FAILED);
        assertThat(failure.span().orElseThrow().line()).isEqualTo(10);
        assertThat(folder.resolve("orders/_delta_log/00000000000000000000.json"))
                .doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void reportsWhatCannotBeParsed(TestEngine engine) throws IOException {
        project.nodes("""
                - name: a
                  read: {connection: data, format: csv, path: orders.csv}
                  transform: {steps: [selct 1, "create table x (i int)", "select * from nowhere"]}
                  validation: {tests: [{type: custom_sql, condition: "id <"}]}
                  write: {connection: data, format: delta, table: a}
                """);

        List<Problem> problems = project.problems(engine);

        assertThat(problems.stream()
                        .map(problem -> problem.code() + " " + problem.span().line()))
                .containsExactly("SQL_SYNTAX 10", "SQL_NOT_A_QUERY 10", "UNKNOWN_TABLE 10", "SQL_SYNTAX 11");
        assertThat(problems.get(2).message()).isEqualTo("unknown table 'nowhere'");
    }

    @ParameterizedTest
    @EnumSource
    void refusesTheOthersDialect(TestEngine engine) throws IOException {
        String other = engine == TestEngine.DUCKDB ? "spark" : "duckdb";
        project.nodes("""
                - name: a
                  dialect: %s
                  read: {connection: data, format: csv, path: orders.csv}
                  transform: {steps: [what only it understands]}
                  write: {connection: data, format: delta, table: a}
                """.formatted(other));

        List<Problem> problems = project.problems(engine);

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).message())
                .isEqualTo("node 'p.a' is written in dialect '" + other + "', which this engine does not run");
        assertThat(problems.get(0).span().line()).isEqualTo(11);
    }

    @ParameterizedTest
    @EnumSource
    void refusesColumnsThatTheTableDoesNotHave(TestEngine engine) throws IOException {
        project.nodes("""
                - name: orders
                  read: {connection: data, format: csv, path: orders.csv}
                  write: {connection: data, format: delta, table: orders, mode: append}
                """);
        project.succeed(engine);
        project.file("orders.csv", "id,note\n4,new\n");

        assertThat(project.fail(engine).code()).isEqualTo(ProblemCode.SCHEMA_MISMATCH);
        assertThat(project.table("orders")).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void readsFilesOfOtherColumnsAndKinds(TestEngine engine) throws IOException {
        project.file("many/1.csv", "id,name\n1,a\n")
                .file("many/2.csv", "name,id,more\nb,2,x\n")
                .file("kinds/1.json", "[{\"id\": 1}, {\"id\": 2}]")
                .file("kinds/2.json", "{\"id\": 3}\n{\"id\": 4}\n")
                .nodes("""
                        - name: csv
                          read: {connection: data, format: csv, path: many}
                          write: {connection: data, format: delta, table: csv}
                        - name: json
                          read: {connection: data, format: json, path: kinds}
                          write: {connection: data, format: delta, table: json}
                        """);

        project.succeed(engine);

        assertThat(project.table("csv")).containsExactly("id BIGINT, name VARCHAR, more VARCHAR", "1|a|NULL", "2|b|x");
        assertThat(project.table("json")).containsExactly("id BIGINT", "1", "2", "3", "4");
    }

    @ParameterizedTest
    @EnumSource
    void refusesALineThatDoesNotFit(TestEngine engine) throws IOException {
        project.file("orders.csv", "id,name\n1,a\n2,b,c\n3,d\n").nodes("""
                - name: orders
                  read: {connection: data, format: csv, path: orders.csv}
                  transform: {steps: [select id from df]}
                  write: {connection: data, format: delta, table: orders}
                """);

        project.fail(engine);

        assertThat(folder.resolve("orders/_delta_log/00000000000000000000.json"))
                .doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void writesFiles(TestEngine engine) throws IOException {
        project.file("in.json", "[{\"b\": 1, \"a\": \"x\"}, {\"b\": 2, \"a\": null}]")
                .nodes("""
                - name: rows
                  read: {connection: data, format: json, path: in.json}
                - name: csv
                  inputs: {rows: $p.rows}
                  write: {connection: data, format: csv, path: out/rows.csv, mode: append}
                - name: json
                  inputs: {rows: $p.rows}
                  write: {connection: data, format: json, path: out/rows.json, mode: append}
                - name: parquet
                  inputs: {rows: $p.rows}
                  write: {connection: data, format: parquet, path: out/rows.parquet, mode: append}
                - name: parts
                  inputs: {rows: $p.rows}
                  transform: {steps: ["select * from df where a is not null"]}
                  write: {connection: data, format: parquet, path: out/parts, partition_by: a, mode: append}
                """);

        project.succeed(engine);
        project.succeed(engine);

        assertThat(Files.readString(folder.resolve("out/rows.csv"))).isEqualTo("b,a\n1,x\n2,\n1,x\n2,\n");
        assertThat(Files.readString(folder.resolve("out/rows.json")).lines())
                .containsExactly(
                        "{\"b\":1,\"a\":\"x\"}",
                        "{\"b\":2,\"a\":null}",
                        "{\"b\":1,\"a\":\"x\"}",
                        "{\"b\":2,\"a\":null}");
        assertThat(project.rows(Format.PARQUET, "out/rows.parquet"))
                .containsExactly("b BIGINT, a VARCHAR", "1|x", "1|x", "2|NULL", "2|NULL");
        assertThat(project.rows(Format.PARQUET, "out/parts")).containsExactly("b BIGINT, a VARCHAR", "1|x", "1|x");
    }
}
