package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateSelectionTest {

    private static final String NODES = """
            - name: a
              description: first
              read: {connection: in, format: csv, path: in.csv}
              write: {connection: lake, format: delta, table: a}
            - name: b
              depends_on: [a]
              transform: {steps: [{sql_file: sql/b.sql}]}
              validation: {tests: [{type: range, column: id, min: 0}]}
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
        project = write(new TestProject(folder.resolve("now")));
    }

    private static TestProject write(TestProject project) {
        return project.file("in.csv", "id\n1\n2\n")
                .file("sql/b.sql", "select id from a")
                .nodes(NODES);
    }

    private Outcome ls(String... more) {
        String[] args = new String[more.length + 2];
        args[0] = "ls";
        args[1] = project.folder.toString();
        System.arraycopy(more, 0, args, 2, more.length);
        Outcome outcome = project.tarn(args);
        return new Outcome(outcome.exitCode(), outcome.out(), outcome.err().replaceAll("\\d{8}T\\w+-\\w+", "RUN"));
    }

    private static String runOf(Outcome run) {
        return run.out().replaceFirst("(?s).*\\((\\S+Z-\\S+)\\)\n.*", "$1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            table: b            | table: b2                            | p.b: write changed
            min: 0              | min: 1                               | p.b: validation changed
            sql/b.sql           | sql/b2.sql                           | p.b: SQL changed
            path: in.csv        | path: in*.csv                        | p.a: inputs changed
            depends_on: [b]     | depends_on: [b], on_error: fail_fast | p.c: settings changed
            """)
    void saysWhyANodeCountsAsModified(String before, String after, String note) {
        project.file("sql/b2.sql", "select id + 1 as id from a").run();
        project.nodes(NODES.replace(before, after.replace(", ", "\n  ")));

        Outcome outcome = ls("--select", "state:modified");

        assertThat(outcome.err()).isEqualTo("note: compared with run RUN\nnote: " + note + "\n");
        assertThat(outcome.out()).isEqualTo(note.substring(0, 3) + "\n");
    }

    @Test
    void descriptionsAndPlacesAreNoChange() {
        project.run();
        project.nodes(NODES.replace("first", "the first") + "# the end\n");

        assertThat(ls("--select", "state:modified")).isEqualTo(new Outcome(0, "", "note: compared with run RUN\n"));
        assertThat(ls("--select", "state:unmodified").out()).isEqualTo("p.a\np.b\np.c\n");
    }

    @Test
    void comparesWithACopyOfTheProjectWhereverThatIs() {
        TestProject copy = write(new TestProject(folder.resolve("then")));

        assertThat(ls("--select", "state:modified", "--state", copy.folder.toString())
                        .out())
                .isEmpty();

        copy.file("sql/b.sql", "select id, 1 as one from a").nodes(NODES.replace("name: c", "name: x"));

        Outcome outcome = ls("--select", "state:modified", "--state", copy.folder.toString());
        assertThat(outcome.out()).isEqualTo("p.b\np.c\n");
        assertThat(outcome.err()).isEqualTo("""
                note: compared with '%s'
                note: p.b: SQL changed
                note: p.c is new
                note: p.x is no longer there
                """.formatted(copy.folder));
        assertThat(ls("--select", "state:new", "--state", copy.folder.toString())
                        .out())
                .isEqualTo("p.c\n");
    }

    @Test
    void comparesWithASavedManifest() throws IOException {
        String saved = folder.resolve("saved").toString();
        assertThat(ls("--save-state", saved).exitCode()).isZero();
        project.file("sql/b.sql", "select id, 1 as one from a");

        assertThat(ls("--select", "state:modified+", "--state", saved).out()).isEqualTo("p.b\np.c\n");

        Files.writeString(Path.of(saved), "nonsense");
        assertThat(ls("--select", "state:modified+", "--state", saved))
                .isEqualTo(new Outcome(2, "", """
                        error: '%s' is no manifest that this Tarn understands
                        help: make one with 'tarn ls --save-state FILE'
                        """.formatted(saved)));
    }

    @Test
    void jsonSaysHowEachNodeStands() throws IOException {
        String run = runOf(project.run());
        project.file("sql/b.sql", "select id, 1 as one from a");

        Map<String, Object> json = JSON.std.mapFrom(
                ls("--select", "state:modified+", "--state", run, "-o", "json").out());

        assertThat(json).containsEntry("compared_with", "run " + run);
        assertThat((List<?>) json.get("nodes"))
                .extracting("node", "state", "changed")
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("p.b", "modified", List.of("sql")),
                        org.assertj.core.groups.Tuple.tuple("p.c", "unmodified", List.of()));
    }

    @Test
    void aRunOfWhatHasChangedReadsTheRestWhereItIs() {
        project.run();
        project.file("sql/b.sql", "select id * 10 as id from a");

        Outcome outcome = project.run("--select", "state:modified+");

        assertThat(outcome.err()).contains("note: p.b: SQL changed\n").doesNotContain("  ok      p.a");
        assertThat(project.table("c")).containsExactly("10", "20");
    }

    @Test
    void aRunOfSomeNodesStillRemembersWhatAllOfThemWere() {
        project.run("--select", "a");

        assertThat(ls("--select", "state:new").out()).isEmpty();
    }

    @Test
    void nothingToDoIsASuccess() throws IOException {
        project.run();

        Outcome outcome = project.run("--select", "state:modified+", "-o", "json");

        assertThat(outcome.exitCode()).isZero();
        assertThat(JSON.std.mapFrom(outcome.out()))
                .containsEntry("schema", "tarn/run/v1")
                .containsEntry("status", "nothing_to_do");
        assertThat(project.run("--select", "state:new").out()).isEqualTo("nothing to do: no node is selected\n");
        assertThat(ls("--select", "state:modified").exitCode()).isZero();
    }

    @Test
    void selectsByTheResultOfTheLastRun() {
        project.run();
        project.file("in.csv", "id\n-1\n2\n").run();

        assertThat(ls("--select", "result:error").out()).isEqualTo("p.b\n");
        assertThat(ls("--select", "result:fail+").out()).isEqualTo("p.b\np.c\n");
        assertThat(ls("--select", "result:skipped").out()).isEqualTo("p.c\n");
        assertThat(ls("--select", "result:success").out()).isEqualTo("p.a\n");

        project.file("in.csv", "id\n1\n2\n3\n").run("--select", "a");
        Outcome again = project.run("--select", "result:success+");

        assertThat(again.exitCode()).isZero();
        assertThat(project.table("c")).containsExactly("1", "2", "3");
    }

    @Test
    void selectsByTheResultOfANamedRun() {
        String good = runOf(project.run());
        project.file("in.csv", "id\n-1\n").run();

        assertThat(ls("--select", "result:error", "--state", good).out()).isEmpty();
        assertThat(ls("--select", "result:error", "--state", "last").out()).isEqualTo("p.b\n");
    }

    @Test
    void saysWhenThereIsNothingToCompareWith() {
        assertThat(ls("--select", "state:modified")).isEqualTo(new Outcome(2, "", """
                        error: there is nothing to compare with: no run of 'test' is recorded
                        help: run the project once, or compare it with a copy: --state FOLDER
                        """));
        assertThat(Files.exists(project.folder.resolve(".tarn"))).isFalse();

        project.run();

        assertThat(ls("--select", "state:modified", "--state", "nowhere").err()).startsWith("""
                        error: --state 'nowhere' is neither a folder, a file nor a run of 'test'
                        help: the last run is RUN
                        """);
        assertThat(ls("--select", "result:error", "--state", project.folder.toString())
                        .err())
                .isEqualTo("""
                        error: 'result:' asks for a run, and 'PROJECT' is none
                        help: use --state with the name of a run; without it the last one is taken
                        """);
        assertThat(ls("--select", "a", "--state", "last").err()).isEqualTo("""
                        error: --state has no effect: no selector asks for it
                        help: use it with --select state:modified, state:new or result:error
                        """);
    }

    @Test
    void anInvalidCopyIsToldWithItsFirstMistake() {
        TestProject copy = write(new TestProject(folder.resolve("then"))).nodes("- {name: a, raed: x}\n");

        assertThat(ls("--select", "state:modified", "--state", copy.folder.toString())
                        .err())
                .contains("error: the project to compare with is not valid: unknown key 'raed' in node 'a' (")
                .contains("then/tarn.yaml:8:");
    }

    @Test
    void eachEnvironmentHasItsOwnRuns() {
        project.file("env.prod.yaml", "description: there\n").run();

        assertThat(ls("--env", "prod", "--select", "state:modified").err())
                .contains("no run of 'test@prod' is recorded");
        project.run("--env", "prod");
        assertThat(ls("--env", "prod", "--select", "state:modified").exitCode()).isZero();
    }

    @Test
    void namesItsRunsForShells() {
        assertThat(ls("--runs").out()).isEmpty();

        String first = runOf(project.run());
        String second = runOf(project.run());

        assertThat(project.tarn("ls", project.folder.toString(), "--runs").out())
                .isEqualTo(second + "\n" + first + "\n");
    }
}
