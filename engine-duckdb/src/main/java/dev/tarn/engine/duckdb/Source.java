package dev.tarn.engine.duckdb;

import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Read;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.engine.duckdb.DuckDbDataset.Kind;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes the query that reads a source. */
final class Source {

    private final Database database;
    private final Optional<String> fileColumn;

    /** @param fileColumn a column to add with each row's file */
    Source(Database database, Optional<String> fileColumn) {
        this.database = database;
        this.fileColumn = fileColumn;
    }

    DuckDbDataset dataset(Read read) {
        DuckDbDataset rows = read.format() == Format.DELTA ? delta(read) : files(read);
        return read.filter().map(filter -> filtered(rows, filter)).orElse(rows);
    }

    static DuckDbDataset filtered(DuckDbDataset rows, MappedText filter) {
        return new DuckDbDataset(
                new SqlText.Builder()
                        .add("SELECT * FROM (")
                        .add(rows.query())
                        .add(") WHERE (\n")
                        .add(filter, filter.text().length())
                        .add("\n)")
                        .build(),
                OptionalLong.empty(),
                Kind.COMPUTED,
                1,
                rows.versions());
    }

    private DuckDbDataset delta(Read read) {
        Path path = Path.of(read.location().path());
        if (!DeltaTable.isDeltaTable(path)) {
            throw missing(read.location(), "'" + read.location() + "' is not a Delta table");
        }
        try {
            DeltaTable table = DeltaTable.forPath(path);
            Snapshot snapshot = read.version().isPresent()
                    ? table.snapshot(read.version().getAsLong())
                    : table.snapshot().orElseThrow();
            Map<Path, Long> newest = read.version().isPresent() ? Map.of() : Map.of(path, snapshot.version());
            return DuckDbDataset.constant(SqlText.ours(snapshot.toSql()), snapshot.numRecords(), newest);
        } catch (LakeException e) {
            throw LakeFailures.of(e, read.location().span());
        }
    }

    private DuckDbDataset files(Read read) {
        List<String> found = new SourceFiles(database).find(read);
        SqlText.Builder query = new SqlText.Builder()
                .add(
                        "SELECT * FROM read_" + read.format().id() + "(" + Literal.files(found),
                        read.location().span());
        read.options().forEach(option -> query.add(Literal.option(option.name(), option.value()), option.nameSpan()));
        added(read, found).forEach((name, value) -> query.add(Literal.option(name, value)));
        return new DuckDbDataset(query.add(")").build(), rows(read, Literal.files(found)), Kind.FILES, 0, Map.of());
    }

    /** Options that the user has not given. */
    private Map<String, Object> added(Read read, List<String> found) {
        Map<String, Object> added = new LinkedHashMap<>();
        // Files need not have the same columns; without this DuckDB takes those of the first and drops the others'.
        if (found.size() > 1 && !has(read, "union_by_name")) {
            added.put("union_by_name", true);
        }
        fileColumn.ifPresent(column -> added.put("filename", column));
        if (read.format() == Format.CSV) {
            try {
                added.putAll(new CsvLayout(database, read).missing(found));
            } catch (IOException e) {
                throw missing(read.location(), "'" + read.location() + "' cannot be read: " + e.getMessage());
            }
        }
        return added;
    }

    private static boolean has(Read read, String option) {
        return read.options().stream().anyMatch(o -> o.name().equalsIgnoreCase(option));
    }

    /** Parquet files say how many rows they have; others must be read for that. */
    private OptionalLong rows(Read read, String list) {
        if (read.format() != Format.PARQUET) {
            return OptionalLong.empty();
        }
        try {
            String count = database.rows("SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata(" + list + ")")
                    .get(0)
                    .get(0);
            return count == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(count));
        } catch (SQLException e) {
            throw Failures.ofParquet(e, list, read.location().span());
        }
    }

    static FailureException missing(Location location, String message) {
        return new FailureException(new Failure(
                ProblemCode.READ_FAILED,
                message,
                Optional.of("looked for " + location.path()),
                Optional.of(location.span()),
                false,
                null));
    }
}
