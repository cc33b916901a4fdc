package dev.tarn.lake;

import dev.tarn.fs.LocalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Opens a Delta table in a local directory, to read its versions and to write new ones.
 *
 * <p>Remembers the newest version that it has read, so the next reading costs only what came since. Safe for many threads.
 */
public final class DeltaTable {
    private final Path path;
    private final TableLog log;
    private final Clock clock;

    private DeltaTable(Path path, Clock clock) {
        this.path = withoutDots(path.toAbsolutePath());
        this.log = new TableLog(this.path);
        this.clock = clock;
    }

    /** Whether a directory has the log of a Delta table with at least one version. */
    public static boolean isDeltaTable(Path path) {
        return new TableLog(withoutDots(path.toAbsolutePath())).exists();
    }

    /** The table of a directory, which need not exist yet. */
    public static DeltaTable forPath(Path path) {
        return forPath(path, Clock.systemUTC());
    }

    /** The same, with the clock that gives the times in its log. */
    public static DeltaTable forPath(Path path, Clock clock) {
        return new DeltaTable(path, clock);
    }

    /**
     * Goes up from where a link leads, as the file system does. Both {@link Path#normalize} and DuckDB's COPY go by the
     * text alone and end in another directory.
     */
    private static Path withoutDots(Path absolute) {
        Path path = Objects.requireNonNull(absolute.getRoot());
        for (Path name : absolute) {
            if (name.toString().equals("..")) {
                Path parent = real(path).getParent();
                path = parent == null ? path : parent;
            } else if (!name.toString().equals(".")) {
                path = path.resolve(name);
            }
        }
        return path;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException notThere) {
            return path;
        }
    }

    /** Creates a table in a directory, which need not exist yet. */
    public static TableBuilder create(Path path) {
        return create(path, Clock.systemUTC());
    }

    /** The same, with the clock that gives the times in its log. */
    public static TableBuilder create(Path path, Clock clock) {
        return new TableBuilder(new DeltaTable(path, clock), clock);
    }

    /** The directory, absolute. */
    public Path path() {
        return path;
    }

    /** The newest version; empty when there is no table yet. */
    public Optional<Snapshot> snapshot() {
        return log.newest().map(state -> new Snapshot(path, state));
    }

    /** A version by its number. */
    public Snapshot snapshot(long version) {
        return new Snapshot(path, log.at(version));
    }

    /**
     * The version that was the newest one at a time, by the times that {@link #history} shows.
     *
     * <p>A time before the first version that can still be read, or after the newest one, is an error.
     */
    public Snapshot snapshotAt(Instant time) {
        return new Snapshot(path, log.at(time));
    }

    /** What was done to the table, the newest version first, at most so many versions. */
    public List<Commit> history(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("history of " + limit + " versions");
        }
        return log.history(limit);
    }

    /** The newest version, described. */
    public TableDetail detail() {
        return log.detail();
    }

    /**
     * Writes the newest version as a checkpoint, from which readers start instead of reading all commits. Writes do so by
     * themselves every 10 versions, or as the property {@code delta.checkpointInterval} says. What of the log is older than
     * {@code delta.logRetentionDuration} (30 days) and needed no more is deleted then.
     *
     * @return the version of the checkpoint
     */
    public long checkpoint() {
        TableState newest = log.newestExisting();
        new CheckpointWriter(log, clock).write(newest);
        new LogCleanup(log, clock).run(newest);
        return newest.version();
    }

    /** The number of the newest version, known from the names in the log alone; empty when there is no table yet. */
    public OptionalLong newestVersion() {
        return log.newestVersion();
    }

    /** The last version that an application recorded in the table by an {@link AppTransaction}. */
    public OptionalLong lastTransaction(String appId) {
        return log.newest().map(state -> state.lastTransaction(appId)).orElse(OptionalLong.empty());
    }

    /** The file that made a version; a checkpoint may have taken its place. */
    public Path commitFile(long version) {
        return log.commitFile(version);
    }

    /** What a version added to the one before: after an append, its rows and no others. */
    public Snapshot added(long version) {
        TableState state = log.at(version);
        Set<String> added = log.added(version);
        Map<String, AddFile> files = new LinkedHashMap<>(state.files());
        files.keySet().retainAll(added);
        return new Snapshot(path, state.withFiles(files));
    }

    /**
     * Writes the rows of a query as data files that no version has yet; one statement moves the rows.
     *
     * @param query a SELECT for the connection. An error in it is DuckDB's own, with positions in this text as long as the
     *     query does not run
     */
    public StagedWrite stage(Connection duckdb, String query, WriteOptions options) throws SQLException {
        String select = withoutSemicolon(query);
        Optional<TableState> base = log.newest();
        checkReadVersion(base, options);
        if (base.isPresent() && options.mode() == WriteMode.ERROR_IF_EXISTS) {
            throw WritePlan.exists(path.toString());
        }
        WritePlan plan = WritePlan.of(path.toString(), base, describe(duckdb, select), options, clock.millis());
        Optional<Expression> where = replaceWhere(duckdb, plan, options);
        FirstFolder folder = base.isPresent() ? FirstFolder.standing(path) : firstFolder();
        try {
            return where.isPresent() && base.isPresent()
                    ? stageReplacing(duckdb, select, plan, options, where.get())
                    : stageFiles(duckdb, select, plan, options, where, folder);
        } catch (SQLException | RuntimeException failure) {
            folder.release();
            throw failure;
        }
    }

    private StagedWrite stageFiles(
            Connection duckdb,
            String select,
            WritePlan plan,
            WriteOptions options,
            Optional<Expression> where,
            FirstFolder folder)
            throws SQLException {
        DataFiles dataFiles = new DataFiles(path, plan.metadata());
        List<DataFiles.Written> written = dataFiles.write(duckdb, plan.select(select));
        try {
            long now = clock.millis();
            List<AddFile> files =
                    written.stream().map(each -> dataFiles.add(each, now)).toList();
            Replacement replacement = options.mode() != WriteMode.OVERWRITE
                    ? Replacement.nothing()
                    : options.replacePartitions()
                            ? Replacement.partitionsOf(files, plan.metadata())
                            : Replacement.everything();
            StagedWrite staged = new StagedWrite(path, log, plan, options, clock, written, files, replacement, folder);
            if (where.isPresent()) {
                Replacement.checkRows(duckdb, path, staged.filesSql(), where.get());
            }
            return staged;
        } catch (SQLException | RuntimeException refused) {
            DataFiles.delete(written);
            throw refused;
        }
    }

    private Optional<Expression> replaceWhere(Connection duckdb, WritePlan plan, WriteOptions options)
            throws SQLException {
        if (options.replaceWhere().isEmpty()) {
            return Optional.empty();
        }
        String role = "condition of the overwrite";
        Expression where = Expression.parse(duckdb, role, options.replaceWhere().get());
        Metadata columns = plan.base().map(TableState::metadata).orElse(plan.metadata());
        where.checkCondition(duckdb, role, "(" + new Scan(path, columns).sql(List.of()) + ") AS target");
        return Optional.of(where);
    }

    /** Deletes the rows that the condition names and adds those of the query, as one change. */
    private StagedWrite stageReplacing(
            Connection duckdb, String select, WritePlan plan, WriteOptions options, Expression where)
            throws SQLException {
        TableState base = plan.base().orElseThrow();
        Target target = new Target(
                path, base, "target", Scratch.freePrefix(base.metadata().schema()));
        FeatureSupport.checkMayChangeRows(path.toString(), base, "overwrite");
        try (Scratch scratch = new Scratch(duckdb)) {
            FilePruning pruning = FilePruning.of(scratch, target, Optional.empty(), where);
            List<AddFile> candidates = pruning.keep(base.fileList());
            RowOperation rows = Replacement.rows(
                    scratch, target.looking(scratch, candidates), plan.metadata(), clock, candidates, where);
            if (FilePruning.isAboutPartitions(target, where)) {
                rows.removeWhole(FilePruning.matching(scratch, target, candidates, where));
                rows.writeInserts(plan.select(select));
            } else {
                rows.write(Optional.of(plan.select(select)));
            }
            StagedWrite staged = new StagedWrite(
                    path,
                    log,
                    plan,
                    options,
                    clock,
                    rows.writtenInserts(),
                    rows.addedInserts(),
                    rows.replacement(Reads.of(candidates, pruning::mayMatch)),
                    FirstFolder.standing(path));
            try {
                Replacement.checkRows(duckdb, path, staged.filesSql(), where);
            } catch (SQLException | RuntimeException refused) {
                rows.discard();
                throw refused;
            }
            return staged;
        }
    }

    /** Appends the rows of a query; makes the table if there is none. */
    public CommitResult append(Connection duckdb, String query) throws SQLException {
        return write(duckdb, query, WriteOptions.of(WriteMode.APPEND));
    }

    /** Replaces the rows of the table by those of a query; makes the table if there is none. */
    public CommitResult overwrite(Connection duckdb, String query) throws SQLException {
        return write(duckdb, query, WriteOptions.of(WriteMode.OVERWRITE));
    }

    /** Writes the rows of a query and commits them; see {@link #stage}. */
    public CommitResult write(Connection duckdb, String query, WriteOptions options) throws SQLException {
        try (StagedWrite staged = stage(duckdb, query, options)) {
            return staged.commit();
        }
    }

    /** Deletes all rows. */
    public ChangeResult delete(Connection duckdb) throws SQLException {
        return Delete.run(edit("delete", CommitOptions.DEFAULT), duckdb, Optional.empty());
    }

    /** Deletes the rows for which a condition holds; see the other method of this name. */
    public ChangeResult delete(Connection duckdb, String where) throws SQLException {
        return delete(duckdb, where, CommitOptions.DEFAULT);
    }

    /**
     * Deletes the rows for which a condition holds. Rows for which it is NULL stay. If it holds for none, no version is made.
     *
     * @param where DuckDB's SQL about the columns of the table, which it may call {@code target}
     * @throws LakeException of the kind {@code CONFLICT} if another writer changed what this has read; nothing is deleted then
     */
    public ChangeResult delete(Connection duckdb, String where, CommitOptions options) throws SQLException {
        return Delete.run(edit("delete", options), duckdb, Optional.of(where));
    }

    /** Gives columns new values in all rows. */
    public ChangeResult update(Connection duckdb, Map<String, String> set) throws SQLException {
        return Update.run(edit("update", CommitOptions.DEFAULT), duckdb, set, Optional.empty());
    }

    /** Gives columns new values in the rows for which a condition holds; see the other method of this name. */
    public ChangeResult update(Connection duckdb, Map<String, String> set, String where) throws SQLException {
        return update(duckdb, set, where, CommitOptions.DEFAULT);
    }

    /**
     * Gives columns new values in the rows for which a condition holds. All values are computed from the row as it was. If it
     * holds for none, no version is made.
     *
     * @param set DuckDB's SQL by column. A value must fit the column's type: a number may become a narrower one, and is an
     *     error where it is out of range; everything else takes a CAST
     * @param where DuckDB's SQL about the columns of the table, which it may call {@code target}
     */
    public ChangeResult update(Connection duckdb, Map<String, String> set, String where, CommitOptions options)
            throws SQLException {
        return Update.run(edit("update", options), duckdb, set, Optional.of(where));
    }

    /**
     * Begins a merge of the rows of a query into the table.
     *
     * @param condition DuckDB's SQL about a row of the table, called {@code target}, and one of the query, called
     *     {@code source}
     */
    public Merge merge(Connection duckdb, String query, String condition) {
        return new Merge(this, duckdb, query, condition);
    }

    /**
     * Begins to make large files of small ones, and files without deleted rows of those that have many, so that reading
     * costs less. The rows stay the same.
     */
    public Optimize optimize(Connection duckdb) {
        return new Optimize(this, duckdb);
    }

    /** Begins to look for damage: in the log, in the files and in what the log says of the rows. */
    public TableCheck check() {
        return new TableCheck(this, new TableLog(path), clock);
    }

    /** Begins to delete files that the table no longer needs. */
    public Vacuum vacuum() {
        return new Vacuum(this, log, clock);
    }

    /** Gives the table the rows, schema and properties of an earlier version; see the other methods of this name. */
    public RestoreResult restore(long version) {
        return restore(version, CommitOptions.DEFAULT);
    }

    /**
     * Gives the table the rows, schema and properties of an earlier version, as a new version. What it asks of readers and
     * writers stays. All files of that version must still be there.
     *
     * @throws LakeException of the kind {@code CONFLICT} if another writer changed the table meanwhile
     */
    public RestoreResult restore(long version, CommitOptions options) {
        return Restore.run(this, log, log.at(version), Optional.empty(), options);
    }

    /** The same for the version that was the newest at a time, as {@link #snapshotAt} has it. */
    public RestoreResult restore(Instant time) {
        return restore(time, CommitOptions.DEFAULT);
    }

    /** The same, committed in another way. */
    public RestoreResult restore(Instant time, CommitOptions options) {
        return Restore.run(this, log, log.at(time), Optional.of(time), options);
    }

    /** Adds a column that may be NULL, after the others; see the other method of this name. */
    public long addColumn(String path, DeltaType type) {
        return addColumn(path, type, ColumnPlace.last());
    }

    /**
     * Adds a column that may be NULL, or a field of a struct. No file is rewritten: the column is NULL in all rows.
     *
     * @param path the name; of a field, the way to it with points, where {@code element}, {@code key} and {@code value} lead
     *     into lists and maps. A name with other letters than usual is in backticks
     * @return the new version, as of all methods that change the table and not its rows
     */
    public long addColumn(String path, DeltaType type, ColumnPlace place) {
        return new SchemaChange(this).add(path, type, Optional.empty(), place);
    }

    /** The same with a text about it. */
    public long addColumn(String path, DeltaType type, ColumnPlace place, String comment) {
        return new SchemaChange(this).add(path, type, Optional.of(comment), place);
    }

    /** Gives a column or field another name; the table must have a column mapping ({@code delta.columnMapping.mode}). */
    public long renameColumn(String path, String name) {
        return new SchemaChange(this).rename(path, name);
    }

    /**
     * Takes a column or field out of the table; the table must have a column mapping ({@code delta.columnMapping.mode}). The
     * values stay in the data files, where older versions find them, until these are rewritten.
     */
    public long dropColumn(String path) {
        return new SchemaChange(this).drop(path);
    }

    /**
     * Gives a column, a field or the elements of a list a wider type, such as {@code long} for {@code integer}; the table must
     * allow it ({@code delta.enableTypeWidening}).
     */
    public long widenType(String path, DeltaType type) {
        return new SchemaChange(this).widen(path, type);
    }

    /** Moves a column among the others, or a field in its struct. */
    public long reorder(String path, ColumnPlace place) {
        return new SchemaChange(this).move(path, place);
    }

    /**
     * Sets properties. Those that begin with {@code delta.} must be known here, and their features become part of the table's
     * protocol, which older readers may then refuse; {@code delta.feature.NAME} = {@code supported} adds only that.
     */
    public long setProperties(Map<String, String> properties) {
        return new TableChange(this).set(properties);
    }

    /** Takes properties off. The protocol stays as it is. */
    public long unsetProperties(String... names) {
        return new TableChange(this).unset(List.of(names));
    }

    /**
     * Adds a condition that all rows must satisfy, those that are there and those that come; NULL does not satisfy it.
     *
     * @param condition Spark's SQL, because other writers read it: comparisons of columns and literals, arithmetic, AND, OR,
     *     NOT, IN, BETWEEN, LIKE and IS NULL
     * @throws LakeException of the kind {@code CONSTRAINT} if a row of the table does not satisfy it
     */
    public long addConstraint(String name, String condition) {
        return new TableChange(this).addConstraint(name, condition);
    }

    /** Drops a constraint. */
    public long dropConstraint(String name) {
        return new TableChange(this).dropConstraint(name);
    }

    /** Raises the versions of the protocol. What they can be told to support by name stays off. */
    public long upgradeProtocol(int readerVersion, int writerVersion) {
        return new TableChange(this).upgrade(readerVersion, writerVersion);
    }

    /** Adds a feature to the protocol by its name, which switches nothing on. */
    public long addFeatureSupport(String feature) {
        return new TableChange(this).addFeature(feature);
    }

    /** The changes that a version and all after it made; see the other methods of this name. */
    public TableChanges changes(long fromVersion) {
        return changes(fromVersion, Long.MAX_VALUE);
    }

    /**
     * The changes that some versions made, row by row. In all of them the table's change data feed
     * ({@code delta.enableChangeDataFeed}) must have been on.
     *
     * @param toVersion included; one that is not there yet stands for the newest
     * @throws LakeException if the first version is not there, or changes were not recorded, or columns have gone since
     */
    public TableChanges changes(long fromVersion, long toVersion) {
        return TableChanges.between(path, log, fromVersion, toVersion);
    }

    /** The changes that the versions since a time made, up to the newest one. */
    public TableChanges changes(Instant from) {
        return TableChanges.between(path, log, from, Optional.empty());
    }

    /**
     * The changes that the versions between two times made, both included.
     *
     * @param from may be before the first version, but not after the newest
     * @param to may not be before the first version or after the newest
     */
    public TableChanges changes(Instant from, Instant to) {
        return TableChanges.between(path, log, from, Optional.of(to));
    }

    TableEdit edit(String operation, CommitOptions options) {
        return TableEdit.of(this, log.newest(), options, clock, operation);
    }

    /** A commit on a version that was read, or of a new table. */
    Transaction transaction(Optional<TableState> base, CommitOptions options) {
        return new Transaction(path, log, clock, base, options);
    }

    private void checkReadVersion(Optional<TableState> base, WriteOptions options) {
        long newest = base.map(TableState::version).orElse(-1L);
        if (options.readVersion().isPresent() && options.readVersion().getAsLong() != newest) {
            throw new LakeException(
                    LakeException.Kind.CONFLICT,
                    "Table '" + path + "' was read at version "
                            + options.readVersion().getAsLong() + ", but its newest version is " + newest + ".",
                    "Run the write again; it will start from the newest version.");
        }
    }

    Clock clock() {
        return clock;
    }

    /** What {@link #snapshot} shows. */
    Optional<TableState> state() {
        return log.newest();
    }

    void createDirectory() {
        refuseFile();
        try {
            LocalFiles.createDirectories(path);
        } catch (IOException failure) {
            throw uncreated(failure);
        }
    }

    private FirstFolder firstFolder() {
        refuseFile();
        try {
            return FirstFolder.hold(path);
        } catch (IOException failure) {
            throw uncreated(failure);
        }
    }

    private void refuseFile() {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw NewSchema.invalid("'" + path + "' is a file, not the directory of a table.", "Choose another path.");
        }
    }

    private LakeException uncreated(IOException failure) {
        return LakeException.io("The directory '" + path + "' cannot be created", failure);
    }

    private static DeltaType.Struct describe(Connection duckdb, String query) throws SQLException {
        List<DeltaField> columns = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery("DESCRIBE " + query)) {
            while (rows.next()) {
                String name = rows.getString("column_name");
                columns.add(new DeltaField(name, DuckType.toDelta(name, rows.getString("column_type"))));
            }
        } catch (SQLException withPrefix) {
            throw withOwnPosition(duckdb, query, withPrefix);
        }
        return new DeltaType.Struct(columns);
    }

    /** The same error, but with its position in the query alone. */
    private static SQLException withOwnPosition(Connection duckdb, String query, SQLException otherwise) {
        try {
            duckdb.prepareStatement(query).close();
            return otherwise;
        } catch (SQLException own) {
            return own;
        }
    }

    static String withoutSemicolon(String query) {
        String text = query.stripTrailing();
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).stripTrailing();
        }
        return text;
    }
}
