package dev.tarn.notebook.item;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.source.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

    @TempDir
    Path root;

    private final Problems problems = new Problems();

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void platform(String folder, String type, String name, String id) throws IOException {
        file(folder + "/.platform", """
                {"$schema": "x", "metadata": {"type": "%s", "displayName": "%s"},
                 "config": {"version": "2.0", "logicalId": "%s"}}""".formatted(type, name, id));
    }

    private Workspace scan() {
        return Workspace.scan(root, problems);
    }

    @Test
    void findsItemsOfAnyDepthByFolderAndByPlatform() throws IOException {
        platform("1 source/Orders.Notebook", "Notebook", "Orders ", "a1");
        platform("6f1c", "Lakehouse", "sales", "00000000-0000-0000-0000-000000000000");
        file("bare/Clean&#58;up.Notebook/notebook-content.py", "");
        file(".hidden/X.Notebook/notebook-content.py", "");

        Workspace workspace = scan();

        assertThat(workspace.items())
                .extracting(item -> item.type() + " " + item.name())
                .containsExactly("Notebook Orders ", "Lakehouse sales", "Notebook Clean:up");
        assertThat(workspace.find("Notebook", "orders")).isPresent();
        assertThat(workspace.byLogicalId("A1").map(Item::name)).contains("Orders ");
        assertThat(workspace.items().get(1).logicalId()).isEmpty();
        assertThat(workspace.missing("Notebook", "Ordrs")).isEqualTo("did you mean 'Orders'?");
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void saysWhereAPlatformFileIsWrong() throws IOException {
        file("A.Notebook/.platform", "{\"metadata\": {\"displayName\": \"A\"}}");
        file("B.Notebook/.platform", "{\n<<<<<<< HEAD\n");

        scan();

        assertThat(problems.all().stream()
                        .map(p -> p.span().line() + ":" + p.span().column() + " " + p.message()))
                .containsExactly(
                        "1:14 the .platform file has no metadata.type",
                        "2:1 the file is not valid JSON: the name of a member in double quotes is expected here");
    }

    @Test
    void readsVariableLibrariesWithTheirSets() throws IOException {
        file("V.VariableLibrary/variables.json", """
                {"variables": [{"name": "BASE_URL", "type": "String", "value": "https://dev"},
                               {"name": "LIMIT", "type": "Integer", "value": 5},
                               {"name": "ON", "type": "Boolean", "value": false}]}""");
        file("V.VariableLibrary/settings.json", "{\"valueSetsOrder\": [\"prod\", \"gone\"]}");
        file(
                "V.VariableLibrary/valueSets/prod.json",
                "{\"name\": \"prod\", \"variableOverrides\": [{\"name\": \"ON\", \"value\": true}]}");

        VariableLibrary library = VariableLibrary.read(scan().items().get(0), problems);

        assertThat(library.valueSets()).containsExactly("prod", "gone");
        assertThat(library.in(""))
                .extracting(v -> v.type() + " " + v.value())
                .containsExactly("String https://dev", "Integer 5", "Boolean false");
        assertThat(library.in("prod").get(2).value()).isEqualTo("true");
    }

    @Test
    void readsLakehousesWithAndWithoutSchemas() throws IOException {
        file("a.Lakehouse/lakehouse.metadata.json", "{}");
        file("b.Lakehouse/lakehouse.metadata.json", "{\"defaultSchema\":\"dbo\"}");
        file("b.Lakehouse/shortcuts.metadata.json", "[{\"name\": \"raw\", \"path\": \"/Files\", \"target\": {}}]");
        platform("c", "Lakehouse", "c", "c1");

        List<Lakehouse> all = scan().items().stream()
                .map(item -> Lakehouse.read(item, problems))
                .toList();

        assertThat(all)
                .extracting(Lakehouse::defaultSchema)
                .containsExactly(Optional.empty(), Optional.of("dbo"), Optional.empty());
        assertThat(all.get(1).shortcuts()).containsExactly("Files/raw");
    }

    @Test
    void readsEnvironments() throws IOException {
        file("E.Environment/Setting/Sparkcompute.yml", "driver_cores: 8\nruntime_version: 1.3\n");
        file("E.Environment/Libraries/PublicLibraries/environment.yml", """
                dependencies:
                  - python=3.11
                  - pip:
                    - faker==30.1.0
                    - "pyyaml" # any
                """);
        file("E.Environment/Libraries/CustomLibraries/sdk-1.0-py3-none-any.whl", "");

        Environment environment = Environment.read(scan().items().get(0));

        assertThat(environment.runtime()).contains("1.3");
        assertThat(environment.libraries()).containsExactly("faker==30.1.0", "pyyaml");
        assertThat(environment.wheels()).hasSize(1);
    }

    @Test
    void findsTheNotebooksOfAPipelineInLoopsAndBranches() throws IOException {
        file("P.DataPipeline/pipeline-content.json", """
                {"properties": {"activities": [
                  {"name": "source", "type": "TridentNotebook", "dependsOn": [],
                   "typeProperties": {"notebookId": "n1", "parameters": {
                     "day": {"value": {"value": "@pipeline().parameters.day", "type": "Expression"}, "type": "string"},
                     "full": {"value": true, "type": "bool"}}}},
                  {"name": "each", "type": "ForEach", "typeProperties": {"activities": [
                    {"name": "inner", "type": "TridentNotebook", "dependsOn": [{"activity": "source"}],
                     "typeProperties": {"notebookId": "n2"}}]}},
                  {"name": "switch", "type": "Switch", "typeProperties": {"cases": [{"value": "a", "activities": [
                    {"name": "case", "type": "TridentNotebook", "typeProperties": {"notebookId": "n3"}}]}]}}]}}""");

        Pipeline pipeline = Pipeline.read(scan().items().get(0), problems);

        assertThat(pipeline.activities())
                .extracting(a -> a.name() + " " + a.notebookId())
                .containsExactly("source n1", "inner n2", "case n3");
        assertThat(pipeline.activities().get(0).parameters())
                .isEqualTo(Map.of("day", "@pipeline().parameters.day", "full", "true"));
        assertThat(pipeline.activities().get(1).dependsOn()).containsExactly("source");
    }

    @Test
    void theRootIsWhereTheRepositoryBegins() throws IOException {
        file("repo/.git/HEAD", "");
        file("repo/ws/a/X.Notebook/notebook-content.py", "");
        file("other/Y.Notebook/notebook-content.py", "");

        assertThat(Workspace.rootOf(root.resolve("repo/ws/a/X.Notebook"))).isEqualTo(root.resolve("repo"));
        assertThat(Workspace.rootOf(root.resolve("repo/ws/a/X.Notebook/notebook-content.py")))
                .isEqualTo(root.resolve("repo"));
    }
}
