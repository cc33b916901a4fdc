package dev.tarn.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbNativeTest {
    private static final Path JAR = Arrays.stream(
                    System.getProperty("java.class.path").split(":"))
            .filter(entry -> entry.contains("duckdb_jdbc-"))
            .map(Path::of)
            .findFirst()
            .orElseThrow();

    @TempDir
    Path folder;

    @Test
    void putsThePlatformsLibraryBesideAJarWithoutLibraries() throws Exception {
        String prepared = DuckDbNative.unpack("/lib/a.jar:" + JAR + ":/lib/b.jar", folder);

        Path lean = folder.resolve("lean-" + JAR.getFileName());
        assertThat(prepared).isEqualTo("/lib/a.jar:" + lean + ":/lib/b.jar");
        assertThat(entries(lean))
                .isNotEmpty()
                .noneMatch(name -> name.startsWith("libduckdb_java.so_"))
                .hasSize((int) entries(JAR).stream()
                        .filter(name -> !name.startsWith("lib"))
                        .count());
        assertThat(folder).isDirectoryContaining("glob:**/libduckdb_java.so_*");
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    /** Another release may have it elsewhere; then Flight Recorder would start again, unnoticed. */
    @Test
    void theDriverOfTheCopyFindsNoFlightRecorder() throws Exception {
        DuckDbNative.unpack(JAR.toString(), folder);

        Path lean = folder.resolve("lean-" + JAR.getFileName());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load",
                        "-cp",
                        lean + ":" + System.getProperty("java.class.path"),
                        OpensDuckDb.class.getName())
                .redirectErrorStream(true)
                .start();
        String loaded = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(loaded).isZero();
        assertThat(loaded).contains("org.duckdb.DuckDBConnection").doesNotContain("jdk.jfr.");
    }

    static final class OpensDuckDb {
        public static void main(String[] args) throws Exception {
            DriverManager.getConnection("jdbc:duckdb:").close();
        }
    }

    @Test
    void leavesFinishedWorkAlone() throws Exception {
        DuckDbNative.unpack(JAR.toString(), folder);
        Path library;
        try (var files = Files.newDirectoryStream(folder, "lib*")) {
            library = files.iterator().next();
        }
        FileTime marked = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(library, marked);

        DuckDbNative.unpack(JAR.toString(), folder);

        assertThat(Files.getLastModifiedTime(library)).isEqualTo(marked);
    }

    @Test
    void replacesTheFilesOfAnotherRelease() throws Exception {
        Path other = Files.createFile(folder.resolve("duckdb_jdbc-1.0.0.jar"));

        DuckDbNative.unpack(JAR.toString(), folder);

        assertThat(other).doesNotExist();
    }

    @Test
    void leavesAClassPathWithoutDuckDbAsItIs() throws Exception {
        assertThat(DuckDbNative.unpack("/lib/a.jar:/lib/b.jar", folder)).isEqualTo("/lib/a.jar:/lib/b.jar");
    }

    private static List<String> entries(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().map(entry -> entry.getName()).toList();
        }
    }
}
