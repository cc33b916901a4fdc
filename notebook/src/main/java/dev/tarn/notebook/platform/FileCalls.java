package dev.tarn.notebook.platform;

import dev.tarn.notebook.platform.PlatformException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code notebookutils.fs}. */
final class FileCalls {

    private final LakehousePaths paths;

    FileCalls(LakehousePaths paths) {
        this.paths = paths;
    }

    Object call(String method, Arguments arguments) throws PlatformException {
        try {
            return switch (method) {
                case "ls" -> ls(arguments.text("path"));
                case "mkdirs" -> mkdirs(arguments.text("path"));
                case "cp" -> copy(arguments.text("src"), arguments.text("dest"), arguments.flag("recurse"));
                case "mv" -> move(arguments);
                case "put" -> put(arguments.text("file"), arguments.text("content"), arguments.flag("overwrite"));
                case "head" -> head(arguments.text("file"), arguments.number("max_bytes"));
                case "append" -> append(arguments.text("file"), arguments.text("content"), arguments.flag("create"));
                case "rm" -> remove(arguments.text("path"), arguments.flag("recurse"));
                case "exists" -> Files.exists(paths.resolve(arguments.text("path")));
                default -> throw new IllegalStateException("fs." + method);
            };
        } catch (NoSuchFileException e) {
            throw new PlatformException(Kind.NOT_FOUND, "there is no '" + e.getFile() + "'");
        } catch (IOException e) {
            throw new PlatformException(Kind.FAILED, "fs." + method + ": " + e);
        }
    }

    private List<Map<String, Object>> ls(String path) throws IOException, PlatformException {
        Path found = existing(path);
        if (!Files.isDirectory(found)) {
            return List.of(info(found, path));
        }
        List<Map<String, Object>> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(found)) {
            for (Path file : files.sorted().toList()) {
                String separator = path.endsWith("/") ? "" : "/";
                all.add(info(file, path + separator + file.getFileName()));
            }
        }
        return all;
    }

    private static Map<String, Object> info(Path file, String path) throws IOException {
        boolean folder = Files.isDirectory(file);
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("name", file.getFileName().toString());
        info.put("path", path);
        info.put("size", folder ? 0L : Files.size(file));
        info.put("isDir", folder);
        info.put("modifyTime", Files.getLastModifiedTime(file).toMillis());
        return info;
    }

    private Path existing(String path) throws PlatformException {
        Path found = paths.resolve(path);
        if (!Files.exists(found)) {
            throw new PlatformException(Kind.NOT_FOUND, "there is no '" + path + "' (" + found + ")");
        }
        return found;
    }

    private boolean mkdirs(String path) throws IOException, PlatformException {
        Files.createDirectories(paths.resolve(path));
        return true;
    }

    private boolean copy(String from, String to, boolean recurse) throws IOException, PlatformException {
        Path source = existing(from);
        Path target = paths.resolve(to);
        if (Files.isDirectory(source)) {
            if (!recurse) {
                throw new PlatformException(Kind.WRONG, "'" + from + "' is a folder: give recurse=True");
            }
            copyTree(source, target);
        } else {
            Path file = Files.isDirectory(target) || to.endsWith("/") ? target.resolve(source.getFileName()) : target;
            createParent(file);
            Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return true;
    }

    private static void copyTree(Path source, Path target) throws IOException, PlatformException {
        if (target.startsWith(source)) {
            throw new PlatformException(Kind.WRONG, "a folder cannot be copied into itself");
        }
        try (Stream<Path> walk = Files.walk(source)) {
            for (Path path : walk.toList()) {
                Path copy = target.resolve(source.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private boolean move(Arguments arguments) throws IOException, PlatformException {
        Path source = existing(arguments.text("src"));
        Path target = paths.resolve(arguments.text("dest"));
        if (Files.exists(target) && !arguments.flag("overwrite")) {
            throw new PlatformException(Kind.EXISTS, "'" + arguments.text("dest") + "' is there already");
        }
        if (!Files.exists(parent(target)) && !arguments.flag("create_path")) {
            throw new PlatformException(
                    Kind.NOT_FOUND,
                    "the folder of '" + arguments.text("dest") + "' is not there: give create_path=True");
        }
        createParent(target);
        if (Files.isDirectory(target)) {
            deleteTree(target);
        }
        Files.move(source, target, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    private boolean put(String path, String content, boolean overwrite) throws IOException, PlatformException {
        Path file = paths.resolve(path);
        createParent(file);
        try {
            Files.writeString(
                    file,
                    content,
                    overwrite ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (FileAlreadyExistsException e) {
            throw new PlatformException(Kind.EXISTS, "'" + path + "' is there already: give overwrite=True");
        }
        return true;
    }

    private String head(String path, long bytes) throws IOException, PlatformException {
        try (var in = Files.newInputStream(existing(path))) {
            return new String(in.readNBytes((int) Math.min(bytes, Integer.MAX_VALUE - 8)), StandardCharsets.UTF_8);
        }
    }

    private boolean append(String path, String content, boolean create) throws IOException, PlatformException {
        Path file = create ? paths.resolve(path) : existing(path);
        createParent(file);
        Files.writeString(file, content, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return true;
    }

    private boolean remove(String path, boolean recurse) throws IOException, PlatformException {
        Path found = existing(path);
        if (Files.isDirectory(found)) {
            try (Stream<Path> content = Files.list(found)) {
                if (!recurse && content.findAny().isPresent()) {
                    throw new PlatformException(Kind.WRONG, "'" + path + "' is not empty: give recurse=True");
                }
            }
        }
        deleteTree(found);
        return true;
    }

    private static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void createParent(Path file) throws IOException {
        Files.createDirectories(parent(file));
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }
}
