package dev.tarn.core.state.history;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.QueryAnalysis;
import dev.tarn.core.engine.Session;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.Step;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.run.EarlierOutput;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.source.MappedText;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which nodes {@code run --resume} runs. A node is left out only if its newest result is a success, it and what it reads
 * are as they were then, and what it wrote is still there; where that is in doubt, it runs.
 *
 * @param upToDate the nodes that are left out
 * @param reasons why each of the others runs, as a clause: {@code failed in run 20260307T142530Z-9f3a2c}
 * @param madeBefore of those, the ones that only make again for others what an earlier run had made, and that run
 */
public record Resumption(
        List<NodeResult.UpToDate> upToDate, Map<NodeId, String> reasons, Map<NodeId, String> madeBefore) {

    /** Every node runs. */
    public static final Resumption NONE = new Resumption(List.of(), Map.of(), Map.of());

    public Resumption {
        upToDate = List.copyOf(upToDate);
        reasons = Map.copyOf(reasons);
        madeBefore = Map.copyOf(madeBefore);
    }

    public static Resumption of(
            Plan plan, EarlierRuns earlier, Map<NodeId, String> fingerprints, Engine engine, Session session) {
        return new Decision(plan, earlier, fingerprints, engine, session).decide();
    }

    /** Marks nodes until nothing more follows from what is marked. */
    private static final class Decision {

        /** Functions of DuckDB that read what no input declares. */
        private static final Pattern READS_OUTSIDE = Pattern.compile(
                "\\b(read_\\w+|\\w+_scan|glob|sniff_csv|query|query_table|getenv|parquet_\\w+)\\s*\\(",
                Pattern.CASE_INSENSITIVE);

        /** A file in the place of a table. */
        private static final Pattern READS_FILE = Pattern.compile("\\b(from|join)\\s*['\"]", Pattern.CASE_INSENSITIVE);

        private final Plan plan;
        private final EarlierRuns earlier;
        private final Map<NodeId, String> fingerprints;
        private final Engine engine;
        private final Session session;
        private final Map<NodeId, PlannedNode> nodes = new HashMap<>();
        private final Map<NodeId, String> runs = new LinkedHashMap<>();
        /** Of those that run, the ones that make what they made before: their other readers need not run. */
        private final Map<NodeId, String> madeBefore = new HashMap<>();

        Decision(Plan plan, EarlierRuns earlier, Map<NodeId, String> fingerprints, Engine engine, Session session) {
            this.plan = plan;
            this.earlier = earlier;
            this.fingerprints = fingerprints;
            this.engine = engine;
            this.session = session;
            plan.nodes().forEach(node -> nodes.put(node.id(), node));
        }

        Resumption decide() {
            plan.nodes().forEach(node -> ownReason(node).ifPresent(reason -> runs.put(node.id(), reason)));
            int marked;
            do {
                marked = runs.size() - madeBefore.size();
                plan.nodes().forEach(this::follow);
                plan.nodes().forEach(this::demandInputs);
            } while (runs.size() - madeBefore.size() > marked);
            List<NodeResult.UpToDate> upToDate = plan.nodes().stream()
                    .filter(node -> !runs.containsKey(node.id()))
                    .map(node -> upToDate(node.id()))
                    .toList();
            return new Resumption(upToDate, runs, madeBefore);
        }

        private Optional<String> ownReason(PlannedNode node) {
            EarlierRuns.Latest latest = earlier.latest().get(node.id());
            if (earlier.unfinished().containsKey(node.id())) {
                return Optional.of(
                        "was not finished in run " + earlier.unfinished().get(node.id()));
            }
            if (latest == null) {
                return Optional.of("has not run before");
            }
            if (!latest.isDone()) {
                String word = latest.status().equals("skipped") ? "was skipped" : "failed";
                return Optional.of(word + " in run " + latest.runId());
            }
            if (!latest.fingerprint().equals(Optional.ofNullable(fingerprints.get(node.id())))
                    || latest.fingerprint().isEmpty()) {
                return Optional.of("has changed since run " + latest.madeBy());
            }
            return goneTarget(node).or(() -> newerInput(node, latest)).or(() -> hiddenInput(node));
        }

        private Optional<String> goneTarget(PlannedNode node) {
            NodeResult.UpToDate written = upToDate(node.id());
            return node.writes().stream()
                    .filter(write -> !isThere(write, written))
                    .findFirst()
                    .map(write -> "'" + write.location() + "' is gone");
        }

        private boolean isThere(Write write, NodeResult.UpToDate written) {
            OptionalLong version = written.versionOf(write);
            return session.holds(write, version);
        }

        private NodeResult.UpToDate upToDate(NodeId id) {
            EarlierRuns.Latest latest = earlier.latest().get(id);
            if (latest == null) {
                throw new IllegalStateException(id + " has not run");
            }
            return new NodeResult.UpToDate(
                    id, latest.madeBy(), earlier.written().getOrDefault(id, List.of()));
        }

        /**
         * An input that ran again, in a run that this node was not part of. If the input was not part of the node's run,
         * which was a run of selected nodes, that run read what was there.
         */
        private Optional<String> newerInput(PlannedNode node, EarlierRuns.Latest latest) {
            Map<NodeId, String> makers = earlier.makers().getOrDefault(latest.madeBy(), Map.of());
            return node.needs().stream()
                    .sorted(java.util.Comparator.comparing(NodeId::toString))
                    .filter(need -> {
                        EarlierRuns.Latest input = earlier.latest().get(need);
                        return input != null
                                && input.isDone()
                                && !input.madeBy().equals(makers.get(need))
                                && (makers.containsKey(need) || input.made().compareTo(latest.read()) > 0);
                    })
                    .findFirst()
                    .map(need -> "'" + need + "' has run since");
        }

        private Optional<String> hiddenInput(PlannedNode node) {
            return node.node().steps().stream().anyMatch(this::readsOutside)
                            || node.node().statements().all().anyMatch(Decision::mayReadOutside)
                    ? Optional.of("its SQL reads files that no input declares")
                    : Optional.empty();
        }

        private boolean readsOutside(Step each) {
            if (!(each instanceof SqlStep step)) {
                return false;
            }
            Predicate<QueryAnalysis.TableReference> isFile =
                    table -> table.path().size() == 1 && table.name().matches("(?s).*[./*].*");
            return READS_OUTSIDE.matcher(step.sql().text()).find()
                    || !(engine.analyze(step.sql()) instanceof QueryAnalysis.Query query)
                    || query.tables().stream().anyMatch(isFile);
        }

        private static boolean mayReadOutside(MappedText statement) {
            return READS_OUTSIDE.matcher(statement.text()).find()
                    || READS_FILE.matcher(statement.text()).find();
        }

        private boolean isChanging(NodeId id) {
            return runs.containsKey(id) && !madeBefore.containsKey(id);
        }

        private void mark(NodeId id, String reason) {
            runs.put(id, reason);
            madeBefore.remove(id);
        }

        /** A node runs if what it reads is made anew, or if what it wrote is overwritten. */
        private void follow(PlannedNode node) {
            if (isChanging(node.id())) {
                return;
            }
            node.needs().stream()
                    .filter(this::isChanging)
                    .sorted(java.util.Comparator.comparing(NodeId::toString))
                    .findFirst()
                    .ifPresent(need -> mark(node.id(), "needs " + need));
            node.after().stream()
                    .filter(this::isChanging)
                    .filter(other -> replaces(get(other), node))
                    .sorted(java.util.Comparator.comparing(NodeId::toString))
                    .findFirst()
                    .ifPresent(other -> mark(node.id(), "writes to the same place as " + other));
        }

        /** Two that only append leave each other's rows as they are. */
        private static boolean replaces(PlannedNode earlier, PlannedNode later) {
            return earlier.writes().stream()
                    .anyMatch(a -> later.writes().stream()
                            .anyMatch(b ->
                                    overlap(a, b) && !(a.mode() == WriteMode.APPEND && b.mode() == WriteMode.APPEND)));
        }

        private static boolean overlap(Write one, Write other) {
            Path a = Path.of(one.location().path());
            Path b = Path.of(other.location().path());
            return a.startsWith(b) || b.startsWith(a);
        }

        /** What a running node needs and nobody stored is made again; what was stored in a lossy form, too. */
        private void demandInputs(PlannedNode node) {
            if (!runs.containsKey(node.id())) {
                return;
            }
            for (Input input : node.inputs()) {
                if (input instanceof Input.FromNode from && !runs.containsKey(from.node())) {
                    demand(get(from.node()), node.id());
                }
            }
        }

        private void demand(PlannedNode input, NodeId reader) {
            Optional<Write> write = input.node().write();
            if (write.isEmpty()) {
                runs.put(input.id(), "is needed by " + reader);
                madeBefore.put(input.id(), upToDate(input.id()).madeBy());
                demandInputs(input);
            } else if (!EarlierOutput.isReadable(write.get()) && write.get().mode() == WriteMode.OVERWRITE) {
                mark(input.id(), "is needed by " + reader);
            }
        }

        private PlannedNode get(NodeId id) {
            PlannedNode node = nodes.get(id);
            if (node == null) {
                throw new IllegalStateException(id + " is not in the plan");
            }
            return node;
        }
    }
}
