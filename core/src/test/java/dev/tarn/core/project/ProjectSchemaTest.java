package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That a JSON Schema validator agrees is tested where projects of all kinds are at hand, in module cli. */
class ProjectSchemaTest {

    private static final Path EVERY_KEY = Path.of("src/test/projects/every-key");

    @Test
    void theLoaderTakesEveryKey() {
        List<String> messages = new ProjectFixture(EVERY_KEY, Map.of())
                .load(EVERY_KEY.resolve("tarn.yaml"))
                .messages();

        assertThat(messages)
                .allMatch(message -> message.startsWith("note IGNORED_KEY") || message.startsWith("warning"));
    }

    static List<Shape> shapes() {
        return Model.all();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyKeyIsTried(Shape shape) throws IOException {
        Set<String> left = new LinkedHashSet<>(shape.keys().keySet());

        for (String file : List.of("tarn.yaml", "more.yaml")) {
            String text = Files.readString(EVERY_KEY.resolve(file));
            left.removeIf(key -> text.matches("(?s).*(^|[\\s{])" + key + ":.*"));
        }

        assertThat(left)
                .as("keys of %s that are not in %s", shape.title(), EVERY_KEY)
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyKeyIsExplained(Shape shape) {
        assertThat(shape.keys().values())
                .allSatisfy(key -> assertThat(key.meaning()).isNotBlank());
    }

    @Test
    void theReferencePageIsFresh() throws IOException {
        Path page = Path.of("../docs/project-reference.md");

        if (Boolean.getBoolean("tarn.record")) {
            Files.writeString(page, ProjectReference.markdown());
        }
        assertThat(Files.readString(page))
                .as("run: tarn schema --format markdown > docs/project-reference.md")
                .isEqualTo(ProjectReference.markdown());
    }
}
