package dev.tarn.core.project;

import dev.tarn.core.check.Check;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One unit of work: reads, transforms, checks, writes.
 *
 * @param span the node's name in the file
 * @param dependsOn nodes of the same pipeline named under {@code depends_on}
 * @param inputs what {@code read} or {@code inputs} declares, in order; the first is {@code df}. Empty for a node that
 *     takes its first dependency's output.
 * @param statements what runs around the node, on a connection of its own
 * @param cache whether the output is computed once and kept, however few read it
 * @param logLevel how much is logged of it, if that is not the project's
 */
public record Node(
        NodeId id,
        SourceSpan span,
        String description,
        boolean enabled,
        List<String> tags,
        List<Dependency> dependsOn,
        List<Input> inputs,
        List<Step> steps,
        Statements statements,
        Validation validation,
        Optional<Write> write,
        OnError onError,
        Dialect dialect,
        boolean cache,
        Columns columns,
        Optional<LogLevel> logLevel) {

    public Node {
        tags = List.copyOf(tags);
        dependsOn = List.copyOf(dependsOn);
        inputs = List.copyOf(inputs);
        steps = List.copyOf(steps);
    }

    /** The texts of SQL that it has: statements, filters, steps and conditions. */
    public List<MappedText> sql() {
        List<MappedText> all = new ArrayList<>(statements.all().toList());
        for (Input input : inputs) {
            if (input instanceof Input.External external) {
                external.read().filter().ifPresent(all::add);
            }
        }
        for (Step step : steps) {
            all.addAll(
                    step instanceof TransformStep transform ? transform.call().expressions() : List.of(step.text()));
        }
        for (Check check : validation.checks()) {
            if (check instanceof Check.CustomSql rule) {
                all.add(rule.condition());
            }
        }
        return all;
    }

    /** A node named under {@code depends_on}, and where. */
    public record Dependency(String name, SourceSpan span) {}
}
