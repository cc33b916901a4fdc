package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder).file("in.csv", "id\n1\n");
    }

    private String errors(String nodes) {
        Outcome outcome = project.nodes(nodes).validate();
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).doesNotContain("\tat ").doesNotContain("Exception");
        return outcome.err();
    }

    @Test
    void saysThatAProjectIsValid() {
        Outcome outcome = project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: in.csv}
                """).validate();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEqualTo("'test' is valid: 1 node\n");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void findsEverythingInOnePass() {
        assertThat(errors("""
                - name: a
                  read: {connection: inn, format: csv, path: in.csv}
                - name: b
                  depends_on: [aa]
                  transform: {steps: [selec 1]}
                - name: c
                  read: {connection: in, format: csv, path: missing.csv}
                  wirte: {}
                """))
                .contains("unknown connection 'inn'")
                .contains("unknown node 'aa' in pipeline 'p'")
                .contains("SQL: syntax error at or near 'selec'")
                .contains("'in:missing.csv' does not exist")
                .contains("unknown key 'wirte'")
                .contains("5 errors");
    }

    @Test
    void showsSyntaxErrorsInsideABlock() {
        assertThat(errors("""
                - name: a
                  read: {connection: in, format: csv, path: in.csv}
                  transform:
                    steps:
                      - |
                        select id
                        frmo df x y
                """)).contains("""
                error[TARN-0401]: SQL: syntax error at or near 'df'
                  --> PROJECT/tarn.yaml:14:20
                   |
                   |                frmo df x y
                   |                     ^^
                """);
    }

    @Test
    void findsTablesThatAreNotThere() {
        assertThat(errors("""
                - name: orders
                  read: {connection: in, format: csv, path: in.csv}
                - name: b
                  transform: {steps: [select * from ordres join df using (id)]}
                """))
                .contains("unknown table 'ordres'")
                .contains("help: did you mean 'orders'?")
                .contains("unknown table 'df'")
                .contains("'df' is the first input, and this node has none");
    }

    @Test
    void showsTheCircle() {
        assertThat(errors("""
                - {name: a, depends_on: [c]}
                - {name: b, depends_on: [a], transform: {steps: [select 1]}}
                - {name: c, transform: {steps: [select * from b]}}
                """.replace("[c]}", "[c], transform: {steps: [select 1]}}")))
                .contains("nodes depend on each other in a circle: p.a -> p.c -> p.b -> p.a");
    }

    @Test
    void findsWhatDuckDbWouldRefuse() {
        assertThat(errors("""
                - name: a
                  read: {connection: in, format: csv, path: in.csv, options: {delmiter: ";"}, filter: "id >"}
                  validation:
                    tests:
                      - {type: regex_match, column: id, pattern: "(?=a)"}
                      - {type: custom_sql, condition: "true) or (true"}
                  write: {connection: lake, format: parquet, path: a.parquet, options: {compresion: zstd}}
                """))
                .contains("unknown csv option 'delmiter'")
                .contains("help: did you mean 'delimiter'?")
                .contains("unknown parquet option 'compresion'")
                .contains("error[TARN-0405]")
                .contains("5 errors");
    }

    @Test
    void findsTwoNodesThatOverwriteOnePlace() {
        assertThat(errors("""
                - name: a
                  read: {connection: in, format: csv, path: in.csv}
                  write: {connection: lake, format: delta, table: x}
                - name: b
                  read: {connection: in, format: csv, path: in.csv}
                  write: {connection: lake, format: delta, path: ./x}
                """)).contains("'lake:./x' is already written by node 'a', whose rows would be lost");
    }

    @Test
    void explainsACode() {
        Outcome outcome = project.tarn("explain", "tarn-105");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("TARN-0105: unknown key\n\nThe key is not part of the model");
        assertThat(project.tarn("explain", "TARN-9999").exitCode()).isEqualTo(2);
    }

    @Test
    void aMissingProjectIsSaidPlainly() {
        Outcome outcome =
                project.tarn("validate", folder.resolve("nowhere.yaml").toString());

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("error[TARN-0101]").contains("nowhere.yaml");
    }

    @Test
    void conditionsAndParametersThatCannotWorkAreFoundBeforeTheRun() {
        assertThat(errors("""
                - name: a
                  read: {connection: in, format: csv, path: in.csv, filter: "id > 1, id > 2"}
                  transform: {steps: ["select * from df where id = $1"]}
                  validation:
                    tests:
                      - {type: custom_sql, condition: "id in (select id from other)"}
                      - {type: regex_match, column: id, pattern: "x)|(y"}
                """))
                .contains("a condition must be one SQL expression")
                .contains("SQL: a parameter such as ? or $1 has no value here")
                .contains("a condition cannot read table 'other'")
                .contains("error[TARN-0405]")
                .contains("4 errors");
    }
}
