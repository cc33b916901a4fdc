package dev.tarn.core.run;

import dev.tarn.core.engine.BrokenRows;
import dev.tarn.core.engine.CheckedDataset;
import dev.tarn.core.engine.Column;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Profile;
import dev.tarn.core.engine.Sample;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.project.NodeId;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Takes notes of one try of a node. What cannot be noted is left out: a trace never fails a node. Not thread-safe. */
final class Tracer {

    private final Session session;
    private final Optional<Tracing> tracing;
    private final Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
    private Map<String, Dataset> inputs = Map.of();
    private Optional<Dataset> output = Optional.empty();
    private Optional<Profile> profile = Optional.empty();
    private Optional<BrokenRows> broken = Optional.empty();

    Tracer(Session session, Optional<Tracing> tracing) {
        this.session = session;
        this.tracing = tracing;
    }

    <T> T timed(Phase phase, Supplier<T> step) {
        long start = System.nanoTime();
        try {
            return step.get();
        } finally {
            phases.merge(phase, Duration.ofNanos(System.nanoTime() - start), Duration::plus);
        }
    }

    /** Inputs that no other trace of the run tells of. */
    void inputs(Map<String, Dataset> fromOutside) {
        inputs = Map.copyOf(fromOutside);
    }

    void output(Dataset computedLater) {
        output = Optional.of(computedLater);
    }

    void kept(Dataset computed) {
        profile = looked(t -> new Profile(session.look(computed, t.sampleRows()), Map.of()));
    }

    void stored(StagedWrite committed) {
        profile = looked(t -> committed.profile(t.sampleRows()));
    }

    void checked(CheckedDataset rows) {
        if (rows.violations().stream().anyMatch(count -> count > 0)) {
            broken = looked(t -> rows.broken(t.brokenRows()));
        }
    }

    private <T> Optional<T> looked(Function<Tracing, T> look) {
        try {
            return tracing.map(look);
        } catch (FailureException e) {
            // Such as a run that was stopped; the node's own work is done, or has failed with more to say.
            return Optional.empty();
        }
    }

    /** The notes; empty when nobody asked for any. */
    Optional<NodeTrace> trace(NodeId node) {
        if (tracing.isEmpty()) {
            return Optional.empty();
        }
        if (profile.isEmpty()) {
            profile = output.flatMap(this::columns).map(sample -> new Profile(sample, Map.of()));
        }
        Map<String, List<Column>> columns = new HashMap<>();
        inputs.forEach((name, data) -> columns(data).ifPresent(found -> columns.put(name, found.columns())));
        return Optional.of(new NodeTrace(node, phases, columns, profile, broken));
    }

    private Optional<Sample> columns(Dataset data) {
        return looked(t -> session.look(data, 0))
                .filter(sample -> !sample.columns().isEmpty());
    }
}
