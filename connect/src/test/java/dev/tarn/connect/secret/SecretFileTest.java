package dev.tarn.connect.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {

    private static final int WRITERS = 4;
    private static final int SECRETS = 3;

    @TempDir
    private Path folder;

    /** All have opened the file, which is not there yet, before the first writes: each begins it with another key. */
    @Test
    void whatSeveralProcessesStoreAtOneMomentIsAllThere() throws Exception {
        Path path = folder.resolve("secrets.s");
        List<Process> writers = new ArrayList<>();
        try {
            for (int i = 0; i < WRITERS; i++) {
                writers.add(start(path, "writer" + i + "-"));
            }
            for (Process writer : writers) {
                assertThat(writer.inputReader().readLine()).isEqualTo("ready");
            }
            for (Process writer : writers) {
                writer.outputWriter().append("go").close();
            }
            for (Process writer : writers) {
                assertThat(writer.waitFor(2, TimeUnit.MINUTES)).isTrue();
                assertThat(writer.exitValue()).isZero();
            }
        } finally {
            writers.forEach(Process::destroyForcibly);
        }

        SecretFile file = SecretFile.of(SecretWriter.scope(path));
        SecretFile.Opened opened = file.open("a passphrase".toCharArray());
        assertThat(file.names()).hasSize(WRITERS);
        for (int i = 0; i < WRITERS; i++) {
            String name = "writer" + i + "-" + (SECRETS - 1);
            assertThat(opened.get(name)).isEqualTo("value of " + name);
        }
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(path, folder.resolve(".tarn"));
        }
    }

    @Test
    void whatAProcessLeftThatDiedIsNoHindrance() throws Exception {
        Path path = folder.resolve("secrets.s");
        Files.createFile(Files.createDirectory(folder.resolve(".tarn")).resolve("secrets.s.lock"));
        Files.writeString(folder.resolve(".secrets.s.new"), "half a file");

        SecretFile file = SecretFile.of(SecretWriter.scope(path));
        file.openOrBegin("a passphrase".toCharArray()).set("a", "1");

        assertThat(file.names()).containsExactly("a");
    }

    private static Process start(Path path, String prefix) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SecretWriter.class.getName(),
                        path.toString(),
                        prefix,
                        String.valueOf(SECRETS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
