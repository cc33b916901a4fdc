package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pre_sql} and {@code post_sql}: on a connection that is the node's own, around what it does. */
class StatementsTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void rows() {
        project = new TestProject(folder).file("in.csv", "id\n1\n2\n");
    }

    private static final String APPENDING = """
            - name: a
              read: {connection: in, format: csv, path: in.csv}
              write: {connection: lake, format: delta, table: a, mode: append}
              post_sql:
                - SELECT CASE WHEN count(*) < %d THEN error('too few') END FROM df
            - {name: b, transform: {steps: [SELECT count(*) AS n FROM a]}, write: {connection: lake, format: delta, table: b}}
            """;

    @Test
    void stepsSeeWhatWasMadeBefore() {
        TestProject.Outcome outcome = project.nodes("""
                - name: a
                  pre_sql:
                    - CREATE TEMP MACRO twice(x) AS x * 2
                    - CREATE TEMP TABLE codes AS SELECT 1 AS id, 'one' AS word
                    - INSERT INTO codes VALUES (2, 'two')
                    - SET VARIABLE least = 1
                  read: {connection: in, format: csv, path: in.csv, filter: id > getvariable('least')}
                  transform: {steps: ["SELECT twice(id) AS id, word FROM df JOIN codes USING (id)"]}
                  write: {connection: lake, format: delta, table: a}
                """).run();

        assertThat(outcome.err()).doesNotContain("error");
        assertThat(project.table("a")).containsExactly("4|two");
    }

    @Test
    void nobodyElseSeesWhatWasMade() {
        TestProject.Outcome outcome = project.nodes("""
                - {name: a, pre_sql: CREATE TEMP MACRO twice(x) AS x * 2, transform: {steps: [SELECT twice(4) AS n]}}
                - {name: b, transform: {steps: [SELECT twice(n) AS n FROM a]}}
                """).run("--workers", "1");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).containsPattern("p\\.a +ok");
        assertThat(outcome.err()).contains("tarn.yaml:9").contains("twice");
    }

    @Test
    void readersGetRowsThatWereComputedWithWhatIsGoneByThen() {
        TestProject.Outcome outcome = project.nodes("""
                - {name: a, pre_sql: CREATE TEMP MACRO twice(x) AS x * 2, transform: {steps: [SELECT twice(4) AS n]}}
                - name: b
                  pre_sql: CREATE TEMP MACRO twice(x) AS x * 20
                  transform: {steps: [SELECT twice(n) AS n FROM a]}
                  write: {connection: lake, format: csv, path: b.csv}
                - {name: c, transform: {steps: [SELECT n + 1 AS n FROM b]}, write: {connection: lake, format: delta, table: c}}
                """).run();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(project.table("c")).containsExactly("161");
    }

    @Test
    void checkedRowsAreJudgedAsUsualAndReadAfterwards() {
        TestProject.Outcome outcome = project.nodes("""
                - name: a
                  pre_sql: CREATE TEMP TABLE seen (n INTEGER)
                  read: {connection: in, format: csv, path: in.csv}
                  validation:
                    tests: [{type: range, column: id, max: 1, on_fail: quarantine}]
                    quarantine: {connection: lake, table: rejected}
                  write: {connection: lake, format: delta, table: a}
                  post_sql:
                    - INSERT INTO seen SELECT id FROM df
                    - SELECT CASE WHEN list(n) <> [1] THEN error('not what was written') END FROM seen
                """).run();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).containsPattern("p\\.a +ok +2 +1 +1");
    }

    @Test
    void whatFailsAfterTheWriteFailsTheNodeAndIsAllThatIsDoneAgain() {
        TestProject.Outcome failed = project.nodes(APPENDING.formatted(3)).run();
        TestProject.Outcome again = project.run("--resume");
        TestProject.Outcome mended = project.nodes(APPENDING.formatted(2)).run("--resume");

        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err())
                .contains("p.a: post_sql, after the node's rows were written: too few")
                .contains("tarn.yaml:12:13");
        assertThat(failed.out()).containsPattern("p\\.b +skipped");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("does not write that again");
        assertThat(mended.exitCode()).as(mended.err()).isZero();
        assertThat(project.table("a")).containsExactly("1", "2");
        assertThat(project.table("b")).containsExactly("2");
    }

    @Test
    void whatFailsBeforeWritesNothing() {
        TestProject.Outcome outcome = project.nodes("""
                - name: a
                  pre_sql: [CREATE TEMP TABLE t AS SELECT 1 AS n, "SELECT CAST('x' AS INTEGER) FROM t"]
                  read: {connection: in, format: csv, path: in.csv}
                  write: {connection: lake, format: csv, path: a.csv}
                """).run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("TARN-0501").contains("tarn.yaml:9:");
        assertThat(folder.resolve("lake/a.csv")).doesNotExist();
    }

    @Test
    void rowsOfOthersCannotBeChanged() {
        TestProject.Outcome outcome = project.nodes("""
                - {name: a, cache: true, transform: {steps: [SELECT 1 AS n]}}
                - {name: b, depends_on: [a], pre_sql: DELETE FROM memory.main.tarn_1, transform: {steps: [SELECT * FROM a]}}
                """).run("--workers", "1");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("would change what is not this node's own");
    }

    @Test
    void aDryRunListsThem() {
        project.nodes("""
                - {name: a, pre_sql: SET VARIABLE v = 1, transform: {steps: [SELECT 1 AS n]}, post_sql: [FROM df]}
                """);

        assertThat(project.run("--dry-run").out())
                .contains("p.a, before it reads: SET VARIABLE v = 1", "p.a, after its write: FROM df");
        assertThat(project.run("--dry-run", "-o", "json").out())
                .contains("\"pre_sql\"", "SET VARIABLE v = 1", "\"post_sql\"", "FROM df");
    }

    @Test
    void theStoryAndTheComparisonOfStatesKnowThem() {
        String nodes =
                "- {name: a, pre_sql: SET VARIABLE v = %d, transform: {steps: [SELECT 1 AS n]}, post_sql: FROM df}";
        project.nodes(nodes.formatted(1)).run();
        String story =
                project.tarn("story", "last", folder.toString(), "-o", "json").out();
        project.nodes(nodes.formatted(2));

        assertThat(story).contains("SET VARIABLE v = 1", "FROM df", "post_sql");
        assertThat(project.tarn("ls", folder.toString(), "--select", "state:modified.sql")
                        .out())
                .contains("p.a");
    }
}
