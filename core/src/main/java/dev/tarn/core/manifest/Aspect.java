package dev.tarn.core.manifest;

import dev.tarn.core.plan.PlannedNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/** A part of a node that can differ from what it was; people who only rename or describe change none of them. */
@SuppressWarnings("ImmutableEnumChecker") // Functions without state.
public enum Aspect {
    SQL("SQL", (text, node) -> {
        text.add(node.node().steps()).add(node.node().dialect());
        // Nodes without statements keep the hash that they have in manifests of earlier versions.
        return node.node().statements().isEmpty() ? text : text.add(node.node().statements());
    }),
    INPUTS("inputs", (text, node) -> text.add(node.inputs()).add(node.hasDf())),
    VALIDATION("validation", (text, node) -> text.add(node.node().validation())),
    WRITE("write", (text, node) -> text.add(node.node().write())),
    SETTINGS(
            "settings",
            (text, node) -> text.add(node.node().onError()).add(node.node().cache()));

    private final String word;

    @SuppressWarnings("ImmutableEnumChecker") // The functions above capture nothing.
    private final BiFunction<CanonicalText, PlannedNode, CanonicalText> content;

    Aspect(String word, BiFunction<CanonicalText, PlannedNode, CanonicalText> content) {
        this.word = word;
        this.content = content;
    }

    /** What a user calls it. */
    public String word() {
        return word;
    }

    /** The name in selectors and manifests: {@code sql}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Aspect> of(String id) {
        return Arrays.stream(values()).filter(aspect -> aspect.id().equals(id)).findFirst();
    }

    String hash(PlannedNode node, CanonicalText empty) {
        return CanonicalText.sha256(content.apply(empty, node).toString()).substring(0, HASH_LENGTH);
    }

    /** 80 bits: nobody attacks it, and a manifest stays small. */
    private static final int HASH_LENGTH = 20;
}
