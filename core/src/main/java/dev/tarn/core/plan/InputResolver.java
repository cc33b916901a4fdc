package dev.tarn.core.plan;

import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.QueryAnalysis;
import dev.tarn.core.engine.QueryAnalysis.FileReference;
import dev.tarn.core.engine.QueryAnalysis.TableReference;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Pipeline;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.TransformStep;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import dev.tarn.core.transform.BadArgumentException;
import dev.tarn.core.transform.Column;
import dev.tarn.core.transform.Table;
import dev.tarn.core.transform.TransformCall;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds what each node reads: what it declares, what it depends on, and the nodes that its SQL names.
 */
final class InputResolver {

    /** Schemas that every engine has by itself. */
    private static final Set<String> BUILT_IN_SCHEMAS = Set.of("information_schema", "pg_catalog");

    private final Engine engine;
    private final Problems problems;
    private final Map<NodeId, Node> nodes = new HashMap<>();
    /** For each pipeline its nodes by name; SQL names ignore case. */
    private final Map<String, TreeMap<String, NodeId>> pipelines = new HashMap<>();

    InputResolver(Project project, Engine engine, Problems problems) {
        this.engine = engine;
        this.problems = problems;
        for (Pipeline pipeline : project.pipelines()) {
            for (Node node : pipeline.nodes()) {
                nodes.putIfAbsent(node.id(), node);
                pipelines
                        .computeIfAbsent(pipeline.name(), name -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER))
                        .putIfAbsent(node.id().node(), node.id());
            }
        }
    }

    ResolvedNode resolve(Node node) {
        Map<String, Input> inputs = new LinkedHashMap<>();
        node.inputs().forEach(input -> addDeclared(input, inputs));
        node.dependsOn().forEach(dependency -> addDependency(node, dependency, inputs));
        boolean hasDf = !inputs.isEmpty();
        // SQL that the engine does not understand is reported by the planner; it has nothing to say of its tables.
        boolean understood = engine.dialects().contains(node.dialect());
        Set<String> made = understood ? made(node, inputs.keySet()) : Set.of();
        Optional<List<String>> columns = Optional.empty();
        List<Location> files = new ArrayList<>();
        for (int i = 0; i < node.steps().size(); i++) {
            // From the second step on df is what the step before made.
            boolean seesDf = hasDf || i > 0;
            if (node.steps().get(i) instanceof TransformStep step) {
                addTables(node, step.call(), seesDf, made, inputs);
                columns = columns(step.call(), columns);
            } else if (node.steps().get(i) instanceof SqlStep step) {
                if (understood) {
                    addReferences(node, step, seesDf, made, inputs);
                    files.addAll(files(step.sql()));
                }
                columns = Optional.empty();
            }
        }
        return new ResolvedNode(node, List.copyOf(inputs.values()), hasDf, needs(inputs.values()), files);
    }

    /** The tables that the node makes before it reads; a name that means other rows already cannot be one of them. */
    private Set<String> made(Node node, Set<String> inputs) {
        Set<String> made = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        taken.addAll(inputs);
        taken.addAll(siblings(node).keySet());
        taken.add(Input.OWN);
        for (MappedText statement : node.statements().all().toList()) {
            engine.tableMadeBy(statement).ifPresent(name -> {
                if (taken.contains(name)) {
                    problems.error(
                            ProblemCode.DUPLICATE_NAME,
                            statement.start(),
                            "'" + name + "' means other rows here already",
                            "give the temporary table a name that is neither 'df' nor an input's nor a node's");
                }
                if (node.statements().before().contains(statement)) {
                    made.add(name);
                }
            });
        }
        return made;
    }

    private static Set<NodeId> needs(Collection<Input> inputs) {
        Set<NodeId> needs = new LinkedHashSet<>();
        inputs.forEach(input -> {
            if (input instanceof Input.FromNode from) {
                needs.add(from.node());
            }
        });
        return needs;
    }

    private void addDeclared(Input input, Map<String, Input> inputs) {
        if (input instanceof Input.FromNode from && !exists(from.node(), from.span())) {
            return;
        }
        inputs.put(input.name(), input);
    }

    private void addDependency(Node node, Node.Dependency dependency, Map<String, Input> inputs) {
        NodeId id = new NodeId(node.id().pipeline(), dependency.name());
        if (exists(id, dependency.span())) {
            inputs.putIfAbsent(dependency.name(), new Input.FromNode(dependency.name(), id, dependency.span()));
        }
    }

    /** Whether the node is there and enabled; what is wrong is reported. */
    private boolean exists(NodeId id, SourceSpan span) {
        Node node = nodes.get(id);
        if (node == null) {
            problems.error(ProblemCode.UNKNOWN_NODE, span, "unknown node '" + id.node() + "'" + where(id), hint(id));
        } else if (!node.enabled()) {
            problems.error(
                    ProblemCode.DISABLED_DEPENDENCY,
                    span,
                    "node '" + id.node() + "' is disabled",
                    "enable it (" + node.span() + "), or disable this node too");
        }
        return node != null && node.enabled();
    }

    private static String where(NodeId id) {
        return " in pipeline '" + id.pipeline() + "'";
    }

    private Optional<String> hint(NodeId id) {
        TreeMap<String, NodeId> siblings = pipelines.get(id.pipeline());
        if (siblings == null) {
            return Names.didYouMean(id.pipeline(), pipelines.keySet());
        }
        Optional<String> elsewhere = pipelines.entrySet().stream()
                .filter(p -> p.getValue().containsKey(id.node()))
                .map(p -> "node '" + id.node() + "' is in pipeline '" + p.getKey() + "': take it by inputs: {"
                        + id.node() + ": $" + p.getKey() + "." + id.node() + "}")
                .findFirst();
        return Names.didYouMean(id.node(), siblings.keySet()).or(() -> elsewhere);
    }

    private void addTables(Node node, TransformCall call, boolean hasDf, Set<String> made, Map<String, Input> inputs) {
        if (!hasDf) {
            problems.error(
                    ProblemCode.UNKNOWN_TABLE,
                    call.span(),
                    "'" + call.name() + "' has no rows to work on",
                    "add 'read', 'inputs' or 'depends_on', or a step of SQL before");
        }
        for (MappedText table : call.tables()) {
            TableReference reference =
                    new TableReference(List.of(table.text()), 0, table.text().length());
            addReference(node, table, reference, hasDf, made, inputs);
        }
    }

    /** The columns that a transformer gives, as far as they are known; what is wrong with its arguments is reported. */
    private Optional<List<String>> columns(TransformCall call, Optional<List<String>> before) {
        try {
            Optional<List<Column>> known = before.map(
                    names -> names.stream().map(Column::ofUnknownType).toList());
            return call.columns(name -> new Table(name, name.equals("df") ? known : Optional.empty()));
        } catch (BadArgumentException e) {
            problems.error(ProblemCode.ARGUMENT_MISFIT, e.span(), e.sentence(), e.help());
            return Optional.empty();
        }
    }

    private void addReferences(Node node, SqlStep step, boolean hasDf, Set<String> made, Map<String, Input> inputs) {
        QueryAnalysis analysis = engine.analyze(step.sql());
        if (analysis instanceof QueryAnalysis.Query query) {
            query.tables().forEach(table -> addReference(node, step.sql(), table, hasDf, made, inputs));
        } else {
            report(node, step.sql(), analysis);
        }
    }

    /** The files that SQL names by itself, so that a node which writes one of them goes before. */
    private List<Location> files(MappedText sql) {
        if (!(engine.analyze(sql) instanceof QueryAnalysis.Query query)) {
            return List.of();
        }
        Stream<FileReference> quoted = query.tables().stream()
                .filter(table -> table.path().size() == 1 && isFile(table.name()))
                .map(table -> new FileReference(table.name(), table.index(), table.length()));
        return Stream.concat(quoted, query.files().stream())
                .flatMap(file -> location(sql, file).stream())
                .toList();
    }

    private static Optional<Location> location(MappedText sql, FileReference file) {
        // An address of a server: nothing that a node writes is there.
        if (file.path().isBlank() || file.path().contains("://")) {
            return Optional.empty();
        }
        try {
            String path = Path.of(file.path()).toAbsolutePath().normalize().toString();
            return Optional.of(new Location("", file.path(), path, sql.span(file.index(), file.length())));
        } catch (InvalidPathException noFile) {
            return Optional.empty();
        }
    }

    private void report(Node node, MappedText sql, QueryAnalysis analysis) {
        if (analysis instanceof QueryAnalysis.SyntaxError error) {
            problems.error(
                    ProblemCode.SQL_SYNTAX,
                    sql.span(error.index(), error.length()),
                    error.message(),
                    keywordHelp(node, sql, error));
        } else if (analysis instanceof QueryAnalysis.NotAQuery other) {
            problems.error(
                    ProblemCode.SQL_NOT_A_QUERY,
                    sql.start(),
                    other.message(),
                    "write one SELECT; tables are written by 'write'");
        }
    }

    /** A node may be named {@code select}; SQL then wants its name in quotes. */
    private Optional<String> keywordHelp(Node node, MappedText sql, QueryAnalysis.SyntaxError error) {
        int start = Math.min(error.index(), sql.text().length());
        String word = sql.text().substring(start, Math.min(sql.text().length(), start + error.length()));
        return siblings(node).containsKey(word)
                ? Optional.of(
                        "'" + word + "' is a word of SQL; write the node's name in double quotes: \"" + word + "\"")
                : Optional.empty();
    }

    private Map<String, NodeId> siblings(Node node) {
        return pipelines.getOrDefault(node.id().pipeline(), new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
    }

    private void addReference(
            Node node,
            MappedText sql,
            TableReference table,
            boolean hasDf,
            Set<String> made,
            Map<String, Input> inputs) {
        Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        known.addAll(inputs.keySet());
        known.addAll(made);
        if (hasDf) {
            known.add("df");
        }
        if (table.path().size() > 1 ? builtIn(table) : known.contains(table.name()) || isFile(table.name())) {
            return;
        }
        Map<String, NodeId> siblings = siblings(node);
        NodeId sibling = siblings.get(table.name());
        SourceSpan span = sql.span(table.index(), table.length());
        if (sibling != null && !sibling.equals(node.id())) {
            if (exists(sibling, span)) {
                inputs.put(sibling.node(), new Input.FromNode(sibling.node(), sibling, span));
            }
            return;
        }
        known.addAll(siblings.keySet());
        known.remove(node.id().node());
        problems.error(
                ProblemCode.UNKNOWN_TABLE, span, "unknown table '" + table.name() + "'", tableHelp(table, known));
    }

    private static boolean builtIn(TableReference table) {
        return BUILT_IN_SCHEMAS.contains(table.path().get(0).toLowerCase(java.util.Locale.ROOT));
    }

    /** A quoted file name, which engines read directly. */
    private static boolean isFile(String name) {
        return name.indexOf('.') >= 0 || name.indexOf('/') >= 0 || name.indexOf('*') >= 0;
    }

    private static String tableHelp(TableReference table, Set<String> known) {
        if (table.name().equalsIgnoreCase("df")) {
            return "'df' is the first input, and this node has none: add 'read', 'inputs' or 'depends_on'";
        }
        return Names.didYouMean(table.name(), known)
                .orElse(known.isEmpty() ? "this node has no inputs" : "known here: " + String.join(", ", known));
    }
}
