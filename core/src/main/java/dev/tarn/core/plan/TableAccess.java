package dev.tarn.core.plan;

import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.connection.Location;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.StreamDeclaration;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * What each node reads and writes outside, so that nodes that touch the same table run in the order in which they are
 * declared: the result is that of running them one after the other.
 */
final class TableAccess {

    private static final Pattern GLOB_TOKEN = Pattern.compile("\\*\\*/|\\*\\*|\\*|\\?|\\[[^\\]/]+\\]|[^*?\\[]+|\\[");

    private record Access(NodeId node, List<Source> reads, List<Target> writes, List<Source> written) {

        /** {@code written} are the places of the writes as places to read. */
        Access(NodeId node, List<Source> reads, List<Target> writes) {
            this(
                    node,
                    reads,
                    writes,
                    writes.stream().map(t -> new Source(t.write().location())).toList());
        }
    }

    /**
     * A place that is read, by an input or else by SQL alone; {@code fixed} are the folders of a pattern before its first wildcard, else the whole
     * path.
     */
    private record Source(Location location, Path fixed, boolean glob, boolean declared) {

        Source(Location location) {
            this(location, true);
        }

        Source(Location location, boolean declared) {
            this(location, fixedPart(location), location.isGlob(), declared);
        }
    }

    private record Target(Write write, Path path, boolean folder) {

        Target(Write write) {
            this(
                    write,
                    Path.of(write.location().path()),
                    write.format() == Format.DELTA
                            || write.format() == Format.SQL
                            || !write.partitionBy().isEmpty());
        }
    }

    private final List<Access> accesses;

    private TableAccess(List<Access> accesses) {
        this.accesses = accesses;
    }

    static TableAccess of(Collection<ResolvedNode> nodes) {
        return new TableAccess(nodes.stream()
                .map(r -> new Access(
                        r.id(),
                        Stream.concat(
                                        reads(r).stream().map(Source::new),
                                        r.files().stream().map(file -> new Source(file, false)))
                                .toList(),
                        writes(r.node()).stream().map(Target::new).toList()))
                .toList());
    }

    /** Of a database nobody can tell without a connection. */
    private static boolean isInDatabase(Location read) {
        return read.path().startsWith(DatabaseConnection.ROOT);
    }

    private static List<Location> reads(ResolvedNode node) {
        return node.inputs().stream()
                .flatMap(i -> i instanceof Input.External external
                        ? Stream.of(external.read().location())
                        : Stream.empty())
                .toList();
    }

    /** All targets of a node. */
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
        return overlap(reader.reads(), writer.writes());
    }

    private static boolean bothWrite(Access one, Access other) {
        return overlap(one.written(), other.writes());
    }

    /** Whether another node writes what this one reads, so that its rows must be computed in its own turn. */
    boolean readsWhatChanges(NodeId id) {
        return accesses.stream()
                .filter(a -> a.node().equals(id))
                .anyMatch(reader ->
                        accesses.stream().anyMatch(writer -> !writer.node().equals(id) && readsFrom(reader, writer)));
    }

    /** An overwrite after another write to the same place: the first one's rows would be gone. */
    void reportLostOutputs(Problems problems) {
        Map<String, Access> written = new HashMap<>();
        for (Access access : accesses) {
            for (Target target : access.writes()) {
                Write write = target.write();
                Access first = written.putIfAbsent(write.location().path(), access);
                if (first != null && write.mode() != WriteMode.APPEND && write.mode() != WriteMode.UPSERT) {
                    problems.error(
                            ProblemCode.DUPLICATE_TARGET,
                            write.location().span(),
                            "'" + write.location() + "' is already written by node '"
                                    + first.node().node() + "', whose rows would be lost",
                            "write to another place, or use mode: append");
                }
            }
        }
    }

    /** Sources that are not there and that no node of the plan and no stream makes. */
    void reportMissingSources(List<StreamDeclaration> streams, Problems problems) {
        for (Access reader : accesses) {
            for (Source source : reader.reads()) {
                Location read = source.location();
                if (!source.declared()) {
                    continue;
                }
                boolean made = accesses.stream().anyMatch(a -> overlap(List.of(source), a.writes()));
                made |= streams.stream().anyMatch(stream -> stream.writes(read.path()));
                if (!made && !isInDatabase(read) && !exists(read)) {
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
    static boolean exists(Location read) {
        return isInDatabase(read) || Files.exists(read.isGlob() ? fixedPart(read) : Path.of(read.path()));
    }

    /** Whether what is written can change what is read. */
    static boolean overlap(Location read, Write write) {
        return overlap(new Source(read), new Target(write));
    }

    /** Loops, not streams: this is asked for every pair of nodes. */
    private static boolean overlap(List<Source> reads, List<Target> writes) {
        for (Source read : reads) {
            for (Target write : writes) {
                if (overlap(read, write)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean overlap(Source read, Target write) {
        if (read.fixed().startsWith(write.path())) {
            return true;
        }
        if (!read.glob() || (write.folder() && write.path().startsWith(read.fixed()))) {
            return write.path().startsWith(read.fixed());
        }
        return matches(read.location().path(), write.path().toString());
    }

    /** Whether a pattern means a file: {@code *}, {@code ?} and {@code [...]} within a name, {@code **} over folders. */
    private static boolean matches(String pattern, String file) {
        StringBuilder regex = new StringBuilder();
        Matcher tokens = GLOB_TOKEN.matcher(pattern);
        while (tokens.find()) {
            String token = tokens.group();
            regex.append(
                    switch (token) {
                        case "**/" -> "(.*/)?";
                        case "**" -> ".*";
                        case "*" -> "[^/]*";
                        case "?" -> "[^/]";
                        default ->
                            token.startsWith("[") && token.length() > 2
                                    ? token.replace("[!", "[^").replace("\\", "\\\\")
                                    : Pattern.quote(token);
                    });
        }
        try {
            return Pattern.matches(regex.toString(), file);
        } catch (PatternSyntaxException strange) {
            // DuckDB decides what the pattern means; waiting once too often does no harm.
            return true;
        }
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
