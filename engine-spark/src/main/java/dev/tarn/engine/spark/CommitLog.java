package dev.tarn.engine.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The log of a Delta table, as far as its commits are still there: which there are, and who made them. */
final class CommitLog {

    private static final Pattern VERSION = Pattern.compile("(\\d{20})\\.(json|checkpoint\\..*)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path table;

    CommitLog(Path table) {
        this.table = table;
    }

    /** The newest version; empty where there is no table. */
    OptionalLong newest() throws IOException {
        Path log = table.resolve("_delta_log");
        if (!Files.isDirectory(log)) {
            return OptionalLong.empty();
        }
        try (Stream<Path> files = Files.list(log)) {
            return files.map(file -> VERSION.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(name -> Long.parseLong(name.group(1)))
                    .max();
        }
    }

    Path file(long version) {
        return table.resolve("_delta_log").resolve(String.format(Locale.ROOT, "%020d.json", version));
    }

    /** One commit; empty when it is no longer in the log. */
    Optional<Commit> commit(long version) throws IOException {
        String text;
        try {
            text = Files.readString(file(version));
        } catch (NoSuchFileException cleanedUp) {
            return Optional.empty();
        }
        List<JsonNode> actions = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (!line.isBlank()) {
                actions.add(JSON.readTree(line));
            }
        }
        return Optional.of(Commit.of(version, actions));
    }

    /** The newest commit after a version that carries a note. */
    Optional<Commit> find(String note, long after) throws IOException {
        long newest = newest().orElse(-1);
        for (long version = newest; version > after; version--) {
            Optional<Commit> commit = commit(version);
            if (commit.isPresent() && commit.get().note().equals(note)) {
                return commit;
            }
        }
        return Optional.empty();
    }

    /** The table's column mapping, {@code none} in most. */
    String columnMapping(long version) throws IOException {
        for (long each = version; each >= 0; each--) {
            Optional<Commit> commit = commit(each);
            if (commit.isEmpty()) {
                return "unknown";
            }
            if (commit.get().columnMapping().isPresent()) {
                return commit.get().columnMapping().get();
            }
        }
        return "none";
    }

    /**
     * What one commit did.
     *
     * @param note its {@code userMetadata}, or an empty text
     * @param readVersion the version that the writer had before it
     * @param added its new data files
     * @param columnMapping as the table's metadata say, where the commit has them
     */
    record Commit(
            long version,
            Instant time,
            String note,
            OptionalLong readVersion,
            List<AddedFile> added,
            Optional<String> columnMapping) {

        Commit {
            added = List.copyOf(added);
        }

        /** A version as it is for who has added nothing to it. */
        static Commit withoutRows(long version) {
            return new Commit(version, Instant.MIN, "", OptionalLong.empty(), List.of(), Optional.empty());
        }

        static Commit of(long version, List<JsonNode> actions) {
            JsonNode info = JSON.createObjectNode();
            List<AddedFile> added = new ArrayList<>();
            Optional<String> mapping = Optional.empty();
            for (JsonNode action : actions) {
                if (action.has("commitInfo")) {
                    info = action.get("commitInfo");
                } else if (action.has("add")
                        && action.get("add").path("dataChange").asBoolean(true)) {
                    added.add(AddedFile.of(action.get("add")));
                } else if (action.has("metaData")) {
                    mapping = Optional.of(action.get("metaData")
                            .path("configuration")
                            .path("delta.columnMapping.mode")
                            .asText("none"));
                }
            }
            JsonNode read = info.path("readVersion");
            return new Commit(
                    version,
                    // Without a time it may be of any: never older than what is looked for.
                    info.has("timestamp")
                            ? Instant.ofEpochMilli(info.get("timestamp").asLong())
                            : Instant.MAX,
                    info.path("userMetadata").asText(""),
                    read.isNumber() ? OptionalLong.of(read.asLong()) : OptionalLong.empty(),
                    added,
                    mapping);
        }

        /** How many rows it added, as its files' statistics say. */
        OptionalLong rows() {
            return added.stream().allMatch(file -> file.rows().isPresent())
                    ? OptionalLong.of(added.stream()
                            .mapToLong(file -> file.rows().getAsLong())
                            .sum())
                    : OptionalLong.empty();
        }
    }

    /**
     * A data file of a commit.
     *
     * @param path relative to the table, or absolute
     * @param statistics as the log has them; an empty object if it has none
     */
    record AddedFile(String path, OptionalLong rows, JsonNode statistics) {

        static AddedFile of(JsonNode add) {
            JsonNode statistics = JSON.createObjectNode();
            try {
                statistics = JSON.readTree(add.path("stats").asText("{}"));
            } catch (IOException notJson) {
                // Statistics are a help for readers; a table may have none.
                return new AddedFile(path(add), OptionalLong.empty(), statistics);
            }
            JsonNode rows = statistics.path("numRecords");
            return new AddedFile(
                    path(add), rows.isNumber() ? OptionalLong.of(rows.asLong()) : OptionalLong.empty(), statistics);
        }

        private static String path(JsonNode add) {
            return URLDecoder.decode(add.path("path").asText().replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }
}
