package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the keys of one mapping by name and kind and reports each that is missing, of the wrong kind or, in
 * {@link #finish}, not one of its {@link Shape}. A key without a value counts as not given. Not thread-safe.
 */
final class MappingReader {

    private final Yaml.Mapping mapping;
    private final Shape shape;
    private final String what;
    private final SourceSpan where;
    private final Problems problems;
    private final Set<String> asked = new LinkedHashSet<>();
    private final Set<String> unsupported = new LinkedHashSet<>();
    private final Map<String, String> refused = new HashMap<>();
    private final Map<String, String> hints = new HashMap<>();

    /**
     * @param what the mapping, for messages: {@code node 'a'}
     * @param where what is shown when a key is missing
     */
    MappingReader(Yaml.Mapping mapping, Shape shape, String what, SourceSpan where, Problems problems) {
        this.mapping = mapping;
        this.shape = shape;
        this.what = what;
        this.where = where;
        this.problems = problems;
    }

    SourceSpan where() {
        return where;
    }

    String what() {
        return what;
    }

    /** The same mapping under its own name, for messages. */
    MappingReader named(String name) {
        return as(shape, name);
    }

    /** The same mapping, now that it is clear which keys it may have. */
    MappingReader as(Shape known, String name) {
        return new MappingReader(mapping, known, name, where, problems);
    }

    /** Whether the key has a value, right or wrong. */
    boolean has(String key) {
        return given(key).isPresent();
    }

    /** Where the key stands, if it has a value. */
    Optional<SourceSpan> keySpan(String key) {
        return given(key).map(Yaml.Entry::keySpan);
    }

    private Optional<Yaml.Entry> given(String key) {
        if (!shape.allows(key) && !unsupported.contains(key)) {
            throw new IllegalStateException("key '" + key + "' is not one of " + shape.title());
        }
        asked.add(key);
        return Optional.ofNullable(mapping.entries().get(key)).filter(e -> !isNull(e.value()));
    }

    private static boolean isNull(Yaml value) {
        return value instanceof Yaml.Scalar scalar && scalar.isNull();
    }

    /** All entries, for a mapping whose keys are names. */
    List<Yaml.Entry> entries() {
        asked.addAll(mapping.entries().keySet());
        return List.copyOf(mapping.entries().values());
    }

    /** The key with its value of any kind. */
    Optional<Yaml.Entry> entry(String key) {
        return given(key).filter(e -> !(e.value() instanceof Yaml.Unresolved));
    }

    Optional<Yaml.Scalar> scalar(String key) {
        return entry(key).flatMap(e -> as(Yaml.Scalar.class, e, "a single value"));
    }

    Optional<Yaml.Scalar> requiredScalar(String key) {
        require(key);
        return scalar(key);
    }

    /** The text as it is written, also of a number. */
    Optional<String> text(String key) {
        return scalar(key).map(s -> s.text().text());
    }

    boolean flag(String key, boolean whenAbsent) {
        Optional<Yaml.Scalar> scalar = scalar(key);
        if (scalar.isPresent() && scalar.get().value() instanceof Boolean value) {
            return value;
        }
        scalar.ifPresent(s -> wrongType(key, s, "true or false"));
        return whenAbsent;
    }

    /** A whole number in a range. */
    OptionalLong whole(String key, long min, long max) {
        Optional<Yaml.Scalar> scalar = scalar(key);
        if (scalar.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!(scalar.get().value() instanceof Number)) {
            wrongType(key, scalar.get(), "a whole number");
            return OptionalLong.empty();
        }
        if (scalar.get().value() instanceof Long value && value >= min && value <= max) {
            return OptionalLong.of(value);
        }
        String allowed =
                max == Long.MAX_VALUE ? "a whole number from " + min : "a whole number from " + min + " to " + max;
        invalid(
                scalar.get(),
                "'" + key + "' takes " + allowed + ", not " + scalar.get().text());
        return OptionalLong.empty();
    }

    /** One of the values that are allowed; others are reported. */
    <E> Optional<E> choice(String key, Choices<E> choices) {
        return scalar(key).flatMap(s -> choices.read(s, problems));
    }

    /** A list of texts; one text counts as a list of one. */
    List<Yaml.Scalar> texts(String key) {
        Optional<Yaml.Entry> entry = entry(key);
        if (entry.isEmpty()) {
            return List.of();
        }
        return entry.get().value() instanceof Yaml.Scalar scalar
                ? List.of(scalar)
                : as(Yaml.Sequence.class, entry.get(), "a text or a list of texts").stream()
                        .flatMap(s -> s.items().stream())
                        .flatMap(item -> textItem(key, item).stream())
                        .toList();
    }

    private Optional<Yaml.Scalar> textItem(String key, Yaml item) {
        if (item instanceof Yaml.Scalar scalar && !scalar.isNull()) {
            return Optional.of(scalar);
        }
        if (!(item instanceof Yaml.Unresolved)) {
            wrongType(item.span(), "the items of '" + key + "' are texts, not " + item.kind());
        }
        return Optional.empty();
    }

    /** The items of a list. */
    Optional<List<Yaml>> list(String key) {
        return entry(key).flatMap(e -> as(Yaml.Sequence.class, e, "a list")).map(Yaml.Sequence::items);
    }

    Optional<MappingReader> mapping(String key) {
        return entry(key)
                .flatMap(e -> as(Yaml.Mapping.class, e, "a mapping")
                        .map(m -> new MappingReader(m, shape.below(key), "'" + key + "'", e.keySpan(), problems)));
    }

    /** Reports the key as missing unless it is there. */
    void require(String key) {
        if (has(key)) {
            return;
        }
        Yaml.Entry empty = mapping.entries().get(key);
        if (empty == null) {
            problems.error(ProblemCode.MISSING_KEY, where, what + " has no '" + key + "'", "add '" + key + ":'");
        } else {
            problems.error(ProblemCode.MISSING_KEY, empty.keySpan(), "'" + key + "' has no value", "give it one");
        }
    }

    /** Of keys that exclude each other at most one may be given; the later one in the file is reported. */
    void exclusive(String one, String other) {
        if (has(one) && has(other)) {
            List<String> order = List.copyOf(mapping.entries().keySet());
            String message = what + " has both '" + one + "' and '" + other + "'";
            keySpan(order.indexOf(one) < order.indexOf(other) ? other : one)
                    .ifPresent(s -> problems.error(ProblemCode.CONFLICTING_KEYS, s, message, "use one of them"));
        }
    }

    /** Keys of ODIBI's that are refused with a message of their own. */
    void unsupported(String... keys) {
        unsupported.addAll(List.of(keys));
    }

    /** A key of ODIBI's that is refused, with the way out. */
    void refused(String key, String help) {
        refused.put(key, help);
    }

    /** The mapping's keys are read elsewhere. */
    void readElsewhere() {
        asked.addAll(shape.keys().keySet());
    }

    /** A key that has no effect; its value is not looked at. */
    void ignored(String key, String help) {
        keySpan(key)
                .ifPresent(span -> problems.note(ProblemCode.IGNORED_KEY, span, "'" + key + "' has no effect", help));
    }

    /** What to write instead of keys that people guess. */
    void hint(String help, String... keys) {
        List.of(keys).forEach(key -> hints.put(key, help));
    }

    /** Reports every key that does not belong here; true when there is none. */
    boolean finish() {
        if (!asked.containsAll(shape.keys().keySet())) {
            throw new IllegalStateException(shape.title() + " has keys that nobody reads: all but " + asked);
        }
        List<Yaml.Entry> left = mapping.entries().values().stream()
                .filter(e -> !shape.allows(e.key()))
                .toList();
        left.forEach(this::notAllowed);
        return left.isEmpty();
    }

    private void notAllowed(Yaml.Entry entry) {
        if (refused.containsKey(entry.key())) {
            String message = Names.quoted(entry.key()) + " is not supported";
            problems.error(
                    ProblemCode.UNSUPPORTED_KEY,
                    entry.keySpan(),
                    message,
                    Optional.ofNullable(refused.get(entry.key())));
        } else if (unsupported.contains(entry.key())) {
            String message = Names.quoted(entry.key()) + " is not supported yet";
            String help = "remove it: ignoring it would change what the project does";
            problems.error(ProblemCode.UNSUPPORTED_KEY, entry.keySpan(), message, help);
        } else {
            String message = "unknown key " + Names.quoted(entry.key()) + " in " + what;
            problems.error(ProblemCode.UNKNOWN_KEY, entry.keySpan(), message, help(entry.key()));
        }
    }

    private String help(String key) {
        String hint = hints.get(key);
        return hint != null
                ? hint
                : Names.didYouMean(key, shape.keys().keySet())
                        .orElseGet(() -> "allowed here: "
                                + String.join(", ", shape.keys().keySet()));
    }

    private <T extends Yaml> Optional<T> as(Class<T> kind, Yaml.Entry entry, String expected) {
        if (kind.isInstance(entry.value())) {
            return Optional.of(kind.cast(entry.value()));
        }
        wrongType(entry.key(), entry.value(), expected);
        return Optional.empty();
    }

    private void wrongType(String key, Yaml value, String expected) {
        boolean quoted = value instanceof Yaml.Scalar scalar
                && !scalar.plain()
                && !(CoreSchema.typed(scalar.text().text()) instanceof String);
        Optional<String> help = quoted ? Optional.of("write it without quotes") : Optional.empty();
        String message = "'" + key + "' takes " + expected + ", not " + value.kind();
        problems.error(ProblemCode.WRONG_TYPE, value.span(), message, help);
    }

    private void wrongType(SourceSpan span, String message) {
        problems.error(ProblemCode.WRONG_TYPE, span, message);
    }

    private void invalid(Yaml value, String message) {
        problems.error(ProblemCode.INVALID_VALUE, value.span(), message);
    }

    /** Lists as mappings, each with a name for messages; items of another kind are reported. */
    static List<MappingReader> mappings(List<Yaml> items, Shape shape, String what, Problems problems) {
        List<MappingReader> readers = new ArrayList<>();
        for (Yaml item : items) {
            if (item instanceof Yaml.Mapping mapping) {
                readers.add(new MappingReader(mapping, shape, what, firstKey(mapping), problems));
            } else if (!(item instanceof Yaml.Unresolved)) {
                problems.error(ProblemCode.WRONG_TYPE, item.span(), what + " is a mapping, not " + item.kind());
            }
        }
        return readers;
    }

    private static SourceSpan firstKey(Yaml.Mapping mapping) {
        return mapping.entries().values().stream()
                .findFirst()
                .map(Yaml.Entry::keySpan)
                .orElse(mapping.span());
    }
}
