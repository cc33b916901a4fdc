package dev.tarn.core.plan;

import dev.tarn.core.connection.Location;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What each node reads and writes outside, so that nodes that touch the same table run in the order in which they are
 * declared: the result is that of running them one after the other.
 */
final class TableAccess {

    private record Access(NodeId node, List<Location> reads, List<Write> writes) {}

    private final List<Access> accesses;

    private TableAccess(List<Access> accesses) {
        this.accesses = accesses;
    }

    static TableAccess of(Collection<ResolvedNode> nodes) {
        return new TableAccess(nodes.stream()
                .map(r -> new Access(r.id(), reads(r), writes(r.node())))
                .toList());
    }

    private static List<Location> reads(ResolvedNode node) {
        return node.inputs().stream()
                .flatMap(i -> i instanceof Input.External external
                        ? Stream.of(external.read().location())
                        : Stream.empty())
                .toList();
    }

    static List<Write> writes(Node node) {
        return Stream.concat(node.write().stream(), node.validation().quarantine().map(Quarantine::write).stream())
                .toList();
    }

    /**
     * Adds what follows from the order of declaration: who reads a table needs its earlier writers; who writes it waits
     * for its earlier readers and writers. What a user declared otherwise wins.
     */
    void order(DependencyGraph graph) {
        for (int later = 1; later < accesses.size(); later++) {
            for (int earlier = 0; earlier < later; earlier++) {
                order(accesses.get(earlier), accesses.get(later), graph);
            }
        }
    }

    private static void order(Access earlier, Access later, DependencyGraph graph) {
        boolean reads = readsFrom(later, earlier);
        boolean conflicts = reads || readsFrom(earlier, later) || bothWrite(earlier, later);
        if (!conflicts || graph.reaches(earlier.node(), later.node())) {
            return;
        }
        if (reads) {
            graph.need(later.node(), earlier.node());
        } else {
            graph.waitFor(later.node(), earlier.node());
        }
    }

    private static boolean readsFrom(Access reader, Access writer) {
        return reader.reads().stream()
                .anyMatch(read -> writer.writes().stream().anyMatch(write -> overlap(read, write.location())));
    }

    private static boolean bothWrite(Access one, Access other) {
        return one.writes().stream()
                .anyMatch(a -> other.writes().stream().anyMatch(b -> overlap(a.location(), b.location())));
    }

    /** Whether another node writes what this one reads, so that its rows must be computed in its own turn. */
    boolean readsWhatChanges(NodeId id) {
        return accesses.stream()
                .filter(a -> a.node().equals(id))
                .anyMatch(reader ->
                        accesses.stream().anyMatch(writer -> !writer.node().equals(id) && readsFrom(reader, writer)));
    }

    /** Two overwrites of one place: the first one's rows would be gone. */
    void reportLostOutputs(Problems problems) {
        Map<String, Access> overwritten = new HashMap<>();
        for (Access access : accesses) {
            for (Write write : access.writes()) {
                Access first = write.mode() == WriteMode.APPEND
                        ? null
                        : overwritten.putIfAbsent(write.location().path(), access);
                if (first != null) {
                    problems.error(
                            ProblemCode.DUPLICATE_TARGET,
                            write.location().span(),
                            "'" + write.location() + "' is already overwritten by node '"
                                    + first.node().node() + "'",
                            "write to another place, or use mode: append");
                }
            }
        }
    }

    /** Sources that are not there and that no node of the plan makes. */
    void reportMissingSources(Problems problems) {
        for (Access reader : accesses) {
            for (Location read : reader.reads()) {
                boolean made = accesses.stream()
                        .flatMap(a -> a.writes().stream())
                        .anyMatch(write -> overlap(read, write.location()));
                if (!made && !exists(read)) {
                    problems.error(
                            ProblemCode.FILE_NOT_FOUND,
                            read.span(),
                            "'" + read + "' does not exist",
                            "looked for " + read.path());
                }
            }
        }
    }

    /** Whether a read's fixed folders are there; what a pattern matches is for the engine to say. */
    private static boolean exists(Location read) {
        return Files.exists(read.isGlob() ? fixedPart(read) : Path.of(read.path()));
    }

    private static boolean overlap(Location one, Location written) {
        Path write = Path.of(written.path());
        Path fixed = fixedPart(one);
        if (!one.isGlob()) {
            return fixed.startsWith(write) || write.startsWith(fixed);
        }
        return fixed.startsWith(write)
                || FileSystems.getDefault().getPathMatcher("glob:" + one.path()).matches(write);
    }

    /** The folders of a pattern before its first wildcard; the whole path when it has none. */
    private static Path fixedPart(Location location) {
        Path path = Path.of(location.path());
        Path fixed = path.getRoot();
        for (Path name : path) {
            String text = name.toString();
            if (text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0) {
                break;
            }
            fixed = fixed == null ? name : fixed.resolve(name);
        }
        return fixed == null ? path : fixed;
    }
}
