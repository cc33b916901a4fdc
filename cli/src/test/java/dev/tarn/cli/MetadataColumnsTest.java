package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataColumnsTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder)
                .file("in/a.csv", "id\n1\n2\n")
                .file("in/b.csv", "id\n3\n")
                .file("in/c.json", "{\"id\": 4}\n");
    }

    private String columns(String table) {
        return project.query("SELECT string_agg(column_name, ',') FROM (DESCRIBE " + select(table) + ")")
                .get(0);
    }

    private String select(String table) {
        return dev.tarn.lake.DeltaTable.forPath(folder.resolve("lake").resolve(table))
                .snapshot()
                .orElseThrow()
                .toSql();
    }

    private java.util.List<String> rows(String columns, String table) {
        return project.query("SELECT " + columns + " FROM (" + select(table) + ") ORDER BY ALL").stream()
                .map(row -> row.replace(folder.toString(), "PROJECT"))
                .toList();
    }

    @Test
    void saysWhenAndFromWhichFileARowCame() {
        Outcome outcome = project.nodes("""
                - name: rows
                  read: {connection: in, format: csv, path: in/*.csv, filter: id <> 2}
                  write: {connection: lake, format: delta, table: rows, add_metadata: true}
                """).run();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(rows("id, _source_file", "rows")).containsExactly("1|PROJECT/in/a.csv", "3|PROJECT/in/b.csv");
        assertThat(rows("count(DISTINCT _extracted_at), max(_extracted_at) > now() - INTERVAL 1 HOUR", "rows"))
                .containsExactly("1|true");
        assertThat(columns("rows")).isEqualTo("id,_source_file,_extracted_at");
    }

    @Test
    void keepsTheFileThroughChecksAndInTheQuarantine() {
        Outcome outcome = project.nodes("""
                - name: rows
                  read: {connection: in, format: csv, path: in}
                  validation:
                    tests: [{type: range, column: id, max: 2, on_fail: quarantine}]
                    quarantine: {connection: lake, table: rejected}
                  write: {connection: lake, format: delta, table: rows, add_metadata: {extracted_at: false}}
                - name: more
                  read: {connection: in, format: json, path: in/c.json}
                  write: {connection: lake, format: parquet, path: more.parquet, add_metadata: {source_connection: true}}
                """).run();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(rows("*", "rows")).containsExactly("1|PROJECT/in/a.csv", "2|PROJECT/in/a.csv");
        assertThat(rows("id, _source_file", "rejected")).containsExactly("3|PROJECT/in/b.csv");
        assertThat(project.query(
                        "SELECT id, parse_filename(_source_file), _source_connection" + " FROM '{lake}/more.parquet'"))
                .containsExactly("4|c.json|in");
    }

    @Test
    void addsWhatIsKnownAndReplacesWhatIsThere() {
        Outcome outcome = project.nodes("""
                - name: bronze
                  read: {connection: in, format: csv, path: in/a.csv}
                  write: {connection: lake, format: delta, table: bronze, add_metadata: true}
                - name: silver
                  read: {connection: lake, format: delta, table: bronze}
                  transform: {steps: ["select *, 'old' as _Source_Table from df"]}
                  write:
                    connection: lake
                    format: delta
                    table: silver
                    add_metadata: {source_connection: true, source_table: true}
                - name: gold
                  depends_on: [silver]
                  write: {connection: lake, format: delta, table: gold, add_metadata: true}
                """).run();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(columns("silver")).isEqualTo("id,_source_file,_extracted_at,_source_connection,_source_table");
        assertThat(rows("id, _source_connection, _source_table", "silver"))
                .containsExactly("1|lake|bronze", "2|lake|bronze");
        assertThat(columns("gold")).isEqualTo("id,_source_file,_source_connection,_source_table,_extracted_at");
    }

    @Test
    void refusesAFileWithAColumnOfThatName() {
        project.file("in/a.csv", "id,_source_file\n1,x\n");

        Outcome outcome = project.nodes("""
                - name: rows
                  read: {connection: in, format: csv, path: in/a.csv}
                  write: {connection: lake, format: delta, table: rows, add_metadata: true}
                """).run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("option filename adds column '_source_file', but a column with this name is also in the"
                        + " file");
    }
}
