package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LsCommandTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder)
                .file("in.csv", "id\n1\n")
                .file("sql/clean.sql", "select * from df")
                .file("tarn.yaml", """
                        project: test
                        connections:
                          in: {type: local, base_path: .}
                          lake: {type: local, base_path: lake}
                        pipelines:
                          - pipeline: silver
                            layer: silver
                            tags: [nightly]
                            nodes:
                              - name: clean
                                tags: [pii]
                                inputs: {raw: $bronze.raw}
                                transform: {steps: [{sql_file: sql/clean.sql}]}
                                validation:
                                  tests: [{type: not_null, columns: [id], on_fail: quarantine}]
                                  quarantine: {connection: lake, table: rejected}
                                write: {connection: lake, format: delta, table: silver.clean}
                          - pipeline: bronze
                            nodes:
                              - name: raw
                                read: {connection: in, format: csv, path: in.csv}
                        """);
    }

    private Outcome ls(String... more) {
        String[] args = new String[more.length + 2];
        args[0] = "ls";
        args[1] = folder.toString();
        System.arraycopy(more, 0, args, 2, more.length);
        return project.tarn(args);
    }

    @Test
    void listsNodesInTheOrderInWhichTheyRun() {
        assertThat(ls()).isEqualTo(new Outcome(0, "bronze.raw\nsilver.clean\n", ""));
    }

    @Test
    void listsWhatIsSelected() {
        assertThat(ls("--select", "tag:nightly").out()).isEqualTo("silver.clean\n");
        assertThat(ls("--select", "path:sql").out()).isEqualTo("silver.clean\n");
        assertThat(ls("--select=raw+", "--exclude=raw").out()).isEqualTo("silver.clean\n");
        assertThat(ls("--select", "tag:x").exitCode()).isEqualTo(2);
    }

    @Test
    void jsonSaysWhatANodeTouches() throws IOException {
        Outcome outcome = ls("-o", "json");

        Map<String, Object> json = JSON.std.mapFrom(outcome.out());
        assertThat(json).containsEntry("schema", "tarn/ls/v1").containsEntry("project", "test");
        assertThat(json.get("nodes"))
                .isEqualTo(List.of(
                        Map.of(
                                "node", "bronze.raw",
                                "pipeline", "bronze",
                                "layer", "",
                                "tags", List.of(),
                                "reads", List.of("in:in.csv"),
                                "writes", List.of(),
                                "needs", List.of(),
                                "file", folder.resolve("tarn.yaml").toString(),
                                "line", 20),
                        Map.of(
                                "node", "silver.clean",
                                "pipeline", "silver",
                                "layer", "silver",
                                "tags", List.of("nightly", "pii"),
                                "reads", List.of(),
                                "writes", List.of("lake:silver.clean", "lake:rejected"),
                                "needs", List.of("bronze.raw"),
                                "file", folder.resolve("tarn.yaml").toString(),
                                "line", 10)));
    }

    @Test
    void aWrongProjectIsNotListed() throws IOException {
        project.file("tarn.yaml", "project: x\nconections: {}\n");

        Outcome outcome = ls("-o", "json");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(JSON.std.mapFrom(outcome.out()))
                .containsEntry("schema", "tarn/ls/v1")
                .containsEntry("status", "invalid");
        assertThat(ls().out()).isEmpty();
    }
}
