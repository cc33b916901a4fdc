package dev.tarn.engine.spark;

import dev.tarn.core.engine.Committed;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Looks at what earlier runs wrote, of whichever engine: both note the same with what they write. */
final class EarlierWrites {

    private EarlierWrites() {}

    /** What the table's history has of a write: by it {@code run --resume} finds what a killed run had committed. */
    static String mark(String runId, NodeId writer) {
        return "run " + runId + ", node " + writer;
    }

    /** A table that has fewer versions than it had was deleted, and perhaps made anew. */
    static boolean holds(Write target, OptionalLong version) {
        Path path = Path.of(target.location().path());
        if (target.format() != Format.DELTA) {
            return Files.exists(path);
        }
        try {
            OptionalLong newest = new CommitLog(path).newest();
            return newest.isPresent() && newest.getAsLong() >= version.orElse(0);
        } catch (IOException e) {
            throw unreadable(target, e);
        }
    }

    /** Notes of writes are in the commits, which a table keeps for 30 days unless it says otherwise. */
    static Optional<Committed> committed(Write target, NodeId writer, Set<String> runs, Instant since) {
        CommitLog log = new CommitLog(Path.of(target.location().path()));
        try {
            OptionalLong newest = target.format() == Format.DELTA ? log.newest() : OptionalLong.empty();
            for (long version = newest.orElse(-1); version >= 0; version--) {
                Optional<CommitLog.Commit> found = log.commit(version);
                if (found.isEmpty()) {
                    throw new FailureException(Failure.lasting(
                            ProblemCode.READ_FAILED,
                            "the table's log no longer has the commits since " + since,
                            Optional.of(target.span())));
                }
                CommitLog.Commit commit = found.get();
                for (String run : runs) {
                    if (commit.note().equals(mark(run, writer))) {
                        return Optional.of(new Committed(run, OptionalLong.of(version), commit.time()));
                    }
                }
                if (commit.time().isBefore(since)) {
                    return Optional.empty();
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(target, e);
        }
    }

    private static FailureException unreadable(Write target, IOException e) {
        return new FailureException(new Failure(
                ProblemCode.READ_FAILED,
                "'" + target.location() + "' cannot be read: " + e.getMessage(),
                Optional.empty(),
                Optional.of(target.span()),
                false,
                e));
    }
}
