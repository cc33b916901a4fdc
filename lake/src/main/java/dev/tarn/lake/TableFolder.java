package dev.tarn.lake;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files below the folder of a table that may be a table's, at one moment.
 *
 * <p>As for Delta on Spark, what begins with {@code _} or {@code .} is somebody else's, but for the files of changes and
 * folders of a partition column with such a name. Links are not followed, and are nobody's garbage.
 *
 * @param root the folder without links in its path
 * @param files by their path below the root
 * @param empty folders without anything in them
 * @param folders how many folders were looked into
 */
record TableFolder(Path root, Map<Path, Entry> files, Map<Path, Instant> empty, int folders) {
    /** A regular file. */
    record Entry(long bytes, Instant modified) {}

    static TableFolder list(Path table, Metadata metadata) {
        try {
            Visitor visitor = new Visitor(table.toRealPath(), partitionPrefixes(metadata));
            Files.walkFileTree(visitor.root, visitor);
            return new TableFolder(visitor.root, visitor.files, visitor.empty, visitor.folders);
        } catch (IOException failure) {
            throw LakeException.io("The folder of table '" + table + "' cannot be listed", failure);
        }
    }

    private static Set<String> partitionPrefixes(Metadata metadata) {
        Set<String> prefixes = new HashSet<>();
        for (String column : metadata.partitionColumns()) {
            prefixes.add(column + "=");
            metadata.schema()
                    .field(column)
                    .ifPresent(field -> prefixes.add(metadata.mapping().physicalName(field) + "="));
        }
        return prefixes;
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Set<String> partitionPrefixes;
        private final Map<Path, Entry> files = new LinkedHashMap<>();
        private final Map<Path, Instant> empty = new LinkedHashMap<>();
        private final Set<Path> filled = new LinkedHashSet<>();
        private final Map<Path, Instant> entered = new LinkedHashMap<>();
        private int folders;

        Visitor(Path root, Set<String> partitionPrefixes) {
            this.root = root;
            this.partitionPrefixes = partitionPrefixes;
        }

        private boolean isHidden(Path path) {
            String name = String.valueOf(path.getFileName());
            return (name.startsWith("_") || name.startsWith("."))
                    && !name.equals(ChangeFeed.DIRECTORY)
                    && partitionPrefixes.stream().noneMatch(name::startsWith);
        }

        private void fill(Path path) {
            Path parent = path.getParent();
            if (parent != null) {
                filled.add(parent);
            }
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (!folder.equals(root)) {
                fill(folder);
                if (isHidden(folder)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
            }
            folders++;
            entered.put(folder, attributes.lastModifiedTime().toInstant());
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            fill(file);
            if (attributes.isRegularFile() && !isHidden(file)) {
                files.put(
                        root.relativize(file),
                        new Entry(
                                attributes.size(), attributes.lastModifiedTime().toInstant()));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            fill(file);
            if (failure instanceof NoSuchFileException) {
                // A writer has discarded it meanwhile.
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Instant modified = entered.remove(folder);
            if (modified != null && !filled.remove(folder) && !folder.equals(root)) {
                empty.put(root.relativize(folder), modified);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
