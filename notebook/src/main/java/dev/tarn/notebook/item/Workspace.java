package dev.tarn.notebook.item;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.notebook.json.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The items below a folder, in the order of their folders. Items may lie in folders of any depth. */
public record Workspace(Path root, List<Item> items) {

    private static final Pattern CODED = Pattern.compile("&#([0-9]{1,6});");

    public Workspace {
        items = List.copyOf(items);
    }

    /** The workspace that a file or folder belongs to: the nearest folder above with {@code .git} or {@code tarn.yaml}, else the one it lies in. */
    public static Path rootOf(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path start = Files.isDirectory(absolute) && !isItem(absolute) ? absolute : parent(absolute);
        start = Files.isRegularFile(absolute) && isItem(parent(absolute)) ? parent(parent(absolute)) : start;
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(".git")) || Files.exists(folder.resolve("tarn.yaml"))) {
                return folder;
            }
        }
        return start;
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    /** Finds all items; hidden folders and those that builds make are passed over. */
    public static Workspace scan(Path root, Problems problems) {
        List<Item> items = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String name = folder.getFileName() == null
                            ? ""
                            : folder.getFileName().toString();
                    boolean skipped = !folder.equals(root)
                            && (name.startsWith(".") || name.equals("node_modules") || name.equals("target"));
                    if (skipped) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    if (isItem(folder)) {
                        item(folder, problems).ifPresent(items::add);
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        items.sort(Comparator.comparing(item -> item.folder().toString()));
        return new Workspace(root, items);
    }

    private static boolean isItem(Path folder) {
        return Files.exists(folder.resolve(".platform")) || typeOf(folder).isPresent();
    }

    private static Optional<String> typeOf(Path folder) {
        String name = String.valueOf(folder.getFileName());
        return Item.TYPES.stream().filter(type -> name.endsWith("." + type)).findFirst();
    }

    /** The item of a folder, if the folder is one. */
    public static Optional<Item> item(Path folder, Problems problems) {
        Optional<JsonNode> platform = ItemFile.read(folder.resolve(".platform"), problems);
        String file = decoded(String.valueOf(folder.getFileName()));
        Optional<String> type =
                platform.flatMap(p -> p.string("metadata", "type")).or(() -> typeOf(folder));
        if (platform.isPresent() && platform.get().string("metadata", "type").isEmpty()) {
            problems.error(
                    ProblemCode.NOTEBOOK_SYNTAX,
                    platform.get().at("metadata").orElse(platform.get()).span(),
                    "the .platform file has no metadata.type",
                    "it says what the folder is, such as \"Notebook\"");
        }
        return type.map(t -> new Item(
                folder,
                t,
                platform.flatMap(p -> p.string("metadata", "displayName"))
                        .orElse(file.endsWith("." + t) ? file.substring(0, file.length() - t.length() - 1) : file),
                platform.flatMap(p -> p.string("metadata", "description")),
                platform.flatMap(p -> p.string("config", "logicalId")).filter(id -> !id.matches("[0-]+"))));
    }

    /** The name of a folder: Fabric writes characters that file systems refuse with their number, such as {@code 58} for a colon. */
    private static String decoded(String name) {
        Matcher matcher = CODED.matcher(name);
        return matcher.replaceAll(match ->
                Matcher.quoteReplacement(Character.toString(Math.min(0x10FFFF, Integer.parseInt(match.group(1))))));
    }

    public List<Item> ofType(String type) {
        return items.stream().filter(item -> item.type().equals(type)).toList();
    }

    /** The item of this type and name; names are compared as people see them, then without case. */
    public Optional<Item> find(String type, String name) {
        List<Item> all = ofType(type);
        return all.stream()
                .filter(item -> item.name().equals(name))
                .findFirst()
                .or(() -> all.stream()
                        .filter(item -> item.name().strip().equalsIgnoreCase(name.strip()))
                        .findFirst());
    }

    /** The item that other items refer to by this id. */
    public Optional<Item> byLogicalId(String id) {
        return items.stream()
                .filter(item -> item.logicalId().filter(id::equalsIgnoreCase).isPresent())
                .findFirst();
    }

    /** The item, or why there is none, with the nearest name. */
    public String missing(String type, String name) {
        return Names.didYouMean(
                        name,
                        ofType(type).stream().map(item -> item.name().strip()).toList())
                .orElse("the workspace '" + root + "' has "
                        + (ofType(type).isEmpty()
                                ? "no " + type
                                : String.join(
                                        ", ",
                                        ofType(type).stream()
                                                .map(Item::name)
                                                .limit(8)
                                                .toList())));
    }
}
