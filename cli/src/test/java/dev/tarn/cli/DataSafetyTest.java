package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ways in which rows or files of a user could be lost, and are not. */
@Timeout(60)
class DataSafetyTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder).file("x.csv", "id\n1\n2\n3\n");
    }

    private static void assertOk(Outcome outcome) {
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }

    private static void assertFailed(Outcome outcome, String message) {
        assertThat(outcome.exitCode()).as(outcome.err()).isNotZero();
        assertThat(outcome.err()).contains(message).doesNotContain("\tat ");
    }

    private String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    @Test
    void aPartitionedWriteDoesNotReplaceAFolderOfOtherThings() throws IOException {
        Outcome outcome = project.nodes("""
                - name: a
                  transform: {steps: ["select 1 as id, 'x' as p"]}
                  write: {connection: in, format: parquet, path: ., partition_by: p}
                """).run();

        assertFailed(outcome, "which no partitioned parquet write made");
        assertThat(read("x.csv")).isEqualTo("id\n1\n2\n3\n");
    }

    @Test
    void aPartitionedWriteDoesNotReplaceADeltaTable() {
        project.nodes("""
                - name: a
                  transform: {steps: ["select 1 as id"]}
                  write: {connection: lake, format: delta, path: t}
                """).run();

        Outcome outcome = project.nodes("""
                - name: a
                  transform: {steps: ["select 1 as id, 'x' as p"]}
                  write: {connection: lake, format: parquet, path: t, partition_by: p}
                """).run();

        assertFailed(outcome, "no partitioned parquet write made");
        assertThat(project.table("t")).containsExactly("1");
    }

    @Test
    void whoReadsANodeGetsItsRowsWhateverBecameOfItsSource() throws IOException {
        assertOk(project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: x.csv}
                  write: {connection: in, format: csv, path: y.csv}
                - name: b
                  transform: {steps: ["select 99 as id"]}
                  write: {connection: in, format: csv, path: x.csv}
                - name: c
                  inputs: {df: $p.a, b: $p.b}
                  write: {connection: in, format: csv, path: z.csv}
                """).run());

        assertThat(read("z.csv")).isEqualTo("id\n1\n2\n3\n");
        assertThat(read("x.csv")).isEqualTo("id\n99\n");
    }

    @Test
    void anAppendToItsOwnSourceIsSeenOnce() throws IOException {
        assertOk(project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: x.csv}
                  write: {connection: in, format: csv, path: x.csv, mode: append}
                - name: b
                  depends_on: [a]
                  write: {connection: in, format: csv, path: b.csv}
                """).run());

        assertThat(read("b.csv")).isEqualTo("id\n1\n2\n3\n");
        assertThat(read("x.csv")).isEqualTo("id\n1\n2\n3\n1\n2\n3\n");
    }

    @Test
    void aRandomFilterGivesTheFileAndItsReaderTheSameRows() throws IOException {
        project.file("many.csv", "id\n" + "7\n".repeat(1000));
        assertOk(project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: many.csv, filter: random() < 0.5}
                  write: {connection: in, format: csv, path: a.csv}
                - name: b
                  depends_on: [a]
                  write: {connection: in, format: csv, path: b.csv}
                """).run());

        assertThat(read("a.csv")).isEqualTo(read("b.csv"));
    }

    @Test
    void nothingIsAppendedToAJsonArrayOrToCsvOfAnotherShape() throws IOException {
        project.file("a.json", " [{\"id\":1}]").file("b.csv", "id;v\n1;x\n");
        Outcome outcome = project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: x.csv}
                  write: {connection: in, format: json, path: a.json, mode: append}
                - name: b
                  transform: {steps: ["select 3 as id, 'n' as v"]}
                  write: {connection: in, format: csv, path: b.csv, mode: append}
                """).run();

        assertFailed(outcome, "'in:a.json' is a JSON array");
        assertFailed(outcome, "'in:b.csv' has the columns [id;v]");
        assertThat(read("a.json")).isEqualTo(" [{\"id\":1}]");
        assertThat(read("b.csv")).isEqualTo("id;v\n1;x\n");
    }

    @Test
    void aPartitionedAppendNeedsTheSameColumnsAndPartitions() {
        String nodes = """
                - name: a
                  transform: {steps: ["select 1 as id, 'x' as p%s"]}
                  write: {connection: lake, format: parquet, path: o, partition_by: %s, mode: append}
                """;
        assertOk(project.nodes(nodes.formatted("", "p")).run());

        assertFailed(project.nodes(nodes.formatted(", 2 as more", "p")).run(), "has the columns [id, p]");
        assertFailed(project.nodes(nodes.formatted("", "id")).run(), "is partitioned by [p]");
        assertOk(project.nodes(nodes.formatted("", "p")).run());
        assertThat(project.query("select count(*) from '{lake}/o/**/*.parquet'"))
                .containsExactly("2");
    }

    @Test
    void aFolderMeansItsVisibleFilesOfTheFormatAndAllTheirColumns() {
        project.file("in/a.csv", "id\n1\n")
                .file("in/B.CSV", "id,more\n2,m\n")
                .file("in/.hidden.csv", "id\n9\n")
                .file("in/.o.tarn-old-1/c.csv", "id\n9\n")
                .file("in/_temporary/d.csv", "id\n9\n")
                .file("in/notes.txt", "nothing");
        assertOk(project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: in}
                  write: {connection: lake, format: delta, path: t}
                """).run());

        assertThat(project.table("t")).containsExactlyInAnyOrder("1|null", "2|m");
    }

    @Test
    void namesOfUsersDoNotMeetOurs() {
        assertOk(project.nodes("""
                - name: tarn_1
                  transform: {steps: ["select 'fake' as v"]}
                - name: kept
                  transform: {steps: ["select 'real' as v"]}
                - name: one
                  inputs: {kept: $p.kept, tarn_1: $p.tarn_1}
                  transform: {steps: ["select * from kept union all select * from tarn_1"]}
                  write: {connection: lake, format: delta, path: one}
                - name: two
                  depends_on: [kept]
                  transform: {steps: ["select v, v = 'x' as __tarn_broken_0 from df"]}
                  validation:
                    tests: [{type: regex_match, column: v, pattern: real, on_fail: quarantine}]
                    quarantine: {connection: lake, table: rejected}
                  write: {connection: lake, format: delta, path: two}
                """).run("--workers", "1"));

        assertThat(project.table("one")).containsExactly("fake", "real");
        assertThat(project.table("two")).containsExactly("real|false");
    }

    @Test
    void aPatternWaitsForTheFilesThatOtherNodesMake() throws IOException {
        project.file("in/old.csv", "id\n100\n");
        assertOk(project.nodes("""
                - name: w
                  read: {connection: in, format: csv, path: x.csv}
                  write: {connection: in, format: csv, path: in/new.csv}
                - name: r
                  read: {connection: in, format: csv, path: "in/**/*.csv"}
                  write: {connection: in, format: csv, path: r.csv}
                """).run());

        assertThat(read("r.csv").lines()).hasSize(5);
    }

    @Test
    void aFileWhoseNameLooksLikeAPatternIsThatFile() throws IOException {
        project.file("x[1].csv", "id\n1\n").file("x1.csv", "id\n666\n");
        assertOk(project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: "x[1].csv"}
                  write: {connection: in, format: csv, path: r.csv}
                """).run());

        assertThat(read("r.csv")).isEqualTo("id\n1\n");
    }

    @Test
    void longChainsAndManyNamesForOneTableAreNoProblem() {
        StringBuilder nodes = new StringBuilder("""
                - name: n0
                  transform: {steps: ["select 0 as a"]}
                """);
        for (int i = 1; i <= 250; i++) {
            nodes.append("- {name: n")
                    .append(i)
                    .append(", depends_on: [n")
                    .append(i - 1)
                    .append("], transform: {steps: [select a + 1 as a from df, select a from df]}}\n");
        }
        nodes.append("""
                - name: last
                  depends_on: [n250]
                  transform: {steps: ["select df.a + n250.a as a from df, n250"]}
                  write: {connection: lake, format: delta, path: t}
                """);

        assertOk(project.nodes(nodes.toString()).run());
        assertThat(project.table("t")).containsExactly("500");
    }

    @Test
    void dfIsTheStepBeforeAlsoWithoutAnInput() {
        assertOk(project.nodes("""
                - name: a
                  transform: {steps: ["select 1 as id"]}
                - name: b
                  transform: {steps: ["select id + 1 as id from a", "select id * 10 as id from df"]}
                  write: {connection: lake, format: delta, path: t}
                """).run());

        assertThat(project.table("t")).containsExactly("20");
    }

    @Test
    void emptyOutputsCanBeAppendedToAndReadBack() throws IOException {
        String nodes = """
                - name: a
                  read: {connection: in, format: csv, path: x.csv, filter: id > %s}
                  write: {connection: in, format: json, path: a.json, mode: append}
                - name: b
                  read: {connection: in, format: csv, path: x.csv}
                  write: {connection: in, format: csv, path: b.csv, mode: append, options: {header: false}}
                """;
        assertOk(project.nodes(nodes.formatted("10")).run());
        assertOk(project.nodes(nodes.formatted("2")).run());

        assertThat(read("a.json")).isEqualTo("{\"id\":3}\n");
        assertThat(read("b.csv")).isEqualTo("1\n2\n3\n1\n2\n3\n");
    }

    @Test
    void anEmptyFileIsNotMadeIntoAColumn() {
        project.file("empty.csv", "");

        assertFailed(project.nodes("""
                        - name: a
                          read: {connection: in, format: csv, path: empty.csv}
                          write: {connection: lake, format: delta, path: t}
                        """).run(), "'in:empty.csv' is empty, so its columns are not known");
    }

    @Test
    void aCheckOfAMissingColumnIsShownAtTheCheck() {
        Outcome outcome = project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: x.csv}
                  validation:
                    tests:
                      - {type: range, column: idd, min: 0, max: .inf}
                """).run();

        assertFailed(outcome, "unknown column 'idd'");
        assertFailed(outcome, "tarn.yaml:12:");
        assertFailed(outcome, "did you mean 'id'?");
    }

    @Test
    void aNodeThatWritesNothingStillComputesItsColumns() {
        assertFailed(project.nodes("""
                        - name: a
                          transform: {steps: ["select x::int as bad from (select 'x' as x)"]}
                        """).run(), "could not convert string 'x'");
    }

    @Test
    void rowsOfAQuarantineCanBeCheckedAgain() {
        String nodes = """
                - name: a
                  read: {connection: in, format: csv, path: x.csv}
                  validation:
                    tests: [{type: range, column: id, max: 1, on_fail: quarantine}]
                    quarantine: {connection: lake, table: q1}
                  write: {connection: lake, format: delta, path: t}
                - name: b
                  read: {connection: lake, format: delta, path: q1}
                  validation:
                    tests: [{type: range, column: id, max: 2, on_fail: quarantine}]
                    quarantine: {connection: lake, table: q2, add_columns: {rejected_at: false, source_batch_id: false}}
                  write: {connection: lake, format: delta, path: again}
                """;

        assertOk(project.nodes(nodes).run());
        assertThat(project.table("q2")).hasSize(1);
        assertThat(project.table("q2").get(0)).startsWith("3|").endsWith("'id' must be at most 2|range_id");
    }
}
