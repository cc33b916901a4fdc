package dev.tarn.notebook.run;

import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds the Delta tables of a lakehouse that have changed since a moment. */
public final class WrittenTables {

    private final Path tables;
    private final Map<String, Long> before;

    /**
     * A table that was written.
     *
     * @param name below {@code Tables}, with dots between its parts
     * @param rows empty when the table's log does not say
     */
    public record Written(String name, long version, OptionalLong rows) {}

    private WrittenTables(Path tables) throws IOException {
        this.tables = tables;
        this.before = versions();
    }

    /** Remembers the state of a lakehouse's tables. */
    public static WrittenTables since(Path lakehouse) throws IOException {
        return new WrittenTables(lakehouse.resolve("Tables"));
    }

    /** Those that have another version now. */
    public List<Written> now() throws IOException {
        List<Written> written = new ArrayList<>();
        for (Map.Entry<String, Long> table : versions().entrySet()) {
            if (!table.getValue().equals(before.get(table.getKey()))) {
                written.add(new Written(table.getKey().replace('/', '.'), table.getValue(), rows(table.getKey())));
            }
        }
        return written;
    }

    private OptionalLong rows(String name) {
        try {
            return DeltaTable.forPath(tables.resolve(name))
                    .snapshot()
                    .map(Snapshot::numRecords)
                    .orElse(OptionalLong.empty());
        } catch (LakeException e) {
            return OptionalLong.empty();
        }
    }

    /** Tables lie directly below the folder, or one deeper, in a schema. */
    private Map<String, Long> versions() throws IOException {
        Map<String, Long> versions = new TreeMap<>();
        for (Path first : folders(tables)) {
            Optional<Long> version = version(first);
            if (version.isPresent()) {
                versions.put(name(first), version.get());
                continue;
            }
            for (Path second : folders(first)) {
                version(second).ifPresent(v -> versions.put(name(second), v));
            }
        }
        return versions;
    }

    private String name(Path folder) {
        return tables.relativize(folder).toString().replace('\\', '/');
    }

    private static Optional<Long> version(Path folder) {
        if (!Files.isDirectory(folder.resolve("_delta_log"))) {
            return Optional.empty();
        }
        try {
            OptionalLong version = DeltaTable.forPath(folder).newestVersion();
            return version.isPresent() ? Optional.of(version.getAsLong()) : Optional.empty();
        } catch (LakeException e) {
            return Optional.empty();
        }
    }

    private static List<Path> folders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory).sorted().toList();
        }
    }
}
