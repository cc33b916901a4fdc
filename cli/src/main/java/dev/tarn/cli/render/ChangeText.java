package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.manifest.Aspect;
import dev.tarn.core.manifest.Changes;
import dev.tarn.core.project.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Says what is different from an earlier state. */
public final class ChangeText {

    private final Console console;

    public ChangeText(Console console) {
        this.console = console;
    }

    /** Why the selected nodes count as modified or new, and what is gone. */
    public void print(Changes changes, Set<NodeId> selected) {
        note("compared with " + changes.with());
        for (NodeId node : selected) {
            if (changes.added().contains(node)) {
                note(node + " is new");
            } else if (changes.modified().containsKey(node)) {
                note(node + ": " + words(changes.modified().getOrDefault(node, Set.of())) + " changed");
            }
        }
        changes.removed().stream().map(NodeId::toString).sorted().forEach(node -> note(node + " is no longer there"));
    }

    /** That there is nothing to do, and that this is no mistake. */
    public void nothing() {
        console.out().println("nothing to do: no node is selected");
    }

    private static String words(Set<Aspect> aspects) {
        return aspects.stream().map(Aspect::word).collect(Collectors.joining(", "));
    }

    private void note(String text) {
        console.err().println(console.paint(Style.NOTE, "note") + ": " + text);
    }

    /** How one node stands to the earlier state. */
    static Map<String, Object> json(NodeId node, Changes changes) {
        Map<String, Object> json = new LinkedHashMap<>();
        Set<Aspect> modified = changes.modified().getOrDefault(node, Set.of());
        boolean added = changes.added().contains(node);
        json.put("state", added ? "new" : modified.isEmpty() ? "unmodified" : "modified");
        json.put("changed", List.copyOf(modified.stream().map(Aspect::id).toList()));
        return json;
    }
}
