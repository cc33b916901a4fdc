package dev.tarn.lake;

import dev.tarn.fs.LocalFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Writes a version of a table as one Parquet file, so that readers need not replay the commits up to it (Delta protocol,
 * "Checkpoints" and "Checkpoint Schema").
 */
final class CheckpointWriter {
    private static final Duration TOMBSTONE_RETENTION = Duration.ofDays(7);

    private static final String VECTOR = "STRUCT(storageType VARCHAR, pathOrInlineDv VARCHAR, \"offset\" INTEGER,"
            + " sizeInBytes INTEGER, cardinality BIGINT, maxRowIndex BIGINT)";

    /** The actions as Spark's checkpoints have them; a field that is not here would be lost. */
    private static final Map<String, String> COLUMNS = columns();

    /** DuckDB's buffers for a line of JSON; the schema of a wide table is a long line. */
    private static final long LINE = 16L << 20;

    private final TableLog log;
    private final Clock clock;

    CheckpointWriter(TableLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    private static Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("txn", "STRUCT(appId VARCHAR, \"version\" BIGINT, lastUpdated BIGINT)");
        columns.put(
                "add",
                "STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, modificationTime BIGINT,"
                        + " dataChange BOOLEAN, tags MAP(VARCHAR, VARCHAR), deletionVector " + VECTOR
                        + ", baseRowId BIGINT, defaultRowCommitVersion BIGINT, clusteringProvider VARCHAR, stats VARCHAR)");
        columns.put(
                "remove",
                "STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, extendedFileMetadata BOOLEAN,"
                        + " partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, deletionVector " + VECTOR
                        + ", baseRowId BIGINT, defaultRowCommitVersion BIGINT)");
        columns.put(
                "metaData",
                "STRUCT(id VARCHAR, name VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options"
                        + " MAP(VARCHAR, VARCHAR)), schemaString VARCHAR, partitionColumns VARCHAR[], configuration"
                        + " MAP(VARCHAR, VARCHAR), createdTime BIGINT)");
        columns.put(
                "protocol",
                "STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[], writerFeatures"
                        + " VARCHAR[])");
        columns.put("domainMetadata", "STRUCT(domain VARCHAR, configuration VARCHAR, removed BOOLEAN)");
        return columns;
    }

    /** Writes the checkpoint and then the pointer to it; a reader sees each of them whole or not at all. */
    void write(TableState state) {
        FeatureSupport.checkCheckpointable(log.table().toString(), state.protocol());
        String name = CommitFile.TEMP_PREFIX + UUID.randomUUID();
        Path json = log.directory().resolve(name + ".json.tmp");
        Path parquet = log.directory().resolve(name + ".parquet.tmp");
        try {
            List<Map<String, ?>> actions = actions(state);
            long longest = writeLines(json, actions);
            copy(
                    json,
                    longest,
                    parquet,
                    TableProperties.hasV2Checkpoints(state.metadata().configuration()));
            long size = Files.size(parquet);
            replace(parquet, log.checkpointFile(state.version()));
            point(state, actions.size(), size);
        } catch (SQLException failure) {
            throw unwritable(failure.getMessage() == null ? "" : failure.getMessage());
        } catch (IOException failure) {
            throw unwritable(LakeException.reason(failure));
        } finally {
            delete(json);
            delete(parquet);
        }
    }

    /** Spark's file system keeps a sum beside each file that it wrote, and reads no file that has another one. */
    private static void replace(Path temp, Path target) throws IOException {
        Files.deleteIfExists(target.resolveSibling("." + target.getFileName() + ".crc"));
        LocalFiles.replace(temp, target);
    }

    private LakeException unwritable(String reason) {
        return new LakeException(
                LakeException.Kind.IO,
                "A checkpoint of table '" + log.table() + "' cannot be written: "
                        + reason.lines().findFirst().orElse(""),
                "Check the permissions and the free space of the disk. The table itself is whole.");
    }

    private static void delete(Path temp) {
        try {
            Files.deleteIfExists(temp);
        } catch (IOException leftover) {
            // A later commit sweeps it.
        }
    }

    /** What is left when the actions are reconciled, without tombstones that have expired ("Add File and Remove File"). */
    private List<Map<String, ?>> actions(TableState state) {
        Map<String, String> properties = state.metadata().configuration();
        long now = clock.millis();
        List<Map<String, ?>> actions = new ArrayList<>();
        actions.add(Map.of("protocol", state.protocol().json()));
        actions.add(Map.of("metaData", state.metadata().json()));
        if (TableProperties.hasV2Checkpoints(properties)) {
            // With this action a file of the classic name is of the second specification ("V2 Spec").
            actions.add(Map.of("checkpointMetadata", Map.of("version", state.version())));
        }
        Optional<Long> transactionsFrom = TableProperties.duration(properties, TableProperties.TRANSACTION_RETENTION)
                .map(age -> now - age.toMillis());
        state.transactions().values().stream()
                .filter(txn -> transactionsFrom.isEmpty()
                        || Json.number(txn, "lastUpdated").orElse(Long.MAX_VALUE) > transactionsFrom.get())
                .forEach(txn -> actions.add(Map.of("txn", txn)));
        state.domains().values().forEach(domain -> actions.add(Map.of("domainMetadata", domain)));
        long tombstonesFrom = now
                - TableProperties.duration(properties, TableProperties.DELETED_FILE_RETENTION)
                        .orElse(TOMBSTONE_RETENTION)
                        .toMillis();
        state.tombstones().values().stream()
                .filter(remove -> Json.number(remove, "deletionTimestamp").orElse(0L) > tombstonesFrom)
                .forEach(remove -> actions.add(Map.of("remove", withoutChange(remove))));
        state.files().values().forEach(file -> actions.add(Map.of("add", withoutChange(withText(file)))));
        return actions;
    }

    /** As in Spark's checkpoints: what a checkpoint has is the state, and no change of it. */
    private static Map<String, Object> withoutChange(Map<String, Object> file) {
        Map<String, Object> unchanged = new LinkedHashMap<>(file);
        unchanged.put("dataChange", false);
        return unchanged;
    }

    /** Another writer's checkpoint may have statistics as columns only; of these the row count is kept. */
    private static Map<String, Object> withText(AddFile file) {
        if (file.json().get("stats") instanceof String || file.numRecords().isEmpty()) {
            return file.json();
        }
        Map<String, Object> json = new LinkedHashMap<>(file.json());
        json.put("stats", Json.text(Map.of("numRecords", file.numRecords().get())));
        return json;
    }

    private static long writeLines(Path file, List<Map<String, ?>> actions) throws IOException {
        long longest = 0;
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (Map<String, ?> action : actions) {
                String line = Json.text(action);
                longest = Math.max(longest, line.length());
                writer.write(line);
                writer.write('\n');
            }
        }
        return longest;
    }

    private static void copy(Path json, long longest, Path parquet, boolean secondSpecification) throws SQLException {
        Map<String, String> all = new LinkedHashMap<>(COLUMNS);
        if (secondSpecification) {
            all.put("checkpointMetadata", "STRUCT(\"version\" BIGINT, tags MAP(VARCHAR, VARCHAR))");
        }
        String columns = all.entrySet().stream()
                .map(column -> column.getKey() + ": " + SqlText.literal(column.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
        // A character of JSON is up to three bytes per UTF-16 unit.
        long buffer = Math.max(LINE, 3 * longest + 1);
        String copy = "COPY (FROM read_ndjson(" + SqlText.files(List.of(json.toString())) + ", columns = " + columns
                + ", maximum_object_size = " + buffer + ")) TO " + SqlText.literal(parquet.toString())
                + " (FORMAT parquet, PARQUET_VERSION V1, COMPRESSION snappy)";
        try (Connection duckdb = OwnDuckDb.open()) {
            // With its background threads a COPY that fails may never return (DuckDB 2.0.0).
            execute(duckdb, "SET async_threads = 0");
            execute(duckdb, copy);
        }
    }

    private static void execute(Connection duckdb, String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Delta protocol, "Last Checkpoint File"; it only ever points to a newer checkpoint than before. */
    private void point(TableState state, int actions, long bytes) throws IOException {
        Path pointer = log.directory().resolve("_last_checkpoint");
        if (pointedTo(pointer) > state.version()) {
            return;
        }
        Map<String, Object> json = new TreeMap<>();
        json.put("version", state.version());
        json.put("size", actions);
        json.put("sizeInBytes", bytes);
        json.put("numOfAddFiles", state.files().size());
        json.put("checksum", checksum(json));
        Path temp = log.directory().resolve(CommitFile.TEMP_PREFIX + UUID.randomUUID() + ".tmp");
        try {
            Files.writeString(temp, Json.text(json));
            replace(temp, pointer);
        } finally {
            delete(temp);
        }
    }

    private static long pointedTo(Path pointer) {
        try {
            return Json.number(Json.object(Files.readString(pointer)), "version")
                    .orElse(-1L);
        } catch (IOException noneOrDamaged) {
            return -1;
        }
    }

    /** Of an object of numbers, sorted by name ("JSON checksum"). */
    private static String checksum(Map<String, Object> numbers) {
        String canonical = numbers.entrySet().stream()
                .map(number -> '"' + number.getKey() + "\"=" + number.getValue())
                .collect(Collectors.joining(","));
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(md5.digest(canonical.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
