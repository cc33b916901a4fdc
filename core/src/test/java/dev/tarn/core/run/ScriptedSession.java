package dev.tarn.core.run;

import dev.tarn.core.check.Check;
import dev.tarn.core.engine.BrokenRows;
import dev.tarn.core.engine.CheckedDataset;
import dev.tarn.core.engine.Committed;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.NodeConnection;
import dev.tarn.core.engine.Profile;
import dev.tarn.core.engine.Sample;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.TransformStep;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.ProblemCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;

/**
 * A session that stores nothing and fails where a test says so: an engine's failures cannot be ordered from a real one.
 * The script is keyed by the table that a node writes.
 */
final class ScriptedSession implements Session {

    record Rows(String what, OptionalLong rows) implements Dataset {}

    final List<String> log = Collections.synchronizedList(new ArrayList<>());
    final Map<String, List<Failure>> stageFailures = new HashMap<>();
    final Map<String, Failure> commitFailures = new HashMap<>();
    final Map<String, CountDownLatch> gates = new HashMap<>();
    List<Long> violations = List.of();
    long rows = 10;
    long rejected;
    private final CountDownLatch cancelled = new CountDownLatch(1);

    static Failure failure(boolean passing) {
        return new Failure(ProblemCode.WRITE_FAILED, "scripted", Optional.empty(), Optional.empty(), passing, null);
    }

    @Override
    public Dataset read(Read read) {
        return new Rows(read.location().declared(), OptionalLong.of(rows));
    }

    @Override
    public Dataset readWithFile(Read read, String column) {
        throw new IllegalStateException("no test reads with files");
    }

    @Override
    public Dataset withColumns(Dataset data, Map<String, Object> values) {
        throw new IllegalStateException("no test adds columns");
    }

    @Override
    public void discard(Dataset cached) {
        throw new IllegalStateException("no test discards");
    }

    @Override
    public NodeConnection connect() {
        throw new IllegalStateException("no test has statements");
    }

    @Override
    public SortedMap<String, String> sources(Read read) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean holds(Write target, OptionalLong version) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Dataset earlier(Write target, OptionalLong version) {
        log.add("earlier " + target.location().declared() + " " + version);
        return new Rows(target.location().declared(), OptionalLong.of(rows));
    }

    @Override
    public Optional<Committed> committed(Write target, NodeId writer, Set<String> runs, Instant since) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Dataset query(SqlStep step, Map<String, Dataset> inputs) {
        return new Rows("query over " + inputs.keySet(), OptionalLong.empty());
    }

    @Override
    public Dataset transform(TransformStep step, Map<String, Dataset> inputs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Dataset cache(Dataset data) {
        log.add("cache");
        return data;
    }

    @Override
    public long count(Dataset data) {
        log.add("count");
        return rows;
    }

    @Override
    public Sample look(Dataset data, int rows) {
        return Sample.NONE;
    }

    @Override
    public CheckedDataset check(Dataset data, List<Check> checks) {
        return new CheckedDataset() {
            @Override
            public long rows() {
                return rows;
            }

            @Override
            public List<Long> violations() {
                return violations;
            }

            @Override
            public long rejectedRows() {
                return rejected;
            }

            @Override
            public Dataset accepted() {
                return new Rows("accepted", OptionalLong.of(rows - rejected));
            }

            @Override
            public Dataset rejected(Quarantine quarantine, String node, String runId, Instant at) {
                return new Rows("rejected", OptionalLong.of(rejected));
            }

            @Override
            public BrokenRows broken(int rows) {
                return new BrokenRows(Sample.NONE, List.of());
            }

            @Override
            public void close() {
                log.add("free checked rows");
            }
        };
    }

    @Override
    public StagedWrite stage(Dataset data, Write target, NodeId writer, boolean reused) {
        String table = target.location().declared();
        log.add("stage " + table);
        await(gates.get(table));
        List<Failure> failures = stageFailures.getOrDefault(table, List.of());
        long tries = log.stream().filter(("stage " + table)::equals).count();
        if (tries <= failures.size()) {
            throw new FailureException(failures.get((int) tries - 1));
        }
        return new Staged(table, data);
    }

    private void await(java.util.concurrent.@org.jspecify.annotations.Nullable CountDownLatch gate) {
        if (gate == null) {
            return;
        }
        try {
            while (!gate.await(5, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                if (cancelled.getCount() == 0) {
                    throw new FailureException(failure(false));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Staged implements StagedWrite {

        private final String table;
        private final Dataset data;

        Staged(String table, Dataset data) {
            this.table = table;
            this.data = data;
        }

        @Override
        public long rows() {
            return data.rows().orElse(rows);
        }

        @Override
        public Dataset written() {
            return data;
        }

        @Override
        public boolean standsAlone() {
            return true;
        }

        @Override
        public OptionalLong commit() {
            Failure failure = commitFailures.get(table);
            if (failure != null) {
                throw new FailureException(failure);
            }
            log.add("commit " + table);
            return OptionalLong.of(7);
        }

        @Override
        public Profile profile(int rows) {
            return new Profile(Sample.NONE, Map.of());
        }

        @Override
        public void discard() {
            log.add("discard " + table);
        }
    }

    @Override
    public void cancel() {
        cancelled.countDown();
    }

    @Override
    public void close() {}
}
