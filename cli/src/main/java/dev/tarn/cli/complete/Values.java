package dev.tarn.cli.complete;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.ArgSpec;

/**
 * What may stand for an option or argument.
 *
 * @param choices the only words that may, for {@link Kind#CHOICE}
 */
public record Values(Kind kind, List<String> choices) {

    /** The label of an option that takes nodes: by it a script knows that the project has to be asked. */
    public static final String NODES = "NODES";

    static final Values NOTHING = new Values(Kind.NOTHING, List.of());

    enum Kind {
        NOTHING,
        NODES,
        FILES,
        CHOICE,
        ANYTHING
    }

    public Values {
        choices = List.copyOf(choices);
    }

    /** One of these words. */
    static Values choice(Collection<String> words) {
        return new Values(Kind.CHOICE, List.copyOf(words));
    }

    static Values of(ArgSpec argument) {
        if (argument.arity().max() == 0) {
            return NOTHING;
        }
        if (argument.paramLabel().equals(NODES)) {
            return new Values(Kind.NODES, List.of());
        }
        Class<?> type = argument.type();
        if (type.isEnum()) {
            return new Values(
                    Kind.CHOICE,
                    StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                            .map(word -> word.toLowerCase(Locale.ROOT))
                            .toList());
        }
        return new Values(type.equals(Path.class) ? Kind.FILES : Kind.ANYTHING, List.of());
    }
}
