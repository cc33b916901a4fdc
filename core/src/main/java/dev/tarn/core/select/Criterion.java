package dev.tarn.core.select;

import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Pipeline;
import dev.tarn.core.source.Names;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The property by which a part names nodes. */
sealed interface Criterion {

    boolean matches(PlannedNode node, Plan plan, Earlier earlier);

    /** Whether it is no mistake when no node matches: nothing may have changed, and nothing may have failed. */
    default boolean mayMatchNothing() {
        return false;
    }

    /** Why no node of the plan matches. */
    Miss miss(Plan plan);

    /** A message and what to do. */
    record Miss(String message, String help) {}

    /** A node's name, alone or behind its pipeline's. */
    record Name(String text, Pattern pattern) implements Criterion {

        Name(String text) {
            this(text, Glob.ofName(text));
        }

        @Override
        public boolean matches(PlannedNode node, Plan plan, Earlier earlier) {
            return pattern.matcher(node.id().node()).matches()
                    || pattern.matcher(node.id().toString()).matches();
        }

        @Override
        public Miss miss(Plan plan) {
            if (Glob.isPattern(text)) {
                return new Miss("no node matches " + Names.quoted(text), "'tarn ls' lists the nodes");
            }
            return disabled(plan).orElseGet(() -> new Miss("unknown node " + Names.quoted(text), help(plan)));
        }

        private Optional<Miss> disabled(Plan plan) {
            return plan.project().pipelines().stream()
                    .flatMap(pipeline -> pipeline.nodes().stream())
                    .filter(node -> !node.enabled() && isName(node.id()))
                    .findFirst()
                    .map(node -> new Miss(
                            "node '" + node.id() + "' is disabled", "remove 'enabled: false' (" + node.span() + ")"));
        }

        private boolean isName(NodeId id) {
            return text.equals(id.node()) || text.equals(id.toString());
        }

        private String help(Plan plan) {
            List<String> pipelines =
                    plan.project().pipelines().stream().map(Pipeline::name).toList();
            if (pipelines.contains(text)) {
                return Names.quoted(text) + " is a pipeline: pipeline:" + text;
            }
            List<String> names = plan.nodes().stream()
                    .flatMap(node -> Stream.of(node.id().node(), node.id().toString()))
                    .toList();
            return Names.didYouMean(text, names).orElse("'tarn ls' lists the nodes");
        }
    }

    /** A tag of the node or of its pipeline. */
    record Tag(String text, Pattern pattern) implements Criterion {

        Tag(String text) {
            this(text, Glob.ofName(text));
        }

        @Override
        public boolean matches(PlannedNode node, Plan plan, Earlier earlier) {
            return plan.project().tagsOf(node.node()).stream()
                    .anyMatch(tag -> pattern.matcher(tag).matches());
        }

        @Override
        public Miss miss(Plan plan) {
            List<String> tags = plan.nodes().stream()
                    .flatMap(node -> plan.project().tagsOf(node.node()).stream())
                    .distinct()
                    .sorted()
                    .toList();
            return new Miss("no node has the tag " + Names.quoted(text), nearest(text, tags, "tag"));
        }
    }

    /** The pipeline that the node is in. */
    record InPipeline(String text, Pattern pattern) implements Criterion {

        InPipeline(String text) {
            this(text, Glob.ofName(text));
        }

        @Override
        public boolean matches(PlannedNode node, Plan plan, Earlier earlier) {
            return pattern.matcher(node.id().pipeline()).matches();
        }

        @Override
        public Miss miss(Plan plan) {
            List<String> names =
                    plan.project().pipelines().stream().map(Pipeline::name).toList();
            return names.contains(text)
                    ? new Miss("pipeline " + Names.quoted(text) + " has no enabled node", "remove 'enabled: false'")
                    : new Miss("no pipeline is named " + Names.quoted(text), nearest(text, names, "pipeline"));
        }
    }

    /** A file that the node comes from, or a folder above one. */
    record FromFile(String text, Pattern pattern) implements Criterion {

        FromFile(String text) {
            this(text, Glob.ofPath(plain(text)));
        }

        private static String plain(String path) {
            String plain = path.replaceFirst("^(\\./+)+", "").replaceFirst("/+$", "");
            return plain.equals(".") ? "**" : plain;
        }

        @Override
        public boolean matches(PlannedNode node, Plan plan, Earlier earlier) {
            return files(node.node(), plan).anyMatch(this::isAtOrBelow);
        }

        private boolean isAtOrBelow(String file) {
            for (int end = file.length(); end > 0; end = file.lastIndexOf('/', end - 1)) {
                if (pattern.matcher(file.substring(0, end)).matches()) {
                    return true;
                }
            }
            return false;
        }

        private static Stream<String> files(Node node, Plan plan) {
            return Stream.concat(
                            Stream.of(node.span().file()),
                            node.steps().stream().map(step -> step.text().file()))
                    .map(file -> ProjectPath.of(file, plan.project()))
                    .distinct();
        }

        @Override
        public Miss miss(Plan plan) {
            List<String> files = plan.nodes().stream()
                    .flatMap(node -> files(node.node(), plan))
                    .distinct()
                    .sorted()
                    .toList();
            return new Miss("no node comes from " + Names.quoted(text), nearest(text, files, "file"));
        }
    }

    /** How the node stands to an earlier state of the project. */
    record InState(StateKind kind) implements Criterion {

        @Override
        public boolean matches(PlannedNode node, Plan plan, Earlier earlier) {
            return kind.holds(
                    node.id(),
                    earlier.changes().orElseThrow(() -> new IllegalStateException("nothing to compare with")));
        }

        @Override
        public boolean mayMatchNothing() {
            return true;
        }

        @Override
        public Miss miss(Plan plan) {
            throw new IllegalStateException("no mistake");
        }
    }

    /** What came of the node in an earlier run. */
    record WithOutcome(Outcome outcome) implements Criterion {

        @Override
        public boolean matches(PlannedNode node, Plan plan, Earlier earlier) {
            return earlier.outcomes()
                    .orElseThrow(() -> new IllegalStateException("no results to look at"))
                    .getOrDefault(node.id(), Set.of())
                    .contains(outcome);
        }

        @Override
        public boolean mayMatchNothing() {
            return true;
        }

        @Override
        public Miss miss(Plan plan) {
            throw new IllegalStateException("no mistake");
        }
    }

    private static String nearest(String text, Collection<String> known, String noun) {
        if (known.isEmpty()) {
            return "no node of this project has a " + noun;
        }
        return Names.didYouMean(text, known).orElseGet(() -> listed(known, noun));
    }

    private static String listed(Collection<String> known, String noun) {
        int most = 10;
        String names = String.join(", ", known.stream().limit(most).toList());
        return "there " + (known.size() == 1 ? "is one " + noun + ": " : "are the " + noun + "s ") + names
                + (known.size() > most ? " and " + (known.size() - most) + " more" : "");
    }
}
