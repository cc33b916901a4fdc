package dev.tarn.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs that this machine has. */
record Installed(Map<String, String> environment) {

    /** Folders that are not on every user's path. */
    private static final List<String> MORE =
            List.of("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin", "/opt/homebrew/bin");

    Optional<Path> find(String program) {
        List<String> folders =
                new ArrayList<>(List.of(environment.getOrDefault("PATH", "").split(":", -1)));
        folders.addAll(MORE);
        return folders.stream()
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** The folder of the newest PostgreSQL with its server programs: Debian does not put them on the path. */
    Optional<Path> postgres() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            Optional<Path> newest = versions.filter(version -> Files.isExecutable(version.resolve("bin/postgres")))
                    .max(Comparator.comparing(Installed::number))
                    .map(version -> version.resolve("bin"));
            return newest.or(() -> find("postgres").map(Path::getParent));
        } catch (IOException e) {
            return find("postgres").map(Path::getParent);
        }
    }

    private static int number(Path version) {
        String name = version.getFileName().toString();
        return name.matches("[0-9]{1,4}") ? Integer.parseInt(name) : 0;
    }

    static boolean isLinuxAmd64() {
        String arch = System.getProperty("os.arch", "");
        return isLinux() && (arch.equals("amd64") || arch.equals("x86_64"));
    }

    static boolean isLinux() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
    }

    /** By the number that counts: in a user namespace the name may say something else. */
    static boolean isRoot() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Uid:")) {
                    return line.split("\\s+", -1)[2].equals("0");
                }
            }
        } catch (IOException notLinux) {
            // The name has to do.
        }
        return "root".equals(System.getProperty("user.name"));
    }
}
