package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CSV, JSON and Parquet as targets. */
class FileWriteTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder).file("in.csv", "id,code\n1,007\n2,x\n");
    }

    private Outcome write(String write) {
        return project.nodes("""
                - name: copy
                  read: {connection: in, format: csv, path: in.csv, options: {all_varchar: true}}
                  write: {connection: lake, %s}
                """.formatted(write)).run();
    }

    @ParameterizedTest
    @CsvSource({"csv,out.csv", "json,out.json", "parquet,out.parquet"})
    void overwritesOneFileAndLeavesNoOther(String format, String path) throws IOException {
        write("format: " + format + ", path: " + path);
        Outcome second = write("format: " + format + ", path: " + path);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(project.query("from '{lake}/" + path + "'")).containsExactly("1|007", "2|x");
        assertThat(project.files("lake")).containsExactly(path);
    }

    @ParameterizedTest
    @CsvSource({"csv,out.csv", "json,out.json", "parquet,out.parquet"})
    void appendsKeepWhatWasThere(String format, String path) throws IOException {
        write("format: " + format + ", path: " + path + ", mode: append");
        Outcome second = write("format: " + format + ", path: " + path + ", mode: append");

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.out()).contains("2         2         0");
        String read = format.equals("csv") ? "read_csv('{lake}/out.csv', all_varchar = true)" : "'{lake}/" + path + "'";
        assertThat(project.query("from " + read)).containsExactly("1|007", "2|x", "1|007", "2|x");
        assertThat(project.files("lake")).containsExactly(path);
    }

    @Test
    void anAppendToCsvKeepsOldBytesAndTheOldOrderOfColumns() throws IOException {
        project.file("lake/out.csv", "code,id\n00,9");

        Outcome outcome = write("format: csv, path: out.csv, mode: append");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(Files.readString(folder.resolve("lake/out.csv"))).isEqualTo("code,id\n00,9\n007,1\nx,2\n");
    }

    @Test
    void anAppendOfOtherColumnsIsRefusedAndChangesNothing() throws IOException {
        project.file("lake/out.csv", "id,other\n1,2\n");

        Outcome outcome = write("format: csv, path: out.csv, mode: append");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .contains(
                        "error[TARN-0505]: p.copy: 'lake:out.csv' has the columns [id, other], the rows to append have [code, id]");
        assertThat(Files.readString(folder.resolve("lake/out.csv"))).isEqualTo("id,other\n1,2\n");
        assertThat(project.files("lake")).containsExactly("out.csv");
    }

    @ParameterizedTest
    @CsvSource({"csv,out.csv", "delta,out"})
    void errorIfExistsLeavesWhatIsThere(String format, String path) {
        write("format: " + format + ", path: " + path + ", mode: error_if_exists");

        Outcome second = write("format: " + format + ", path: " + path + ", mode: error_if_exists");

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("error[TARN-0506]");
    }

    @Test
    void partitionsOverwriteAndAppendAsOne() {
        write("format: parquet, path: parts, partition_by: code");
        write("format: parquet, path: parts, partition_by: code");
        assertThat(project.query("select id, code from '{lake}/parts/**/*.parquet' order by all"))
                .containsExactly("1|007", "2|x");

        Outcome append = write("format: parquet, path: parts, partition_by: code, mode: append");

        assertThat(append.exitCode()).as(append.err()).isZero();
        assertThat(project.query("select count(*) from '{lake}/parts/**/*.parquet'"))
                .containsExactly("4");
    }

    @Test
    void aFolderIsReadAsAllItsFiles() {
        write("format: parquet, path: parts, partition_by: code");

        Outcome outcome = project.nodes("""
                - name: back
                  read: {connection: lake, format: parquet, path: parts, options: {hive_types_autocast: false}}
                  write: {connection: lake, format: delta, table: back}
                """).run();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(project.table("back")).containsExactly("1|007", "2|x");
    }

    @Test
    void dependentsOfACsvSeeTypesNotText() {
        project.nodes("""
                - name: typed
                  transform: {steps: ["select date '2026-01-02' as d, '007' as code"]}
                  write: {connection: lake, format: csv, path: typed.csv}
                - name: after
                  depends_on: [typed]
                  transform: {steps: ["select typeof(d) || ' ' || typeof(code) as types, code from df"]}
                  write: {connection: lake, format: delta, table: after}
                """).run();

        assertThat(project.table("after")).containsExactly("DATE VARCHAR|007");
    }
}
