package dev.tarn.it.delta;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Makes a Python virtual environment with pinned packages, once, in the user's cache folder.
 *
 * <p>A file {@code ready} is written last, so a folder without it was left by a run that was ended and is made anew. A
 * lock file keeps two runs from making one environment.
 */
final class PythonEnvironment {
    private static final int MINUTES = 10;

    private PythonEnvironment() {}

    /** The interpreter; fails when there is no Python, or the packages cannot be had. */
    static synchronized Path python() throws IOException, InterruptedException {
        String requirements = resource("/python/requirements.txt");
        String base = System.getProperty("tarn.python", "python3");
        String version = run(List.of(base, "--version"), "Python 3.10 or later is needed for the integration tests");
        Path folder = cache().resolve("python").resolve(hash(version.strip() + "\n" + requirements));
        Path python = folder.resolve("bin/python");
        Path ready = folder.resolve("ready");
        if (Files.exists(ready)) {
            return python;
        }
        Files.createDirectories(folder.getParent());
        Path lock = folder.resolveSibling(folder.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            if (!Files.exists(ready)) {
                make(base, folder, python, requirements);
                Files.writeString(ready, requirements);
            }
        }
        return python;
    }

    private static void make(String base, Path folder, Path python, String requirements)
            throws IOException, InterruptedException {
        Folders.delete(folder);
        run(List.of(base, "-m", "venv", folder.toString()), "no virtual environment can be made");
        Path pinned = Files.writeString(folder.resolve("requirements.txt"), requirements);
        run(
                List.of(
                        python.toString(),
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--no-input",
                        "--no-deps",
                        "--only-binary=:all:",
                        "-r",
                        pinned.toString()),
                "the packages of " + pinned + " cannot be installed");
    }

    /** What the command printed; its failure is a failure of the test run, for without it nothing would be proved. */
    private static String run(List<String> command, String otherwise) throws IOException, InterruptedException {
        Path output = Files.createTempFile("tarn-python", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output);
            if (process.exitValue() != 0) {
                throw new IllegalStateException(otherwise + ": " + String.join(" ", command) + "\n" + text);
            }
            return text;
        } catch (IOException absent) {
            throw new IllegalStateException(otherwise + ": " + absent.getMessage(), absent);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static Path cache() {
        String own = System.getenv("TARN_CACHE_DIR");
        String shared = System.getenv("XDG_CACHE_HOME");
        if (own != null && !own.isBlank()) {
            return Path.of(own).toAbsolutePath();
        }
        return shared == null || shared.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "tarn")
                : Path.of(shared, "tarn");
    }

    static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(PythonEnvironment.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
