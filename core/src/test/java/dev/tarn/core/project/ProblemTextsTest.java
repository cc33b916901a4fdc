package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares all problems of each {@code src/test/projects/problems/*.yaml} with the {@code .expected} file beside it. Run
 * with {@code -Dtarn.record=true} to write those anew, and read the difference.
 */
class ProblemTextsTest {

    private static final Path FOLDER = Path.of("src/test/projects/problems");

    static Stream<Path> projects() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("projects")
    void reportsAllProblemsAtOnce(Path project) throws IOException {
        Path expected = Path.of(project.toString().replace(".yaml", ".expected"));

        String problems = String.join(
                        "\n",
                        new ProjectFixture(FOLDER, Map.of("WORKERS", "4", "NAME", "x"))
                                .load(project)
                                .messages())
                + "\n";

        if (Boolean.getBoolean("tarn.record")) {
            Files.writeString(expected, problems);
        }
        assertThat(problems).isEqualTo(Files.readString(expected));
    }
}
