package dev.tarn.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    @TempDir
    Path folder;

    /** A project that no longer loads would go unnoticed otherwise: starts would only be slow. */
    @Test
    void theProjectOfTheTrainingRunRuns() throws Exception {
        Training.copyProject(folder);

        assertThat(tarn("validate", folder.toString())).isZero();
        assertThat(tarn("run", folder.toString())).isZero();
    }

    private static int tarn(String... arguments) {
        PrintStream ignored = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return Main.run(ignored, ignored, arguments);
    }
}
