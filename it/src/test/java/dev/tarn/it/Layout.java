package dev.tarn.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Installations of Tarn in a test's folder, made of the launcher and the jars of this build. */
final class Layout {
    static final Path HOME =
            Path.of(System.getProperty("tarn.home")).toAbsolutePath().normalize();

    private Layout() {}

    /** Lays out bin/tarn and lib/ as the distribution does, and returns the script. */
    static Path distribution(Path folder) throws IOException {
        Path lib = Files.createDirectories(folder.resolve("lib"));
        for (Path jar : jars()) {
            link(jar, lib.resolve(jar.getFileName()));
        }
        Path bin = Files.createDirectories(folder.resolve("bin"));
        return copy(HOME.resolve("tarn"), bin.resolve("tarn"));
    }

    /** Lays out what the launcher looks at in a checkout, without anything built, and returns the script. */
    static Path checkout(Path folder) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("cli/src/main/java"));
        Files.writeString(folder.resolve("pom.xml"), "<project/>\n");
        Files.writeString(folder.resolve("cli/pom.xml"), "<project/>\n");
        Files.writeString(sources.resolve("Main.java"), "class Main {}\n");
        return copy(HOME.resolve("tarn"), folder.resolve("tarn"));
    }

    /**
     * Writes a stand-in for Maven that takes 1 s, "builds" by linking the jars of this build and notes each call in 'calls';
     * it fails as long as there is a file named 'broken'.
     */
    static void maven(Path bin, Path checkout) throws IOException {
        Path script = Files.createDirectories(bin).resolve("mvn");
        Files.writeString(script, """
                #!/bin/sh
                echo "$*" >> '%1$s/calls'
                [ ! -e '%1$s/broken' ] || { echo '[ERROR] cannot find symbol'; exit 1; }
                sleep 1
                mkdir -p '%2$s/cli/target/lib'
                ln '%3$s'/cli/target/lib/*.jar '%2$s/cli/target/lib/'
                cp '%3$s'/cli/target/tarn-cli-*.jar '%2$s/cli/target/'
                """.formatted(bin, checkout, HOME));
        executable(script);
    }

    private static List<Path> jars() throws IOException {
        List<Path> jars = new ArrayList<>();
        try (Stream<Path> cli = Files.list(HOME.resolve("cli/target"));
                Stream<Path> others = Files.list(HOME.resolve("cli/target/lib"))) {
            cli.filter(file -> file.getFileName().toString().matches("tarn-cli-.*\\.jar"))
                    .forEach(jars::add);
            others.forEach(jars::add);
        }
        return jars;
    }

    /** The jars are 85 MB; they are copied only where they cannot be linked. */
    private static void link(Path file, Path link) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(file, link, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static Path copy(Path script, Path to) throws IOException {
        Files.copy(script, to);
        executable(to);
        return to;
    }

    private static void executable(Path script) {
        if (!script.toFile().setExecutable(true)) {
            throw new IllegalStateException("cannot make " + script + " executable");
        }
    }
}
