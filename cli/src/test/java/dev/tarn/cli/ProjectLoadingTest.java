package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project that is loaded ahead of its options gives the same answers as one that is not. */
class ProjectLoadingTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrongIsSaidOnceAndTheSame() {
        TestProject project = new TestProject(folder).nodes("- {name: a, transform: {steps: [SELEC 1]}}");

        assertThat(project.tarn("validate", folder.toString()))
                .isEqualTo(project.tarn("validate", "-p", folder.toString()))
                .satisfies(outcome -> assertThat(outcome.err()).containsOnlyOnce("TARN-0401"));
    }

    @Test
    void aMissingProjectIsReported() {
        TestProject project = new TestProject(folder);
        String missing = folder.resolve("missing").toString();

        assertThat(project.tarn("run", missing))
                .isEqualTo(project.tarn("run", "--project", missing))
                .satisfies(outcome -> assertThat(outcome.err()).contains("TARN-0101"));
    }

    @Test
    void optionsThatAreWrongComeFirst() {
        TestProject project = new TestProject(folder).nodes("- {name: a, transform: {steps: [SELECT 1 AS n]}}");

        assertThat(project.tarn("run", folder.toString(), "--bogus"))
                .satisfies(outcome -> assertThat(outcome.exitCode()).isEqualTo(2))
                .satisfies(outcome -> assertThat(outcome.err()).contains("--bogus"));
    }

    @Test
    void theVersionIsTheSameWithoutPicocli() {
        TestProject project = new TestProject(folder);

        assertThat(project.tarn("--version"))
                .isEqualTo(project.tarn("validate", "--version"))
                .satisfies(outcome -> assertThat(outcome.out()).startsWith("tarn "));
    }
}
