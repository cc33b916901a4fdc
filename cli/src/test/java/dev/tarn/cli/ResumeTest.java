package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {

    private static final String CHAIN = """
            - name: a
              read: {connection: in, format: csv, path: orders.csv}
              write: {connection: lake, format: delta, table: a, mode: MODE}
            - name: b
              depends_on: [a]
              transform: {steps: ["select id, amount AS_B from a"]}
              write: {connection: lake, format: delta, table: b}
            - name: c
              depends_on: [b]
              write: {connection: lake, format: delta, table: c}
            """;

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder).file("orders.csv", "id,amount\n1,10\n2,20\n");
    }

    private TestProject chain(String mode, String asB) {
        return project.nodes(CHAIN.replace("MODE", mode).replace("AS_B", asB));
    }

    private Outcome resume() {
        return project.run("--resume");
    }

    /** The nodes that ran, in order. */
    private static List<String> ran(Outcome outcome) {
        return outcome.err()
                .lines()
                .filter(line -> line.startsWith("  ok  ") || line.startsWith("  failed  "))
                .map(line -> line.replaceFirst("^  \\w+ +p\\.(\\w+).*", "$1"))
                .sorted()
                .toList();
    }

    @Test
    void runsWhatFailedAndWhatWasSkipped() {
        chain("overwrite", "* nope").run();

        Outcome outcome = chain("overwrite", "* 2 as amount").run("--resume");

        assertThat(ran(outcome)).containsExactly("b", "c");
        assertThat(outcome.exitCode()).isZero();
        assertThat(project.table("c")).containsExactly("1|20", "2|40");
        assertThat(outcome.out()).contains("p.a   up to date        -").contains("2 ok, 1 up to date");
        assertThat(outcome.err().replaceAll("\\d{8}T\\w+-\\w+", "RUN"))
                .contains("""
                note: p.b runs: failed in run RUN
                note: p.c runs: was skipped in run RUN
                """)
                .contains("  current p.a  made by run RUN\n");
    }

    @Test
    void aChainThatIsDoneRunsNothing() {
        chain("overwrite", "").run();

        Outcome outcome = resume();

        assertThat(ran(outcome)).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("run succeeded").contains("0 ok, 3 up to date");
        assertThat(ran(resume())).isEmpty();
    }

    @Test
    void jsonSaysWhichRunMadeIt() {
        chain("overwrite", "").run();

        assertThat(project.run("--resume", "-o", "json").out())
                .contains("\"status\" : \"up_to_date\"")
                .containsPattern("\"made_by\" : \"\\d{8}T\\w+-\\w+\"");
    }

    @Test
    void withoutHistoryEverythingRuns() {
        Outcome outcome = chain("overwrite", "").run("--resume");

        assertThat(ran(outcome)).containsExactly("a", "b", "c");
        assertThat(outcome.err()).contains("note: no earlier run of 'test' is recorded, so everything runs\n");
    }

    @Test
    void changedSqlRunsTheNodeAndWhatDependsOnIt() {
        chain("overwrite", "").run();

        Outcome outcome = chain("overwrite", "+ 1 as amount").run("--resume");

        assertThat(ran(outcome)).containsExactly("b", "c");
        assertThat(outcome.err()).contains("p.b runs: has changed since run ").contains("p.c runs: needs p.b\n");
        assertThat(project.table("c")).containsExactly("1|11", "2|21");
    }

    @Test
    void aChangedInputFileRunsItsReader() {
        chain("overwrite", "").run();
        project.file("orders.csv", "id,amount\n3,30\n");

        assertThat(ran(resume())).containsExactly("a", "b", "c");
        assertThat(project.table("c")).containsExactly("3|30");
    }

    @Test
    void aFileThatIsNewInAFolderRunsItsReader() {
        project.file("in/1.csv", "id\n1\n").nodes("""
                - name: a
                  read: {connection: in, format: csv, path: in}
                  write: {connection: in, format: csv, path: in/made.csv}
                """).run();
        assertThat(ran(resume())).isEmpty();
        project.file("in/2.csv", "id\n2\n");

        assertThat(ran(resume())).containsExactly("a");
    }

    @Test
    void aNewVersionOfATableFromOutsideRunsItsReader() {
        chain("overwrite", "").run();
        TestProject reader = new TestProject(folder.resolve("reader")).nodes("""
                - name: r
                  read: {connection: in, format: delta, path: ../lake/c}
                  write: {connection: lake, format: delta, table: r}
                """);
        reader.run();
        assertThat(ran(reader.run("--resume"))).isEmpty();
        project.run();

        assertThat(ran(reader.run("--resume"))).containsExactly("r");
    }

    @Test
    void aDeletedTargetIsMadeAgain() throws IOException {
        chain("overwrite", "").run();
        delete("lake/b");

        Outcome outcome = resume();

        assertThat(ran(outcome)).containsExactly("b", "c");
        assertThat(outcome.err()).contains("p.b runs: 'lake:b' is gone\n");
        assertThat(project.table("b")).hasSize(2);
    }

    @Test
    void aTableThatWasMadeAnewElsewhereCountsAsGone() throws IOException {
        chain("overwrite", "").run();
        project.run();
        delete("lake/c");
        new TestProject(folder.resolve("other"))
                .file("x.csv", "id\n7\n")
                .nodes("""
                - name: x
                  read: {connection: in, format: csv, path: x.csv}
                  write: {connection: in, format: delta, path: ../lake/c}
                """)
                .run();

        assertThat(ran(resume())).containsExactly("c");
    }

    @Test
    void anAppendIsNotRepeatedAndItsReaderSeesOnlyItsRows() {
        chain("append", "").run();
        chain("append", "* nope").run();
        assertThat(project.table("a")).hasSize(4);

        Outcome outcome = chain("append", "").run("--resume");

        assertThat(ran(outcome)).containsExactly("b", "c");
        assertThat(project.table("a")).hasSize(4);
        assertThat(project.table("c")).containsExactly("1|10", "2|20");
    }

    @Test
    void appendedRowsOfAFileCannotBeToldFromTheRest() {
        String nodes = """
                - name: a
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: csv, path: a.csv, mode: append}
                - name: b
                  depends_on: [a]
                  transform: {steps: ["select id, nope from a"]}
                """;
        project.nodes(nodes).run();

        Outcome outcome = project.nodes(nodes.replace("nope", "amount")).run("--resume");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .containsPattern("p.b: the rows that 'p.a' wrote to 'lake:a.csv' in run \\S+ cannot be read back as"
                        + " they were")
                .contains("help: run without --resume, or let 'p.a' write a Delta table");
        assertThat(project.query("select count(*) from read_csv('{lake}/a.csv')"))
                .containsExactly("2");
    }

    @Test
    void aFileThatLosesTypesIsWrittenAgainForItsReader() {
        String nodes = """
                - name: a
                  transform: {steps: ["select '007' as code"]}
                  write: {connection: lake, format: csv, path: a.csv}
                - name: b
                  depends_on: [a]
                  transform: {steps: ["select code, typeof(code) as t, nope from a"]}
                  write: {connection: lake, format: delta, table: b}
                """;
        project.nodes(nodes).run();

        Outcome outcome = project.nodes(nodes.replace(", nope", "")).run("--resume");

        assertThat(ran(outcome)).containsExactly("a", "b");
        assertThat(outcome.err()).contains("p.a runs: is needed by p.b\n");
        assertThat(project.table("b")).containsExactly("007|VARCHAR");
    }

    @Test
    void aNodeThatWritesNothingRunsOnlyForOneThatNeedsIt() {
        String nodes = """
                - name: base
                  read: {connection: in, format: csv, path: orders.csv}
                - name: one
                  depends_on: [base]
                  write: {connection: lake, format: delta, table: one, mode: append}
                - name: two
                  depends_on: [base]
                  transform: {steps: ["select id, nope from base"]}
                  write: {connection: lake, format: delta, table: two}
                """;
        project.nodes(nodes).run();

        Outcome outcome = project.nodes(nodes.replace(", nope", "")).run("--resume");

        assertThat(ran(outcome)).containsExactly("base", "two");
        assertThat(ran(resume())).as("base made only what was there before").isEmpty();
        assertThat(project.table("one")).hasSize(2);
    }

    @Test
    void aNodeThatWasAwayWhileItsInputRanRunsAgain() {
        chain("overwrite", "").run();
        project.nodes(CHAIN.replace("MODE", "overwrite")
                        .replace("AS_B", "")
                        .replace("- name: c\n", "- name: c\n  enabled: false\n"))
                .run();

        Outcome outcome = chain("overwrite", "").run("--resume");

        assertThat(ran(outcome)).containsExactly("c");
        assertThat(outcome.err()).contains("p.c runs: 'p.b' has run since\n");
    }

    @Test
    void whoAppendsToATableThatIsOverwrittenRunsAgain() {
        String nodes = """
                - name: first
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: t}
                - name: second
                  transform: {steps: ["select 9::bigint as id, 90::bigint as amount"]}
                  write: {connection: lake, format: delta, table: t, mode: append}
                """;
        project.nodes(nodes).run();
        project.file("orders.csv", "id,amount\n5,50\n");

        Outcome outcome = resume();

        assertThat(ran(outcome)).containsExactly("first", "second");
        assertThat(outcome.err()).contains("p.second runs: writes to the same place as p.first\n");
        assertThat(project.table("t")).containsExactly("5|50", "9|90");
    }

    @Test
    void sqlThatReadsFilesByItselfAlwaysRuns() {
        project.nodes("""
                - name: direct
                  transform: {steps: ["select * from '%1$s/orders.csv'"]}
                  write: {connection: lake, format: delta, table: d}
                - name: function
                  transform: {steps: ["select * from read_csv('%1$s/orders.csv')"]}
                  write: {connection: lake, format: delta, table: f}
                """.formatted(folder)).run();

        assertThat(ran(resume())).containsExactly("direct", "function");
    }

    @Test
    void descriptionsAndPlacesInTheFileAreNoChange() {
        chain("overwrite", "").run();
        project.nodes("# moved\n"
                + CHAIN.replace("MODE", "overwrite")
                        .replace("AS_B", "")
                        .replace("- name: b\n", "- name: b\n  description: new\n  tags: [x]\n"));

        assertThat(ran(resume())).isEmpty();
    }

    @Test
    void anIgnoredFailureRunsAgain() {
        project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: orders.csv}
                  transform: {steps: ["select nope from df"]}
                  write: {connection: lake, format: delta, table: a}
                  on_error: ignore
                """).run();

        assertThat(ran(resume())).containsExactly("a");
    }

    @Test
    void whatAKilledRunPlannedAndDidNotFinishRuns() throws SQLException {
        chain("overwrite", "").run();
        history("""
                INSERT INTO run (id, project, started_at, status, tarn_version, options)
                VALUES ('killed', 'test', '2999-01-01T00:00:00.000Z', 'running', '1', '')""");
        history("INSERT INTO node_result (run_id, pipeline, node, position, status)"
                + " VALUES ('killed', 'p', 'c', 2, 'planned')");

        Outcome outcome = resume();

        assertThat(ran(outcome)).containsExactly("c");
        assertThat(outcome.err()).contains("note: p.c runs: was not finished in run killed\n");
    }

    @Test
    void aNewerHistoryIsLeftAloneByARunAndRefusedByAResume() throws SQLException {
        chain("append", "").run();
        history("UPDATE schema_version SET version = 9");

        Outcome run = project.run();
        Outcome resumed = resume();

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("""
                warning: this run is not, or not wholly, in the history: 'PROJECT/.tarn/history.db' was made by a newer \
                Tarn (its tables have version 9, this Tarn knows 2)
                help: use that Tarn, or move the file away to start a new history
                """);
        assertThat(resumed.exitCode()).isEqualTo(2);
        assertThat(resumed.err()).contains("""
                error[TARN-0513]: --resume does not know what ran before: 'PROJECT/.tarn/history.db' was made by a newer Tarn (its \
                tables have version 9, this Tarn knows 2)
                help: use that Tarn, or move the file away to start a new history; or run without --resume. Nothing was \
                run
                """);
        assertThat(project.table("a")).hasSize(4);
    }

    @Test
    void aHistoryThatCannotBeWrittenFailsNoRun() throws IOException {
        Files.createDirectories(folder.resolve(".tarn/history.db"));

        Outcome outcome = chain("overwrite", "").run();

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err())
                .contains(
                        "warning: this run is not, or not wholly, in the history: 'PROJECT/.tarn/history.db' cannot be"
                                + " used: ");
        assertThat(project.table("c")).hasSize(2);
    }

    @Test
    void resumeOfADryRunIsAUsageError() {
        Outcome outcome = chain("overwrite", "").run("--resume", "--dry-run");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("error: --resume and --dry-run exclude each other");
    }

    @Test
    void resumeOfASelectionIsAUsageError() {
        for (String option : List.of("--select", "--exclude")) {
            Outcome outcome = chain("overwrite", "").run("--resume", option, "b");

            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.err())
                    .contains("error: --resume works on the whole project: it cannot be combined with --select or"
                            + " --exclude\n");
            assertThat(folder.resolve(".tarn")).doesNotExist();
        }
    }

    @Test
    void aRunOfSelectedNodesCountsForThemAndMakesTheirReadersRun() {
        chain("append", "").run();
        project.run("--select", "b");

        Outcome outcome = resume();

        assertThat(ran(outcome)).containsExactly("c");
        assertThat(outcome.err()).contains("note: p.c runs: 'p.b' has run since\n");
        assertThat(project.table("a")).hasSize(2);
        assertThat(ran(resume())).isEmpty();
    }

    @Test
    void aSelectedReaderOfATableByItsPlaceIsTheSameNodeInAWholeRun() {
        project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: a}
                - name: b
                  read: {connection: lake, format: delta, table: a}
                  write: {connection: lake, format: delta, table: b, mode: append}
                """).run();
        project.run("--select", "b");

        assertThat(ran(resume())).isEmpty();
        project.run("--select", "a");
        assertThat(ran(resume())).containsExactly("b");
    }

    @Test
    void aHelperIsNoReasonForItsOtherReadersToRun() {
        project.nodes("""
                - name: base
                  read: {connection: in, format: csv, path: orders.csv}
                - name: one
                  depends_on: [base]
                  write: {connection: lake, format: delta, table: one, mode: append}
                - name: two
                  depends_on: [base]
                  write: {connection: lake, format: delta, table: two}
                """).run();
        project.run("--select", "two");

        assertThat(ran(resume())).isEmpty();
        assertThat(project.table("one")).hasSize(2);
    }

    @Test
    void theHistoryTellsWhichEnvironmentAndWhichNodesWereAskedFor() throws SQLException {
        chain("overwrite", "").run();
        project.file("env.test.yaml", "retry: {max_attempts: 1}\n")
                .run("--env", "test", "--select", "b", "--exclude", "c");

        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(".tarn/history.db"));
                Statement statement = connection.createStatement();
                ResultSet run = statement.executeQuery("SELECT options FROM run ORDER BY started_at DESC LIMIT 1")) {
            assertThat(run.getString(1)).endsWith(" --env test --select 'b' --exclude 'c'");
        }
    }

    private void history(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(".tarn/history.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void delete(String path) throws IOException {
        try (Stream<Path> walk = Files.walk(folder.resolve(path))) {
            for (Path file : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
