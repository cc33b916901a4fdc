package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;
import java.util.List;
import java.util.stream.Stream;

/**
 * SQL that runs around a node, on a connection of its own.
 *
 * @param before {@code pre_sql}: before the node reads
 * @param after {@code post_sql}: after its write succeeded
 */
public record Statements(List<MappedText> before, List<MappedText> after) {

    public static final Statements NONE = new Statements(List.of(), List.of());

    public Statements {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    public boolean isEmpty() {
        return before.isEmpty() && after.isEmpty();
    }

    /** Both, in the order in which they run. */
    public Stream<MappedText> all() {
        return Stream.concat(before.stream(), after.stream());
    }
}
