package dev.tarn.core.run;

import dev.tarn.core.check.Check;
import dev.tarn.core.check.OnFail;
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
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.Retry;
import dev.tarn.core.project.Statements;
import dev.tarn.core.project.Validation;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Builds plans for the tests of this package: nodes {@code p.a}, {@code p.b}, ... that each write a table. */
final class Plans {

    static final SourceSpan SPAN = new SourceFile("tarn.yaml", "project: test").start();

    private final List<PlannedNode> nodes = new ArrayList<>();

    static NodeId id(String name) {
        return new NodeId("p", name);
    }

    Plans node(String name, String... needs) {
        return node(name, OnError.FAIL_LATER, Validation.NONE, needs);
    }

    Plans node(String name, OnError onError, Validation validation, String... needs) {
        List<Input> inputs = new ArrayList<>();
        Set<NodeId> ids = new LinkedHashSet<>();
        for (String need : needs) {
            inputs.add(new Input.FromNode(need, id(need), SPAN));
            ids.add(id(need));
        }
        if (inputs.isEmpty()) {
            inputs.add(new Input.External("df", read(name + ".csv")));
        }
        Node node = new Node(
                id(name),
                SPAN,
                "",
                true,
                List.of(),
                List.of(),
                inputs,
                List.of(),
                Statements.NONE,
                validation,
                Optional.of(write(name)),
                onError,
                Dialect.DUCKDB,
                false,
                Columns.NONE,
                Optional.empty());
        nodes.add(new PlannedNode(node, inputs, true, ids, ids, 0, false, false));
        return this;
    }

    static Validation quarantining() {
        Check check = new Check.NotNull("not_null_x", OnFail.QUARANTINE, SPAN, List.of("x"));
        return new Validation(List.of(check), Optional.of(new Quarantine(write("rejected"), Set.of())));
    }

    static Validation failing() {
        return new Validation(
                List.of(new Check.NotNull("not_null_x", OnFail.FAIL, SPAN, List.of("x"))), Optional.empty());
    }

    static Location location(String name) {
        return new Location("lake", name, "/lake/" + name, SPAN);
    }

    static Read read(String name) {
        return new Read(Format.CSV, location(name), List.of(), Optional.empty(), OptionalLong.empty(), SPAN);
    }

    static Write write(String name) {
        return new Write(
                Format.DELTA, location(name), WriteMode.OVERWRITE, List.of(), false, false, List.of(), Set.of(), SPAN);
    }

    Plan build() {
        return build(Retry.DEFAULT);
    }

    Plan build(Retry retry) {
        Project project = new Project(
                "test", "", "1.0.0", "", "duckdb", "", Path.of("/project"), List.of(), retry, List.of(), SPAN);
        return new Plan(project, nodes);
    }
}
