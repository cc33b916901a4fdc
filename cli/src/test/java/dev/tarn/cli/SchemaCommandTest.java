package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Holds the schema against projects that the loader takes, and against those that it refuses for their keys. */
class SchemaCommandTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern DOCUMENTED =
            Pattern.compile("^```yaml\\n(project:.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir
    Path folder;

    private static final Schema SCHEMA = schema();

    private static Schema schema() {
        String text = new TestProject(Path.of(".")).tarn("schema").out();
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text);
    }

    private static List<String> errors(String yaml) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new org.snakeyaml.engine.v2.schema.CoreSchema())
                .build();
        try {
            String json = JSON.std.asString(new Load(settings).loadFromString(yaml));
            return SCHEMA.validate(json, InputFormat.JSON).stream()
                    .map(Object::toString)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Path> good() throws IOException {
        List<Path> roots = List.of(
                ROOT.resolve("examples"),
                Path.of("src/main/resources/dev/tarn/cli/init"),
                ROOT.resolve("core/src/test/projects/every-key"),
                ROOT.resolve("core/src/test/projects/flights"));
        Stream.Builder<Path> files = Stream.builder();
        for (Path root : roots) {
            try (Stream<Path> below = Files.walk(root)) {
                below.filter(file -> file.toString().endsWith(".yaml")).forEach(files);
            }
        }
        return files.build();
    }

    @ParameterizedTest
    @MethodSource("good")
    void takesEveryProjectThatTheLoaderTakes(Path project) throws IOException {
        assertThat(errors(Files.readString(project))).isEmpty();
    }

    @Test
    void takesTheProjectsOfTheDocumentation() throws IOException {
        int found = 0;
        try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
            for (Path page : pages.filter(p -> p.toString().endsWith(".md")).toList()) {
                for (String yaml : DOCUMENTED
                        .matcher(Files.readString(page))
                        .results()
                        .map(match -> match.group(1))
                        .toList()) {
                    assertThat(errors(yaml)).as(page.toString()).isEmpty();
                    found++;
                }
            }
        }
        assertThat(found).isPositive();
    }

    static Stream<Path> withWrongKeys() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("core/src/test/projects/problems"))) {
            return files
                    .filter(file -> file.toString().endsWith(".expected"))
                    .filter(file -> read(file).matches("(?s).*error (UNKNOWN|UNSUPPORTED)_KEY \\d.*"))
                    .map(file ->
                            file.resolveSibling(file.getFileName().toString().replace(".expected", ".yaml")))
                    .toList()
                    .stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("withWrongKeys")
    void refusesKeysThatTheLoaderRefuses(Path project) throws IOException {
        assertThat(errors(Files.readString(project))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xproject: y",
                "retry: {x: 1}",
                "retry: {max_attempts: 11}",
                "connections: {x: {type: locl}}",
                "connections: {x: {type: local, path: y}}",
                "environments: {prod: {project: x}}",
                "environments: {prod: {pipelines: [{pipeline: p, nodes: [{name: a, wite: {}}]}]}}",
                "pipelines: [{pipeline: p, nodes: []}, {pipelne: q, nodes: []}]",
                "pipelines: [{pipeline: p, nodes: [{nme: a}]}]",
                "pipelines: [{pipeline: p, nodes: [{name: a, read: {connection: x, format: xls, path: y}}]}]",
                "pipelines: [{pipeline: p, nodes: [{name: a, read: {connection: x, format: csv, pth: y}}]}]",
                "pipelines: [{pipeline: p, nodes: [{name: a, inputs: {x: {connection: x, format: csv, pth: y}}}]}]",
                "pipelines: [{pipeline: p, nodes: [{name: a, transform: {steps: [{sqlfile: x}]}}]}]",
                "pipelines: [{pipeline: p, nodes: [{name: a, enabled: perhaps}]}]",
                "pipelines: [{pipeline: p, nodes: [{name: a, columns: {c: {pi: true}}}]}]",
                "pipelines: [{pipeline: p, nodes: [{name: a, validation: {tests: [{type: range, columns: [x]}]}}]}]",
                "pipelines: [{pipeline: p, nodes: [{name: a, validation: {tests: [{type: rnge, column: x}]}}]}]",
                "pipelines: [{pipeline: p, nodes: [{name: a, validation: {tests: [], gate: x}}]}]"
            })
    void refusesWhatIsWrong(String part) {
        assertThat(errors("project: p\nimports: x.yaml\n" + part)).isNotEmpty();
    }

    @Test
    void onlyAWholeProjectMustBeWhole() {
        assertThat(errors("project: p\nconnections: {}\n")).isNotEmpty();
        assertThat(errors("connections: {x: {base_path: y}}\n")).isEmpty();
        assertThat(errors("project: p\nimports: x.yaml\nconnections: {x: {base_path: y}}\n"))
                .isEmpty();
    }

    @Test
    void theTextIsAlwaysTheSame() throws IOException {
        String text = new TestProject(folder).tarn("schema").out();

        assertThat(text).isEqualTo(new TestProject(folder).tarn("schema").out());
        assertThat(JSON.std.mapFrom(text)).containsEntry("$schema", "https://json-schema.org/draft/2020-12/schema");
        assertThat(new TestProject(folder)
                        .tarn("schema", "--format", "markdown")
                        .out())
                .startsWith("# Keys of the project file\n");
    }
}
