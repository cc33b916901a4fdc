package dev.tarn.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Shows one version of a Delta table. */
public final class Snapshot {
    private static final String FILTER = "filter";

    private final Path table;
    private final TableState state;

    Snapshot(Path table, TableState state) {
        this.table = table;
        this.state = state;
    }

    /** The number of the version, from 0. */
    public long version() {
        return state.version();
    }

    /** The columns, in order, partition columns among them. */
    public DeltaType.Struct schema() {
        return state.metadata().schema();
    }

    /** The columns by whose values the files are separated. */
    public List<String> partitionColumns() {
        return state.metadata().partitionColumns();
    }

    /** The table's properties, such as {@code delta.appendOnly}. */
    public Map<String, String> properties() {
        return state.metadata().configuration();
    }

    /** How many data files the version has. */
    public int fileCount() {
        return state.files().size();
    }

    /** How many bytes the data files have. */
    public long sizeInBytes() {
        return state.files().values().stream().mapToLong(AddFile::size).sum();
    }

    /** How many rows the version has by the statistics of its files; empty if a file has none. */
    public OptionalLong numRecords() {
        long sum = 0;
        for (AddFile file : state.files().values()) {
            Optional<Long> rows = file.rows();
            if (rows.isEmpty()) {
                return OptionalLong.empty();
            }
            sum += rows.get();
        }
        return OptionalLong.of(sum);
    }

    /** A SELECT for any DuckDB connection that gives exactly the rows of this version, with exact names and types. */
    public String toSql() {
        return new Scan(table, state.metadata()).sql(state.fileList());
    }

    /**
     * A SELECT that gives exactly the rows of this version for which a condition holds, and reads only files that may have
     * one by their partition values and statistics.
     *
     * @param duckdb parses the condition; the SELECT is for any connection
     * @param where one SQL expression over the columns, which gives the same each time it is asked
     */
    public String toSql(Connection duckdb, String where) throws SQLException {
        try (Scratch scratch = new Scratch(duckdb)) {
            Expression condition = Expression.parse(duckdb, FILTER, where);
            Target target = target();
            condition.checkCondition(duckdb, FILTER, target.empty());
            List<AddFile> files =
                    FilePruning.of(scratch, target, Optional.empty(), condition).keep(state.fileList());
            return "SELECT * FROM (" + new Scan(table, state.metadata()).sql(files) + ") AS "
                    + SqlText.name(target.alias()) + " WHERE " + condition.sql();
        }
    }

    private Target target() {
        String prefix = Scratch.freePrefix(schema());
        return new Target(table, state, prefix + "rows", prefix);
    }

    Path table() {
        return table;
    }

    /** The same without the files that another version has, too. */
    Snapshot without(Snapshot other) {
        Map<String, AddFile> files = new LinkedHashMap<>(state.files());
        files.keySet().removeAll(other.state.files().keySet());
        return new Snapshot(table, state.withFiles(files));
    }

    TableState state() {
        return state;
    }
}
