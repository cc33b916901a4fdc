package dev.tarn.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnusedFoldersTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir
    Path cache;

    @Test
    void deletesWhatWasNotStartedFor30Days() throws Exception {
        Path own = folderUsed("own", Duration.ofDays(90));
        Path old = folderUsed("old", Duration.ofDays(31));
        Path recent = folderUsed("recent", Duration.ofDays(29));

        sweep(own);

        assertThat(old).doesNotExist();
        assertThat(recent).exists();
        assertThat(own).exists();
    }

    @Test
    void keepsWhatARunningProcessNamesInItsCommandLine() throws Exception {
        Path own = folderUsed("own", Duration.ZERO);
        Path old = folderUsed("old", Duration.ofDays(31));
        // The shell waits for input, with the folder among its arguments.
        Process user = new ProcessBuilder(
                        "sh",
                        "-c",
                        "read -r line",
                        "sh",
                        old.resolve("tarn.jsa").toString())
                .start();
        try {
            sweep(own);

            assertThat(old).exists();
        } finally {
            user.destroyForcibly().waitFor();
        }
    }

    private static void sweep(Path own) throws IOException {
        new UnusedFolders(Clock.fixed(NOW, ZoneOffset.UTC)).deleteBeside(own);
    }

    private Path folderUsed(String name, Duration ago) throws IOException {
        Path folder = Files.createDirectory(cache.resolve(name));
        Path used = Files.createFile(folder.resolve("used"));
        Files.setLastModifiedTime(used, FileTime.from(NOW.minus(ago)));
        return folder;
    }
}
