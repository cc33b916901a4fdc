package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Committed;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.NodeId;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Looks at what earlier runs wrote. */
final class EarlierWrites {

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
