package dev.tarn.services;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The folder of a stack, {@code .tarn/services}, and what is where in it. */
record Folders(Path root) {

    Folders {
        root = root.toAbsolutePath().normalize();
    }

    static Folders ofProject(Path project) {
        return new Folders(project.resolve(".tarn").resolve("services"));
    }

    /** Makes the folder, for this user only: there are passwords in it. */
    void create() throws IOException {
        Path ignore = root.resolveSibling(".gitignore");
        Files.createDirectories(root.resolve("..").normalize());
        if (Files.notExists(ignore)) {
            Files.writeString(ignore, "*\n");
        }
        makePrivate(root);
        makePrivate(requests());
    }

    /** Removes all, and the folder around it if nothing else is in there. */
    void remove() throws IOException {
        delete(root);
        Path around = Objects.requireNonNull(root.getParent());
        Path ignore = around.resolve(".gitignore");
        try (Stream<Path> left = Files.list(around)) {
            if (left.anyMatch(path -> !path.equals(ignore))) {
                return;
            }
        }
        Files.deleteIfExists(ignore);
        try {
            Files.delete(around);
        } catch (DirectoryNotEmptyException somebodyCame) {
            Files.writeString(ignore, "*\n");
        }
    }

    static Path makePrivate(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            Files.createDirectories(folder.resolve("..").normalize());
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return folder;
    }

    /** Held by the supervisor as long as it lives. */
    Path lock() {
        return root.resolve("lock");
    }

    Path supervisorLog() {
        return root.resolve("supervisor.log");
    }

    Path requests() {
        return root.resolve("requests");
    }

    Path service(String name) {
        return root.resolve("stack").resolve(name);
    }

    Path spec(String service) {
        return service(service).resolve("wanted.properties");
    }

    Path log(Server server) {
        return service(server.service()).resolve(server.name() + ".log");
    }

    Path state(Server server) {
        return service(server.service()).resolve(server.name() + ".state");
    }

    /** The names of all services that have a folder. */
    List<String> services() throws IOException {
        try (Stream<Path> folders = Files.list(root.resolve("stack"))) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** The states of a service's servers. */
    List<Path> states(String service) throws IOException {
        try (Stream<Path> files = Files.list(service(service))) {
            return files.filter(file -> file.toString().endsWith(".state")
                            && !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
