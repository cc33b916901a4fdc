package dev.tarn.core.project;

import java.util.LinkedHashMap;
import java.util.Map;

/** Lays one tree over another: mappings are merged key by key, of everything else the upper one is taken. */
final class Overlay {

    private Overlay() {}

    /** Keys of {@code base} come first; each part keeps the position in its own file. */
    static Yaml.Mapping of(Yaml.Mapping base, Yaml.Mapping over) {
        Map<String, Yaml.Entry> entries = new LinkedHashMap<>(base.entries());
        over.entries().forEach((key, entry) -> entries.merge(key, entry, Overlay::of));
        return new Yaml.Mapping(over.span(), entries);
    }

    private static Yaml.Entry of(Yaml.Entry base, Yaml.Entry over) {
        return base.value() instanceof Yaml.Mapping lower && over.value() instanceof Yaml.Mapping upper
                ? new Yaml.Entry(over.key(), over.keySpan(), of(lower, upper))
                : over;
    }
}
