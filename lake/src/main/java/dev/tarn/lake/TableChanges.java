package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Shows what changed in a table between two versions, both included, row by row (Delta protocol, "Reader Requirements for
 * AddCDCFile").
 */
public final class TableChanges {
    private final Path table;
    private final TableLog log;
    private final Metadata metadata;
    private final long from;
    private final long to;
    private final CommitTimes times;
    private final List<Batch> batches = new ArrayList<>();

    /** Files of which no two are the same, read in one way. */
    private record Batch(Source source, Map<String, Change> byPath) {
        List<Change> changes() {
            return List.copyOf(byPath.values());
        }
    }

    /** How a file tells its changes. */
    private enum Source {
        CHANGE_FILE,
        INSERTED,
        DELETED,
        /** Rows that the file had before and has no more, by its deletion vectors. */
        VECTOR_DELETED,
        /** Rows that a file has got back. */
        VECTOR_RESTORED
    }

    /** @param other the same file after the version, or before it if rows came back */
    private record Change(AddFile file, Optional<AddFile> other, long version) {}

    private TableChanges(Path table, TableLog log, TableState newest, long from, long to) {
        this.table = table;
        this.log = log;
        this.metadata = newest.metadata();
        this.from = from;
        this.to = to;
        this.times = log.times();
    }

    /** @param to a version after the newest one stands for that */
    static TableChanges between(Path table, TableLog log, long from, long to) {
        TableState newest = log.newest().orElseThrow(() -> noTable(table));
        if (from > newest.version()) {
            throw outOfRange(
                    "Changes of table '" + table + "' cannot be read from version " + from
                            + " on: its newest version is " + newest.version() + ".",
                    "Start at version " + newest.version() + " or before.");
        }
        if (to < from) {
            throw outOfRange(
                    "Changes of table '" + table + "' cannot be read from version " + from + " to " + to
                            + ", which is before it.",
                    "Give the earlier version first.");
        }
        TableChanges changes = new TableChanges(table, log, newest, from, Math.min(to, newest.version()));
        changes.collect();
        return changes;
    }

    /** No version between two times means no changes, but times outside the table's are errors. */
    static TableChanges between(Path table, TableLog log, Instant from, Optional<Instant> to) {
        TableState newest = log.newest().orElseThrow(() -> noTable(table));
        if (to.isPresent() && to.get().isBefore(from)) {
            throw outOfRange(
                    "Changes of table '" + table + "' cannot be read from " + from + " to " + to.get()
                            + ", which is before it.",
                    "Give the earlier time first.");
        }
        CommitTimes times = log.times();
        long first = times.versionFrom(from);
        long last = to.isPresent() ? times.versionAt(to.get()) : newest.version();
        if (last == first - 1) {
            return new TableChanges(table, log, newest, first, last);
        }
        return between(table, log, first, last);
    }

    private static LakeException noTable(Path table) {
        return new LakeException(
                Kind.TABLE_NOT_FOUND, "There is no Delta table at '" + table + "'.", "Check the path of the table.");
    }

    private static LakeException outOfRange(String message, String help) {
        return new LakeException(Kind.VERSION_NOT_FOUND, message, help);
    }

    /** The first version whose changes these are. */
    public long fromVersion() {
        return from;
    }

    /** The last version whose changes these are; one less than the first if there is none. */
    public long toVersion() {
        return to;
    }

    /**
     * The columns of the newest version, then {@code _change_type} (insert, update_preimage, update_postimage or delete),
     * {@code _commit_version} and {@code _commit_timestamp}.
     */
    public DeltaType.Struct schema() {
        List<DeltaField> fields = new ArrayList<>(metadata.schema().fields());
        fields.add(new DeltaField(ChangeFeed.TYPE_COLUMN, Primitive.STRING));
        fields.add(new DeltaField(ChangeFeed.VERSION_COLUMN, Primitive.LONG));
        fields.add(new DeltaField(ChangeFeed.TIMESTAMP_COLUMN, Primitive.TIMESTAMP));
        return new DeltaType.Struct(fields);
    }

    /** A SELECT for any DuckDB connection that gives the changes, in no order. */
    public String toSql() {
        return batches.isEmpty()
                ? schema().fields().stream()
                        .map(field -> "CAST(NULL AS " + field.type().duckSql() + ") AS " + SqlText.name(field.name()))
                        .collect(Collectors.joining(", ", "SELECT ", " WHERE false"))
                : batches.stream().map(this::select).collect(Collectors.joining(" UNION ALL "));
    }

    private void collect() {
        TableState start = log.at(from);
        checkRecorded(start.metadata(), from);
        checkReadable(start.metadata(), from);
        for (long version = from; version <= to; version++) {
            LogCommit commit = log.commit(version);
            for (Map<String, Object> json : commit.of("metaData").toList()) {
                Metadata changed = Metadata.parse(table.toString(), json);
                checkRecorded(changed, version);
                checkReadable(changed, version);
            }
            collect(commit);
        }
        boolean readsOlderRows = batches.stream().anyMatch(batch -> batch.source() == Source.DELETED);
        if (readsOlderRows && log.commit(from).of("metaData").findAny().isPresent() && from > 0) {
            checkReadable(log.at(from - 1).metadata(), from - 1);
        }
    }

    private void collect(LogCommit commit) {
        long version = commit.version();
        List<AddFile> changeFiles = commit.of("cdc").map(AddFile::new).toList();
        if (!changeFiles.isEmpty()) {
            changeFiles.forEach(file -> add(Source.CHANGE_FILE, new Change(file, Optional.empty(), version)));
            return;
        }
        if (isMergeWithoutChanges(commit)) {
            return;
        }
        Map<String, AddFile> added = new LinkedHashMap<>();
        commit.of("add")
                .filter(TableChanges::changesData)
                .map(AddFile::new)
                .forEach(file -> added.put(file.decodedPath(), file));
        for (Map<String, Object> json :
                commit.of("remove").filter(TableChanges::changesData).toList()) {
            AddFile file = removed(json, version);
            Optional<AddFile> after = Optional.ofNullable(added.remove(file.decodedPath()));
            if (after.isPresent()) {
                add(Source.VECTOR_DELETED, new Change(file, after, version));
                add(Source.VECTOR_RESTORED, new Change(after.get(), Optional.of(file), version));
            } else {
                add(Source.DELETED, new Change(file, Optional.empty(), version));
            }
        }
        added.values().forEach(file -> add(Source.INSERTED, new Change(file, Optional.empty(), version)));
    }

    private static boolean changesData(Map<String, Object> file) {
        return !Boolean.FALSE.equals(file.get("dataChange"));
    }

    /** Spark's merge can rewrite files without a change of any row, and then writes no files of changes. */
    private static boolean isMergeWithoutChanges(LogCommit commit) {
        Map<String, Object> metrics =
                Json.child(commit.info(), "operationMetrics").orElse(Map.of());
        return "MERGE".equals(commit.info().get("operation"))
                && Set.of("numTargetRowsInserted", "numTargetRowsUpdated", "numTargetRowsDeleted").stream()
                        .allMatch(name -> "0".equals(String.valueOf(metrics.get(name))));
    }

    /** A remove may leave out the partition of its file; the version before tells. */
    private AddFile removed(Map<String, Object> json, long version) {
        if (json.get("partitionValues") != null || metadata.partitionColumns().isEmpty()) {
            return new AddFile(json);
        }
        return Optional.ofNullable(log.at(version - 1).files().get(AddFile.key(json)))
                .orElseThrow(() -> LakeException.corrupt("Version " + version + " of table '" + table
                        + "' removes the file '" + Json.string(json, "path").orElse("")
                        + "', which was not in the table."));
    }

    private void add(Source source, Change change) {
        if (!Files.isRegularFile(change.file().locate(table))) {
            throw outOfRange(
                    "The changes of version " + change.version() + " of table '" + table
                            + "' can no longer be read: the file '"
                            + change.file().decodedPath()
                            + "' has been deleted, as vacuum does with files that the table no longer needs.",
                    "Start at a later version.");
        }
        Batch batch = batches.stream()
                .filter(each -> each.source() == source
                        && !each.byPath().containsKey(change.file().decodedPath()))
                .findFirst()
                .orElse(null);
        if (batch == null) {
            batch = new Batch(source, new LinkedHashMap<>());
            batches.add(batch);
        }
        batch.byPath().put(change.file().decodedPath(), change);
    }

    private void checkRecorded(Metadata then, long version) {
        if (!then.hasChangeFeed()) {
            throw new LakeException(
                    Kind.UNSUPPORTED_FEATURE,
                    "Table '" + table + "' has recorded no changes in version " + version
                            + ": 'delta.enableChangeDataFeed' was not true.",
                    metadata.hasChangeFeed()
                            ? "Start after the version in which the change data feed was switched on."
                            : "Set it to true to record the changes to come; a diff compares versions without it.");
        }
    }

    /** Only columns that came later make no difference: they are NULL before. */
    private void checkReadable(Metadata then, long version) {
        for (DeltaField field : then.schema().fields()) {
            Optional<DeltaField> now = metadata.schema().field(field.name());
            if (now.isEmpty() || !isSameColumn(then, field, now.get()) || !isPartOf(field, now.get())) {
                throw new LakeException(
                        Kind.SCHEMA_MISMATCH,
                        "Changes of table '" + table + "' cannot be read from version " + from + " to " + to
                                + ", because in version " + version + " column '" + field.name() + "' was '"
                                + field.type().text() + "', and now it is "
                                + now.map(column -> "'" + column.type().text() + "'")
                                        .orElse("gone") + ".",
                        "Read the versions before and after the change of the schema apart.");
            }
        }
    }

    /** With column mapping, another column may have got the name. */
    private boolean isSameColumn(Metadata before, DeltaField then, DeltaField now) {
        return metadata.mapping() == ColumnMapping.NONE
                || before.mapping().physicalName(then).equals(metadata.mapping().physicalName(now));
    }

    private static boolean isPartOf(DeltaField then, DeltaField now) {
        return isPartOf(then.type(), now.type()) && (now.nullable() || !then.nullable());
    }

    private static boolean isPartOf(DeltaType then, DeltaType now) {
        if (then instanceof DeltaType.Struct old && now instanceof DeltaType.Struct current) {
            return old.fields().stream()
                    .allMatch(field -> current.field(field.name())
                            .filter(same -> isPartOf(field, same))
                            .isPresent());
        }
        if (then instanceof DeltaType.Array old && now instanceof DeltaType.Array current) {
            return isPartOf(old.element(), current.element());
        }
        if (then instanceof DeltaType.MapOf old && now instanceof DeltaType.MapOf current) {
            return isPartOf(old.key(), current.key()) && isPartOf(old.value(), current.value());
        }
        return then.equals(now);
    }

    private String select(Batch batch) {
        String prefix = Scratch.freePrefix(schema());
        String file = "x." + SqlText.name(prefix + "file_number");
        String row = SqlText.name(prefix + "row");
        boolean changeFiles = batch.source() == Source.CHANGE_FILE;
        Metadata read = changeFiles ? ChangeFeed.fileMetadata(metadata) : metadata;
        String columns = read.schema().fields().stream()
                .map(field -> "x." + SqlText.name(field.name()))
                .collect(Collectors.joining(", "));
        String kind = changeFiles ? "" : ", '" + kind(batch.source()) + "' AS " + ChangeFeed.TYPE_COLUMN;
        String versions = batch.changes().stream()
                .map(change -> String.valueOf(change.version()))
                .collect(Collectors.joining(", "));
        String micros = batch.changes().stream()
                .map(change -> String.valueOf(times.of(change.version()).toEpochMilli() * 1000))
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + columns + kind + ", CAST([" + versions + "][" + file + " + 1] AS BIGINT) AS "
                + ChangeFeed.VERSION_COLUMN + ", make_timestamptz(CAST([" + micros + "][" + file
                + " + 1] AS BIGINT)) AS " + ChangeFeed.TIMESTAMP_COLUMN + " FROM ("
                + scan(read, batch.changes().stream().map(Change::file).toList(), prefix) + ") AS x";
        if (batch.changes().get(0).other().isEmpty()) {
            return sql;
        }
        List<AddFile> others = batch.changes().stream()
                .map(change -> change.other().orElseThrow())
                .toList();
        return sql + " WHERE NOT EXISTS (SELECT 1 FROM (" + scan(read, others, prefix) + ") AS y WHERE y."
                + SqlText.name(prefix + "file_number") + " = " + file + " AND y." + row + " = x." + row + ")";
    }

    private static String kind(Source source) {
        return source == Source.INSERTED || source == Source.VECTOR_RESTORED ? "insert" : "delete";
    }

    private String scan(Metadata read, List<AddFile> files, String prefix) {
        List<String> paths =
                files.stream().map(file -> file.locate(table).toString()).toList();
        return new Scan(table, read).sql(files, new Scan.RowPosition(prefix + "file_number", prefix + "row", paths));
    }
}
