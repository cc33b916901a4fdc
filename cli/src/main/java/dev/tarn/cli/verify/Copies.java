package dev.tarn.cli.verify;

import dev.tarn.core.connection.Location;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Columns;
import dev.tarn.core.project.Dialect;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.OnError;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.Statements;
import dev.tarn.core.project.Validation;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A plan of nodes that each copy what can be read into a Delta table of its own. */
final class Copies {

    private final Project project;
    private final List<PlannedNode> nodes = new ArrayList<>();

    Copies(Project project) {
        this.project = project;
    }

    /**
     * Adds a node.
     *
     * @param id no other node's of this plan
     * @param rows at most so many; all if absent
     */
    void add(NodeId id, Read read, Path table, OptionalInt rows) {
        List<Input> inputs = List.of(new Input.External(Input.OWN, read));
        SourceSpan span = read.span();
        Write write = new Write(
                Format.DELTA,
                new Location(read.location().connection(), read.location().declared(), table.toString(), span),
                WriteMode.OVERWRITE,
                List.of(),
                false,
                false,
                List.of(),
                Set.of(),
                span);
        Node node = new Node(
                id,
                span,
                "",
                true,
                List.of(),
                List.of(),
                inputs,
                rows.isPresent() ? List.of(limit(rows.getAsInt())) : List.of(),
                Statements.NONE,
                Validation.NONE,
                Optional.of(write),
                OnError.FAIL_LATER,
                Dialect.COMMON,
                false,
                Columns.NONE,
                Optional.empty());
        nodes.add(new PlannedNode(node, inputs, true, Set.of(), Set.of(), 0, false, false));
    }

    private static SqlStep limit(int rows) {
        return new SqlStep(MappedText.of(new SourceFile("--sample", "select * from df limit " + rows)));
    }

    boolean isEmpty() {
        return nodes.isEmpty();
    }

    Plan plan() {
        return new Plan(project, nodes);
    }
}
