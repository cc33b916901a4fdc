package dev.tarn.engine.duckdb;

import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Read;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.fs.DirectorySwap;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Makes the query that reads a source. */
final class Source {

    private final Database database;

    Source(Database database) {
        this.database = database;
    }

    DuckDbDataset dataset(Read read) {
        DuckDbDataset rows = read.format() == Format.DELTA ? delta(read) : files(read);
        return read.filter()
                .map(filter -> new DuckDbDataset(
                        new SqlText.Builder()
                                .add("SELECT * FROM (")
                                .add(rows.query())
                                .add(") WHERE (\n")
                                .add(filter, filter.text().length())
                                .add("\n)")
                                .build(),
                        OptionalLong.empty(),
                        true))
                .orElse(rows);
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
            return new DuckDbDataset(SqlText.ours(snapshot.toSql()), snapshot.numRecords(), true);
        } catch (LakeException e) {
            throw LakeFailures.of(e, read.location().span());
        }
    }

    private DuckDbDataset files(Read read) {
        String pattern = pattern(read);
        String options = read.options().stream()
                .map(option -> ", " + Literal.name(option.name()) + " = " + Literal.value(option.value()))
                .collect(Collectors.joining());
        String function = "read_" + read.format().id();
        SqlText query = SqlText.ours("SELECT * FROM " + function + "(" + Literal.text(pattern) + options + ")");
        return new DuckDbDataset(query, rows(read, pattern), true);
    }

    /** A folder stands for all files of its format below it. */
    static String pattern(Read read) {
        Location location = read.location();
        if (location.isGlob()) {
            return location.path();
        }
        Path path = Path.of(location.path());
        try {
            DirectorySwap.recoverDirectory(path);
        } catch (IOException e) {
            throw missing(location, "'" + location + "' cannot be read: " + e.getMessage());
        }
        if (!Files.exists(path)) {
            throw missing(location, "'" + location + "' does not exist");
        }
        return Files.isDirectory(path) ? path + "/**/*." + read.format().id() : path.toString();
    }

    /** Parquet files say how many rows they have; others must be read for that. */
    private OptionalLong rows(Read read, String pattern) {
        if (read.format() != Format.PARQUET) {
            return OptionalLong.empty();
        }
        try {
            String count = database.rows(
                            "SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata(" + Literal.text(pattern) + ")")
                    .get(0)
                    .get(0);
            return count == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(count));
        } catch (SQLException e) {
            throw new FailureException(Failures.of(e, SqlText.ours(""))
                    .failure()
                    .at(read.location().span()));
        }
    }

    private static FailureException missing(Location location, String message) {
        return new FailureException(new Failure(
                ProblemCode.READ_FAILED,
                message,
                Optional.of("looked for " + location.path()),
                Optional.of(location.span()),
                false,
                null));
    }
}
