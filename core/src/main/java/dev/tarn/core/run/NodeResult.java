package dev.tarn.core.run;

import dev.tarn.core.check.CheckResult;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Write;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** How a node ended. */
public sealed interface NodeResult {

    NodeId node();

    Duration duration();

    List<CheckResult> checks();

    /** Whether nodes that need this one may run. */
    boolean letsDependentsRun();

    /**
     * The node did all it was asked to.
     *
     * @param rowsIn rows of its inputs, where known
     * @param rowsOut rows of its output, where they were computed
     * @param rowsRejected rows in quarantine
     * @param attempts tries it took, 1 or more
     * @param written what became visible outside
     */
    record Succeeded(
            NodeId node,
            OptionalLong rowsIn,
            OptionalLong rowsOut,
            long rowsRejected,
            List<CheckResult> checks,
            int attempts,
            List<Written> written,
            Duration duration)
            implements NodeResult {

        public Succeeded {
            checks = List.copyOf(checks);
            written = List.copyOf(written);
        }

        @Override
        public boolean letsDependentsRun() {
            return true;
        }
    }

    /**
     * The node did not do what it was asked to, and left its targets as they were.
     *
     * @param ignored whether {@code on_error: ignore} lets its dependents run and the run succeed
     */
    record Failed(
            NodeId node, Failure failure, List<CheckResult> checks, boolean ignored, int attempts, Duration duration)
            implements NodeResult {

        public Failed {
            checks = List.copyOf(checks);
        }

        @Override
        public boolean letsDependentsRun() {
            return ignored;
        }
    }

    /**
     * The node did not run, because what it made before is still good.
     *
     * @param madeBy the run that made it
     * @param written what that run wrote
     */
    record UpToDate(NodeId node, String madeBy, List<Written> written) implements NodeResult {

        public UpToDate {
            written = List.copyOf(written);
        }

        @Override
        public Duration duration() {
            return Duration.ZERO;
        }

        @Override
        public List<CheckResult> checks() {
            return List.of();
        }

        @Override
        public boolean letsDependentsRun() {
            return true;
        }

        /** The version that a target had after the node wrote it. */
        public OptionalLong versionOf(Write write) {
            return written.stream()
                    .filter(w -> w.target().equals(write.location().toString()))
                    .findFirst()
                    .map(Written::version)
                    .orElse(OptionalLong.empty());
        }
    }

    /**
     * A target that a node wrote.
     *
     * @param target {@code connection:path}
     * @param version the version that the write made, for a table
     */
    record Written(String target, OptionalLong version) {}

    /**
     * The node did not run.
     *
     * @param reason why, as a clause: {@code needs bronze.flights, which failed}
     */
    record Skipped(NodeId node, String reason) implements NodeResult {

        @Override
        public Duration duration() {
            return Duration.ZERO;
        }

        @Override
        public List<CheckResult> checks() {
            return List.of();
        }

        @Override
        public boolean letsDependentsRun() {
            return false;
        }
    }
}
