package dev.tarn.core.manifest;

import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the nodes of a project were at some time: a hash of each aspect. Places below the project's folder are taken from
 * there, so that two checkouts of one project have the same manifest.
 */
public record Manifest(Map<NodeId, Map<Aspect, String>> nodes) {

    /** Raised when the same node gets other hashes, so that no manifest is compared with one of another kind. */
    private static final String HEADER = "tarn/manifest/v1";

    public Manifest {
        nodes = Map.copyOf(nodes);
    }

    /**
     * Takes down how a project is now.
     *
     * @param plan of the whole project
     */
    public static Manifest of(Plan plan) {
        Map<NodeId, Map<Aspect, String>> nodes = new HashMap<>();
        Path folder = plan.project().directory();
        plan.nodes().forEach(node -> nodes.put(node.id(), hashes(node, folder)));
        return new Manifest(nodes);
    }

    private static Map<Aspect, String> hashes(PlannedNode node, Path folder) {
        Map<Aspect, String> hashes = new EnumMap<>(Aspect.class);
        for (Aspect aspect : Aspect.values()) {
            hashes.put(aspect, aspect.hash(node, CanonicalText.below(folder)));
        }
        return hashes;
    }

    /** What this one has that the earlier one has not, and the other way round. */
    public Changes since(Manifest earlier, String with) {
        Map<NodeId, Set<Aspect>> modified = new HashMap<>();
        Set<NodeId> added = new HashSet<>();
        nodes.forEach((id, now) -> {
            Map<Aspect, String> then = earlier.nodes.get(id);
            if (then == null) {
                added.add(id);
            } else if (!now.equals(then)) {
                modified.put(id, differing(now, then));
            }
        });
        Set<NodeId> removed = new HashSet<>(earlier.nodes.keySet());
        removed.removeAll(nodes.keySet());
        return new Changes(with, modified, added, removed);
    }

    private static Set<Aspect> differing(Map<Aspect, String> now, Map<Aspect, String> then) {
        Set<Aspect> aspects = EnumSet.noneOf(Aspect.class);
        for (Aspect aspect : Aspect.values()) {
            if (!String.valueOf(now.get(aspect)).equals(then.get(aspect))) {
                aspects.add(aspect);
            }
        }
        return aspects;
    }

    /** A line for each node, sorted, so that two texts are the same exactly when the manifests are. */
    public String text() {
        Map<String, String> lines = new TreeMap<>();
        nodes.forEach((id, hashes) -> lines.put(id.toString(), line(hashes)));
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        lines.forEach((id, line) -> text.append(id).append(line).append('\n'));
        return text.toString();
    }

    private static String line(Map<Aspect, String> hashes) {
        StringBuilder line = new StringBuilder();
        new EnumMap<>(hashes)
                .forEach((aspect, hash) ->
                        line.append(' ').append(aspect.id()).append('=').append(hash));
        return line.toString();
    }

    /** The manifest of such a text; empty when it is something else, or of another version. */
    public static Optional<Manifest> parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            return Optional.empty();
        }
        Map<NodeId, Map<Aspect, String>> nodes = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", -1);
            int dot = words[0].indexOf('.');
            Map<Aspect, String> hashes = new EnumMap<>(Aspect.class);
            for (int i = 1; i < words.length; i++) {
                String[] pair = words[i].split("=", 2);
                Optional<Aspect> aspect = Aspect.of(pair[0]);
                if (aspect.isEmpty() || pair.length < 2) {
                    return Optional.empty();
                }
                hashes.put(aspect.get(), pair[1]);
            }
            if (dot < 0 || hashes.size() < Aspect.values().length) {
                return Optional.empty();
            }
            nodes.put(new NodeId(words[0].substring(0, dot), words[0].substring(dot + 1)), hashes);
        }
        return Optional.of(new Manifest(nodes));
    }
}
