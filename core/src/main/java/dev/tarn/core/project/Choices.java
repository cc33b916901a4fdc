package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The values that a key may have, by the text that stands for them.
 *
 * @param what the value, for messages: {@code write mode}
 * @param later values of ODIBI's that are refused with a message of their own
 */
record Choices<E>(String what, Map<String, E> values, Set<String> later) {

    /** The constants of an enum in lower case. */
    static <E extends Enum<E>> Choices<E> of(String what, Class<E> type, String... later) {
        return of(what, EnumSet.allOf(type), later);
    }

    static <E extends Enum<E>> Choices<E> of(String what, Set<E> constants, String... later) {
        Map<String, E> values = new LinkedHashMap<>();
        constants.forEach(constant -> values.put(constant.name().toLowerCase(Locale.ROOT), constant));
        return new Choices<>(what, values, Set.of(later));
    }

    /** The value; empty, and reported, when it is none of these. */
    Optional<E> read(Yaml.Scalar scalar, Problems problems) {
        String text = scalar.text().text();
        if (later.contains(text)) {
            String message = what + " " + Names.quoted(text) + " is not supported yet";
            problems.error(ProblemCode.UNSUPPORTED_KEY, scalar.span(), message, allowed());
            return Optional.empty();
        }
        Optional<E> value = Optional.ofNullable(values.get(text));
        if (value.isEmpty()) {
            String message = "unknown " + what + " " + Names.quoted(text);
            String help = Names.didYouMean(text, values.keySet()).orElse(allowed());
            problems.error(ProblemCode.INVALID_VALUE, scalar.span(), message, help);
        }
        return value;
    }

    private String allowed() {
        return "allowed: " + String.join(", ", values.keySet());
    }
}
