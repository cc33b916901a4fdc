package dev.tarn.core.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that a mapping may have, in the order in which they are shown. The one place that says so: the loader accepts
 * these and no others, and the JSON Schema and the reference are made of them.
 *
 * @param title what it is, for the documentation: {@code retry}
 * @param keys empty for a mapping whose keys are names
 */
record Shape(String title, Map<String, Key> keys, boolean open) {

    /** Keys are names that the user gives. */
    static final Shape NAMES = new Shape("names", Map.of(), true);

    Shape {
        keys = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    static Builder of(String title) {
        return new Builder(title);
    }

    boolean allows(String key) {
        return open || keys.containsKey(key);
    }

    /** Whether references in the key's value are replaced: not those of one that has no effect, or is read before. */
    boolean resolves(String key) {
        Key known = keys.get(key);
        return known != null && !known.ignored() && !key.equals(Imports.KEY) && !key.equals(Environments.KEY);
    }

    /** The shape of a key's value, where that is a mapping. */
    Shape below(String key) {
        return Optional.ofNullable(keys.get(key))
                .map(Key::kind)
                .flatMap(Shape::shape)
                .orElse(NAMES);
    }

    private static Optional<Shape> shape(Kind kind) {
        if (kind instanceof Kind.Of of) {
            return Optional.of(of.shape());
        }
        return kind instanceof Kind.Either either
                ? either.kinds().stream().flatMap(k -> shape(k).stream()).findFirst()
                : Optional.empty();
    }

    /** The part of a page that a link to it names. */
    String anchor() {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_ -]", "").replace(' ', '-');
    }

    /** The name in the JSON Schema. */
    String id() {
        return anchor().replace('-', '_');
    }

    /** The same keys, of which none must be there: what an environment says. */
    Shape only(String title, List<String> names) {
        Builder builder = new Builder(title);
        names.forEach(name -> builder.keys.add(Optional.ofNullable(keys.get(name))
                .map(k -> new Key(k.name(), k.kind(), false, k.whenAbsent(), k.meaning(), k.ignored()))
                .orElseThrow(() -> new IllegalStateException(this.title + " has no key " + name))));
        return builder.build();
    }

    /** Collects keys. */
    static final class Builder {
        private final String title;
        private final List<Key> keys = new ArrayList<>();

        private Builder(String title) {
            this.title = title;
        }

        void add(Key key) {
            keys.add(key);
        }

        Builder required(String name, Kind kind, String meaning) {
            keys.add(new Key(name, kind, true, "", meaning, false));
            return this;
        }

        Builder key(String name, Kind kind, String meaning) {
            return key(name, kind, "", meaning);
        }

        Builder key(String name, Kind kind, String whenAbsent, String meaning) {
            keys.add(new Key(name, kind, false, whenAbsent, meaning, false));
            return this;
        }

        Builder ignored(String name, String meaning) {
            keys.add(new Key(name, Kind.ANY, false, "", meaning, true));
            return this;
        }

        Shape build() {
            Map<String, Key> byName = new LinkedHashMap<>();
            keys.forEach(key -> byName.put(key.name(), key));
            return new Shape(title, byName, false);
        }
    }
}
