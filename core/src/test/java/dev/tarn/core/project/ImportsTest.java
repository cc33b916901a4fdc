package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.connection.LocalConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportsTest {

    @TempDir
    Path folder;

    @Test
    void laysTheImportingFileOverTheImportedAndLaterOverEarlierOnes() {
        write("a.yaml", "vars: {x: a, y: a, z: a, m: {k: a, l: a}, list: [a, a]}\nowner: a\nversion: a\n");
        write("b.yaml", "vars: {x: b, y: b, m: {k: b}, list: [b]}\nversion: b\n");

        Project project = load("""
                imports: [a.yaml, b.yaml]
                project: p
                description: "${vars.x} ${vars.y} ${vars.z} ${vars.m.k} ${vars.m.l}"
                vars: {x: main}
                connections: {c: {type: local}}
                pipelines:
                  - pipeline: p
                    nodes: [{name: n, tags: "${vars.list}", transform: {steps: [SELECT 1]}}]
                """).project();

        assertThat(project.description()).isEqualTo("main b a b a");
        assertThat(project.owner()).isEqualTo("a");
        assertThat(project.version()).isEqualTo("b");
        assertThat(project.pipelines().get(0).nodes().get(0).tags()).containsExactly("b");
    }

    @Test
    void nullTakesAnImportedValueAway() {
        write("a.yaml", "owner: a\nconnections: {c: {type: local, base_path: x}}\n");

        Project project = load("imports: a.yaml\nowner: null\nconnections: {c: {base_path: ~}}\n")
                .project();

        assertThat(project.owner()).isEmpty();
        assertThat(((LocalConnection) project.connections().get(0)).basePath()).isEqualTo(folder.resolve("data"));
    }

    @Test
    void addsUpPipelinesInTheOrderOfImportsAndItsOwnLast() {
        write("sub/a.yaml", "imports: b.yaml\n" + pipeline("a"));
        write("sub/b.yaml", pipeline("b"));
        write("c.yaml", pipeline("c"));

        assertThat(load("imports: [sub/a.yaml, c.yaml]\n" + pipeline("main"))
                        .project()
                        .pipelines())
                .extracting(Pipeline::name)
                .containsExactly("b", "a", "c", "main");
        assertThat(load("imports: [c.yaml]\n").project().pipelines())
                .extracting(Pipeline::name)
                .containsExactly("c");
        assertThat(load("imports: [c.yaml]\npipelines:\n").messages())
                .doesNotContain("error MISSING_KEY 2:1 'pipelines' has no value [give it one]");
    }

    @Test
    void readsAFileThatSeveralImportOnce() throws Exception {
        write("common.yaml", pipeline("common"));
        write("a.yaml", "imports: common.yaml\n" + pipeline("a"));
        write("b.yaml", "imports: [./common.yaml, linked.yaml]\n" + pipeline("b"));
        Files.createSymbolicLink(folder.resolve("linked.yaml"), folder.resolve("common.yaml"));

        ProjectFixture.Loaded loaded = load("imports: [a.yaml, b.yaml, a.yaml]\n");

        assertThat(loaded.project().pipelines()).extracting(Pipeline::name).containsExactly("common", "a", "b");
        assertThat(loaded.messages()).noneMatch(m -> m.contains("two pipelines"));
    }

    @Test
    void manyPathsToOneFileAreNoWork() {
        for (int i = 0; i < 60; i++) {
            write("f" + i + ".yaml", "imports: [f" + (i + 1) + ".yaml, f" + (i + 1) + ".yaml]\n");
        }
        write("f60.yaml", pipeline("last"));

        assertThat(load("imports: f0.yaml\n").project().pipelines()).hasSize(1);
    }

    @Test
    void findsSqlBesideTheFileThatNamesItAndFoldersBesideTheProject() {
        write("sub/a.yaml", """
                connections: {c: {type: local, base_path: lake}}
                pipelines:
                  - pipeline: p
                    nodes: [{name: n, transform: {steps: [{sql_file: q.sql}]}}]
                """);
        write("sub/q.sql", "SELECT 7");
        write("q.sql", "SELECT 8");

        Project project = load("imports: sub/a.yaml\nproject: x\n").project();

        Step step = project.pipelines().get(0).nodes().get(0).steps().get(0);
        assertThat(step.text()).hasToString("SELECT 7");
        assertThat(step.text().start()).hasToString(folder.resolve("sub/q.sql") + ":1:1");
        assertThat(((LocalConnection) project.connections().get(0)).basePath()).isEqualTo(folder.resolve("lake"));
    }

    @Test
    void takesPathsFromTheEnvironment() {
        write("prod/a.yaml", "owner: prod\n");

        ProjectFixture fixture = new ProjectFixture(folder, Map.of("STAGE", "prod"));

        assertThat(fixture.load("imports: ${STAGE}/a.yaml\n").project().owner()).isEqualTo("prod");
    }

    private ProjectFixture.Loaded load(String yaml) {
        return new ProjectFixture(folder).load(yaml);
    }

    private void write(String name, String text) {
        new ProjectFixture(folder).write(name, text);
    }

    private static String pipeline(String name) {
        return "pipelines: [{pipeline: " + name + ", nodes: [{name: n, transform: {steps: [SELECT 1]}}]}]\n";
    }
}
