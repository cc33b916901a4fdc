package dev.tarn.cli.complete;

import java.nio.file.Path;
import java.util.Arrays;
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

    /** The same for an option that takes a run, or else a file. */
    public static final String RUNS = "STATE";

    static final Values NOTHING = new Values(Kind.NOTHING, List.of());

    enum Kind {
        NOTHING,
        NODES,
        RUNS,
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

    /** What the argument takes. */
    public static Values of(ArgSpec argument) {
        if (argument.arity().max() == 0) {
            return NOTHING;
        }
        if (argument.paramLabel().equals(NODES)) {
            return new Values(Kind.NODES, List.of());
        }
        if (argument.paramLabel().equals(RUNS)) {
            return new Values(Kind.RUNS, List.of());
        }
        // Of an Optional what it holds.
        Class<?> type = argument.auxiliaryTypes().length > 0 ? argument.auxiliaryTypes()[0] : argument.type();
        if (type.isEnum()) {
            return choice(Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .toList());
        }
        if (argument.completionCandidates() != null) {
            return choice(StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                    .toList());
        }
        return new Values(type.equals(Path.class) ? Kind.FILES : Kind.ANYTHING, List.of());
    }
}
