package dev.tarn.cli.prepare;

import dev.tarn.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The work of a training run: a tiny project, validated and run by the same code as the command line, so that the archive
 * has the classes of real work. Exit codes do not matter here; what was loaded is archived also when a command fails.
 */
final class Training {
    private Training() {}

    public static void main(String[] args) throws IOException {
        Path project = Path.of(args[0]);
        copyProject(project);
        run("--version");
        run("--help");
        run("validate", project.toString());
        run("ls", project.toString());
        run("graph", project.toString());
        run("run", project.toString());
        // Again: tables that are there already are read and replaced by other code than new ones.
        run("run", project.toString());
        run("story", "last", project.toString());
        // As a process does it. It exits, so that an engine's threads do not keep the JVM from writing its archive.
        Main.main(new String[] {"validate", project.toString()});
    }

    private static void run(String... args) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Main.run(nowhere, nowhere, args);
    }

    static void copyProject(Path folder) throws IOException {
        copyResource("tarn.yaml", folder);
        copyResource("in.csv", folder);
    }

    private static void copyResource(String name, Path folder) throws IOException {
        try (InputStream content = Training.class.getResourceAsStream(name)) {
            if (content == null) {
                throw new IllegalStateException("no resource '" + name + "' beside " + Training.class);
            }
            Files.copy(content, folder.resolve(name));
        }
    }
}
