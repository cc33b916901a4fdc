package dev.tarn.cli.prepare;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The archive of classes (AppCDS) that a start maps instead of reading, verifying and linking each class from its jar. It is
 * made in two steps: a JVM does real work and notes which classes it loads; a second one puts those into an archive.
 *
 * <p>It is a whole ("static") archive, not one on top of the JDK's own ({@code -XX:ArchiveClassesAtExit}): before JDK 18 the
 * latter leaves out classes compiled for Java 5, which is all of picocli (100 ms against 132 ms for --version on JDK 17).
 */
final class ClassArchive {
    /** Each step takes 1 to 2 s on two cores. */
    private static final long SECONDS_ALLOWED = 60;

    private final Path folder;
    private final String classPath;
    private final List<String> flags;

    ClassArchive(Path folder, String classPath, List<String> flags) {
        this.folder = folder;
        this.classPath = classPath;
        this.flags = List.copyOf(flags);
    }

    void make() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(folder, "training-");
        try {
            Path classes = work.resolve("classes.txt");
            Path archive = work.resolve("tarn.jsa");
            java(
                    "-XX:DumpLoadedClassList=" + classes,
                    SqliteNative.option(folder),
                    "-cp",
                    classPath,
                    Training.class.getName(),
                    work.toString());
            java(
                    "-Xshare:dump",
                    "-XX:SharedClassListFile=" + classes,
                    "-XX:SharedArchiveFile=" + archive,
                    "-cp",
                    classPath);
            if (!Files.exists(archive)) {
                throw new IOException("this JVM made no class archive");
            }
            SafeFiles.moveInto(folder.resolve("tarn.jsa"), archive);
        } finally {
            FolderTree.delete(work);
        }
    }

    private void java(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        Thread killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
        if (!process.waitFor(SECONDS_ALLOWED, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new IOException("a training run took more than " + SECONDS_ALLOWED + " s");
        }
        Runtime.getRuntime().removeShutdownHook(killer);
    }
}
