package dev.tarn.core.plan;

import dev.tarn.core.connection.Location;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.Statements;
import dev.tarn.core.project.Validation;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Sends all that a plan writes below another folder, so that a trial leaves the user's tables as they are.
 *
 * <p>What nodes read of each other's files and tables is read there, too; all else is read where it is, or from samples.
 *
 * @param folder where everything is written that the plan writes, databases' tables as Delta tables
 * @param samples a folder with a Delta table {@code pipeline.node/input} for each input that is not to be read where it is
 */
public record Detour(Path folder, Optional<Path> samples) {

    /** The same plan with other places. */
    public Plan of(Plan plan) {
        return new Plan(
                plan.project(),
                plan.nodes().stream().map(node -> moved(node, plan)).toList(),
                plan.earlier());
    }

    private PlannedNode moved(PlannedNode planned, Plan plan) {
        return new PlannedNode(
                moved(planned.node(), plan),
                moved(planned.inputs(), planned.id(), plan),
                planned.hasDf(),
                planned.needs(),
                planned.after(),
                planned.readers(),
                planned.keep(),
                planned.helper());
    }

    private Node moved(Node node, Plan plan) {
        Validation checks = node.validation();
        return new Node(
                node.id(),
                node.span(),
                node.description(),
                node.enabled(),
                node.tags(),
                node.dependsOn(),
                moved(node.inputs(), node.id(), plan),
                node.steps(),
                // Whatever they do, they do it in the user's own places.
                Statements.NONE,
                new Validation(
                        checks.checks(),
                        checks.quarantine().map(to -> new Quarantine(moved(to.write()), to.columns()))),
                node.write().map(this::moved),
                node.onError(),
                node.dialect(),
                node.cache(),
                node.columns(),
                node.logLevel());
    }

    private List<Input> moved(List<Input> inputs, NodeId node, Plan plan) {
        return inputs.stream()
                .map(input -> input instanceof Input.External external
                        ? (Input) new Input.External(external.name(), moved(external, node, plan))
                        : input)
                .toList();
    }

    /** Whether an input comes from outside, and not from a node of the plan. */
    public static boolean isFromOutside(Read read, Plan plan) {
        return plan.nodes().stream()
                .flatMap(node -> node.writes().stream())
                .noneMatch(write -> TableAccess.overlap(read.location(), write));
    }

    private Read moved(Input.External input, NodeId node, Plan plan) {
        Read read = input.read();
        if (!isFromOutside(read, plan)) {
            return new Read(
                    isInDatabase(read.format()) ? Format.DELTA : read.format(),
                    moved(read.format(), read.location()),
                    isInDatabase(read.format()) ? List.of() : read.options(),
                    read.filter(),
                    read.version(),
                    read.span());
        }
        return samples.map(from -> sample(from, node, input.name()))
                .filter(Files::isDirectory)
                .map(table -> new Read(
                        Format.DELTA,
                        at(read.location(), table),
                        List.of(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        read.span()))
                .orElse(read);
    }

    /** Where the sample of an input is. */
    public static Path sample(Path samples, NodeId node, String input) {
        return samples.resolve(node.toString()).resolve(input);
    }

    /** Where this write goes instead. */
    public Write moved(Write write) {
        boolean inDatabase = isInDatabase(write.format());
        // In a database of this run alone no row is there to be replaced.
        WriteMode mode = write.mode() == WriteMode.UPSERT ? WriteMode.APPEND : write.mode();
        return new Write(
                inDatabase ? Format.DELTA : write.format(),
                moved(write.format(), write.location()),
                mode,
                inDatabase ? List.of() : write.partitionBy(),
                write.mergeSchema(),
                write.overwriteSchema(),
                inDatabase ? List.of() : write.options(),
                write.metadata(),
                inDatabase ? List.of() : write.keys(),
                write.span());
    }

    private static boolean isInDatabase(Format format) {
        return format == Format.SQL;
    }

    /** The whole path is kept, so that what lies within another still does. */
    private Location moved(Format format, Location location) {
        String path = isInDatabase(format)
                ? "databases/" + location.connection() + "/" + location.declared()
                : location.path();
        return at(location, Path.of(folder + "/" + path).normalize());
    }

    private static Location at(Location location, Path path) {
        return new Location(location.connection(), location.declared(), path.toString(), location.span());
    }
}
