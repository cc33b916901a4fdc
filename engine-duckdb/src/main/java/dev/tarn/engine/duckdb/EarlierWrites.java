package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Committed;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Option;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.lake.Commit;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Looks at what earlier runs wrote. */
final class EarlierWrites {

    /** Options of a write that a read has, too, and needs. */
    private static final Set<String> READ_OPTIONS = Set.of(
            "header",
            "delim",
            "quote",
            "escape",
            "nullstr",
            "dateformat",
            "timestampformat",
            "compression",
            "encoding");

    private static final Map<String, String> READ_NAMES = Map.of(
            "delimiter",
            "delim",
            "sep",
            "delim",
            "null",
            "nullstr",
            "date_format",
            "dateformat",
            "timestamp_format",
            "timestampformat");

    private final Database database;

    EarlierWrites(Database database) {
        this.database = database;
    }

    /** A table that has fewer versions than it had was deleted, and perhaps made anew. */
    boolean holds(Write target, OptionalLong version) {
        if (target.format() == Format.SQL) {
            // To write again could append twice; whoever emptied the table knows.
            return true;
        }
        Path path = Path.of(target.location().path());
        if (target.format() != Format.DELTA) {
            return Files.exists(path);
        }
        OptionalLong newest = DeltaTable.forPath(path).newestVersion();
        return newest.isPresent() && newest.getAsLong() >= version.orElse(0);
    }

    /** The rows that one write stored, whatever else was written to the place before and since. */
    DuckDbDataset rows(Write target, OptionalLong version) {
        if (target.format() == Format.DELTA && version.isPresent() && target.mode() == WriteMode.APPEND) {
            return added(target, version.getAsLong());
        }
        return new Source(database, Optional.empty())
                .dataset(new Read(
                        target.format(), target.location(), List.of(), Optional.empty(), version, target.span()));
    }

    /** How a CSV file is read as it was written: nothing is guessed but the types, and those from all rows. */
    static List<Option> asWritten(Write target) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("header", true);
        options.put("delim", ",");
        options.put("sample_size", -1);
        if (target.mode() != WriteMode.APPEND) {
            // DuckDB puts quotes around an empty text and not around NULL; other writers may not.
            options.put("allow_quoted_nulls", false);
        }
        for (Option option : target.options()) {
            String name = option.name().toLowerCase(Locale.ROOT);
            String read = READ_NAMES.getOrDefault(name, name);
            if (option.value() != null && READ_OPTIONS.contains(read)) {
                options.put(read, option.value());
            }
        }
        return options.entrySet().stream()
                .map(each -> new Option(each.getKey(), each.getValue(), target.span(), target.span()))
                .toList();
    }

    /** Notes of writes are in the commits, which a table keeps for 30 days unless it says otherwise. */
    Optional<Committed> committed(Write target, NodeId writer, Set<String> runs, Instant since) {
        DeltaTable table = DeltaTable.forPath(Path.of(target.location().path()));
        if (target.format() != Format.DELTA || table.newestVersion().isEmpty()) {
            return Optional.empty();
        }
        try {
            List<Commit> commits = table.history(Integer.MAX_VALUE);
            for (Commit commit : commits) {
                for (String run : runs) {
                    if (commit.userMetadata().equals(Optional.of(DeltaTarget.mark(run, writer)))) {
                        return Optional.of(new Committed(run, OptionalLong.of(commit.version()), commit.timestamp()));
                    }
                }
            }
            checkReaches(target, commits, since);
            return Optional.empty();
        } catch (LakeException e) {
            throw LakeFailures.of(e, target.location().span());
        }
    }

    private static void checkReaches(Write target, List<Commit> commits, Instant since) {
        Optional<Commit> oldest = commits.isEmpty() ? Optional.empty() : Optional.of(commits.get(commits.size() - 1));
        boolean reaches = oldest.isPresent()
                && (oldest.get().version() == 0 || !oldest.get().timestamp().isAfter(since));
        if (!reaches) {
            throw new FailureException(Failure.lasting(
                    ProblemCode.READ_FAILED,
                    "the table's log no longer has the commits since " + since,
                    Optional.of(target.span())));
        }
    }

    private static DuckDbDataset added(Write target, long version) {
        try {
            Snapshot added =
                    DeltaTable.forPath(Path.of(target.location().path())).added(version);
            return DuckDbDataset.constant(SqlText.ours(added.toSql()), added.numRecords(), Map.of());
        } catch (LakeException e) {
            throw LakeFailures.of(e, target.location().span());
        }
    }
}
