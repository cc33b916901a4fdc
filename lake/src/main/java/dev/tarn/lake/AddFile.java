package dev.tarn.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A data file that is part of a table (Delta protocol, "Add File and Remove File").
 *
 * @param json the action as the log has it, so that a remove can repeat what it must
 */
record AddFile(Map<String, Object> json) {
    /** The tag in which our own files say which columns and types they have; see {@link Metadata#fileSchema}. */
    static final String SCHEMA_TAG = "tarn.fileSchema";

    AddFile {
        json = Collections.unmodifiableMap(new LinkedHashMap<>(json));
    }

    /** The path as the log has it, percent-encoded. */
    String path() {
        return Json.string(json, "path").orElseThrow();
    }

    /** The path as another action may name the same file: percent-encoding can differ. */
    String decodedPath() {
        return LogPath.decode(path());
    }

    Path locate(Path table) {
        return LogPath.locate(table, path());
    }

    /** Whether the path is an address of another store, where this process cannot read. */
    boolean isRemote() {
        return LogPath.isRemote(path());
    }

    long size() {
        return Json.number(json, "size").orElse(0L);
    }

    /** Whether the file is known to have exactly the columns and types of that name. */
    boolean hasSchema(String fileSchema) {
        return Json.child(json, "tags")
                .map(tags -> fileSchema.equals(tags.get(SCHEMA_TAG)))
                .orElse(false);
    }

    Optional<DeletionVector> deletionVector() {
        return hasDeletionVector()
                ? Optional.of(
                        new DeletionVector(Json.child(json, "deletionVector").orElse(Map.of())))
                : Optional.empty();
    }

    /** The same file, of which it became known what columns it has. */
    AddFile withSchema(String fileSchema) {
        Map<String, Object> known = new LinkedHashMap<>(json);
        known.put("tags", Map.of(SCHEMA_TAG, fileSchema));
        return new AddFile(known);
    }

    /** @param changes whether the table has other rows by it, or the same in another file */
    AddFile withDataChange(boolean changes) {
        Map<String, Object> changed = new LinkedHashMap<>(json);
        changed.put("dataChange", changes);
        return new AddFile(changed);
    }

    /**
     * The same file with other rows deleted.
     *
     * @param rows in the file, deleted or not
     */
    AddFile withDeletionVector(DeletionVector vector, long rows) {
        Map<String, Object> marked = new LinkedHashMap<>(json);
        marked.put("dataChange", true);
        marked.put("deletionVector", vector.json());
        Map<String, Object> statistics = new LinkedHashMap<>(statistics());
        statistics.put("numRecords", rows);
        // The extremes may be those of deleted rows ("Per-file Statistics").
        statistics.put("tightBounds", false);
        marked.put("stats", Json.text(statistics));
        // A checkpoint may have had these, which would now tell other things than the text.
        marked.remove("stats_parsed");
        return new AddFile(marked);
    }

    boolean hasDeletionVector() {
        return json.get("deletionVector") != null;
    }

    /** Texts or null by column. */
    Map<String, Object> partitionValues() {
        return Json.child(json, "partitionValues").orElse(Map.of());
    }

    @Nullable
    String partitionValue(String column) {
        Map<String, Object> values = partitionValues();
        return values.get(column) instanceof String value ? value : null;
    }

    /** How many rows of the table the file has, which are fewer than in the file if there is a deletion vector. */
    Optional<Long> rows() {
        long deleted = deletionVector().map(DeletionVector::cardinality).orElse(0L);
        return numRecords().map(all -> all - deleted);
    }

    /** The statistics as the log has them; empty if there are none that can be read. */
    Map<String, Object> statistics() {
        try {
            Optional<String> stats = Json.string(json, "stats");
            return stats.isEmpty() ? Map.of() : Json.object(stats.get());
        } catch (IOException unreadable) {
            // Statistics are a hint; a reader without them reads the file.
            return Map.of();
        }
    }

    /** How many rows the file has by its statistics. */
    Optional<Long> numRecords() {
        Optional<Map<String, Object>> parsed = Json.child(json, "stats_parsed");
        if (parsed.isPresent()) {
            return Json.number(parsed.get(), "numRecords");
        }
        return Json.number(statistics(), "numRecords");
    }

    /** The action that takes this file out of the table. */
    Map<String, Object> remove(long now) {
        return remove(now, true);
    }

    /** @param dataChange whether the table loses the rows; otherwise they are in other files of the same commit */
    Map<String, Object> remove(long now, boolean dataChange) {
        Map<String, Object> remove = new LinkedHashMap<>();
        remove.put("path", path());
        remove.put("deletionTimestamp", now);
        remove.put("dataChange", dataChange);
        remove.put("extendedFileMetadata", true);
        remove.put("partitionValues", partitionValues());
        // Spark plans its splits of the change feed by this size; a wrong one loses deletes without an error.
        remove.put("size", size());
        Json.child(json, "tags").ifPresent(tags -> remove.put("tags", tags));
        Json.child(json, "deletionVector").ifPresent(vector -> remove.put("deletionVector", vector));
        Json.number(json, "baseRowId").ifPresent(id -> remove.put("baseRowId", id));
        Json.number(json, "defaultRowCommitVersion")
                .ifPresent(version -> remove.put("defaultRowCommitVersion", version));
        return remove;
    }

    /** What identifies a file in the replay: its path and its deletion vector ("Action Reconciliation"). */
    static String key(Map<String, Object> action) {
        String path = LogPath.decode(Json.string(action, "path").orElse(""));
        return Json.child(action, "deletionVector")
                .map(vector -> path
                        + '\n'
                        + vector.get("storageType")
                        + vector.get("pathOrInlineDv")
                        + '@'
                        + vector.get("offset"))
                .orElse(path);
    }
}
