package dev.tarn.core.project;

import dev.tarn.core.project.Configuration.Origin;
import dev.tarn.core.project.Configuration.Overridden;
import dev.tarn.core.project.Configuration.Setting;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Walks a merged tree beside the same with its references replaced, and notes where each value comes from. Used once. */
final class ConfigurationReader {

    /** The lists whose items are known by a name, and its key. */
    private static final Map<String, String> NAMED_LISTS = Map.of("pipelines", "pipeline", "nodes", "name");

    private final ProjectLayers layers;
    private final References references;
    private final List<Set<SourceSpan>> spans;
    private final List<Setting> settings = new ArrayList<>();

    ConfigurationReader(ProjectLayers layers, References references) {
        this.layers = layers;
        this.references = references;
        this.spans = layers.over().stream().map(layer -> spansOf(layer.tree())).toList();
    }

    /**
     * @param merged what the layers say together, without what tells which layers there are
     * @param resolved the same with its references replaced
     */
    Configuration read(Yaml.Mapping merged, Yaml.Mapping resolved, String environment) {
        Object tree = Objects.requireNonNull(read(new Place("", List.of()), merged, resolved, false));
        return new Configuration(environment, tree, settings);
    }

    /**
     * Where a value is in the tree.
     *
     * @param path a part for each step: a key, or the name or number of a list's item
     */
    private record Place(String key, List<String> path) {
        Place below(String part) {
            List<String> longer = new ArrayList<>(path);
            longer.add(part);
            return new Place(part, longer);
        }

        String dotted() {
            return String.join(".", path);
        }
    }

    private static Set<SourceSpan> spansOf(Yaml tree) {
        Set<SourceSpan> spans = new HashSet<>();
        collect(tree, spans);
        return spans;
    }

    private static void collect(Yaml value, Set<SourceSpan> spans) {
        spans.add(value.span());
        if (value instanceof Yaml.Mapping mapping) {
            mapping.entries().values().forEach(entry -> collect(entry.value(), spans));
        } else if (value instanceof Yaml.Sequence sequence) {
            sequence.items().forEach(item -> collect(item, spans));
        }
    }

    private @Nullable Object read(Place place, Yaml written, Yaml value, boolean secret) {
        if (written instanceof Yaml.Mapping raw && value instanceof Yaml.Mapping mapping) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            raw.entries().forEach((key, entry) -> {
                Yaml below = Objects.requireNonNull(mapping.entries().get(key)).value();
                map.put(key, read(place.below(key), entry.value(), below, secret || SecretNames.matches(key)));
            });
            return map;
        }
        if (written instanceof Yaml.Sequence raw && value instanceof Yaml.Sequence sequence) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = 0; i < raw.items().size(); i++) {
                String part = part(place.key(), raw.items().get(i), i);
                list.add(read(
                        place.below(part), raw.items().get(i), sequence.items().get(i), secret));
            }
            return list;
        }
        boolean hidden = secret || references.mayBeSecret(written);
        return hidden ? add(place, written, Configuration.HIDDEN, true) : plain(place, written, value);
    }

    private static String part(String list, Yaml item, int index) {
        String key = NAMED_LISTS.get(list);
        return name(key, item).orElse(String.valueOf(index));
    }

    private static Optional<String> name(@Nullable String key, Yaml item) {
        return key != null
                        && item instanceof Yaml.Mapping mapping
                        && mapping.entries().containsKey(key)
                        && mapping.entries().get(key).value() instanceof Yaml.Scalar name
                ? Optional.of(name.text().text())
                : Optional.empty();
    }

    /** A value, or what a reference to a whole mapping or list brought in. */
    private @Nullable Object plain(Place place, Yaml written, Yaml value) {
        if (value instanceof Yaml.Mapping mapping) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            mapping.entries().forEach((key, entry) -> {
                boolean secret = SecretNames.matches(key);
                map.put(
                        key,
                        secret
                                ? add(place.below(key), written, Configuration.HIDDEN, true)
                                : plain(place.below(key), written, entry.value()));
            });
            return map;
        }
        if (value instanceof Yaml.Sequence sequence) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = 0; i < sequence.items().size(); i++) {
                list.add(plain(
                        place.below(String.valueOf(i)),
                        written,
                        sequence.items().get(i)));
            }
            return list;
        }
        return add(place, written, value instanceof Yaml.Scalar scalar ? scalar.value() : null, false);
    }

    private @Nullable Object add(Place place, Yaml written, @Nullable Object value, boolean secret) {
        Optional<String> text =
                written instanceof Yaml.Scalar scalar && scalar.text().text().contains("${")
                        ? Optional.of(scalar.text().text())
                        : Optional.empty();
        settings.add(new Setting(
                place.dotted(),
                value,
                Optional.of(origin(written.span())),
                secret ? Optional.empty() : text,
                references.in(written),
                overrides(place, written, secret)));
        return value;
    }

    private Origin origin(SourceSpan span) {
        for (int i = spans.size() - 1; i >= 0; i--) {
            if (spans.get(i).contains(span)) {
                return new Origin(layers.over().get(i).name(), span);
            }
        }
        return base(span);
    }

    private Origin base(SourceSpan span) {
        boolean main = span.file().name().equals(layers.base().span().file().name());
        return new Origin(main ? "project file" : "import", span);
    }

    private List<Overridden> overrides(Place place, Yaml winner, boolean secret) {
        List<Overridden> overrides = new ArrayList<>();
        for (int i = layers.over().size() - 1; i >= -1; i--) {
            Yaml tree = i < 0 ? layers.base() : layers.over().get(i).tree();
            String layer = i < 0 ? "" : layers.over().get(i).name();
            find(tree, place.path(), 0)
                    .filter(found -> !found.span().equals(winner.span()))
                    .ifPresent(found -> overrides.add(new Overridden(
                            layer.isEmpty() ? base(found.span()) : new Origin(layer, found.span()),
                            text(found, secret))));
        }
        return overrides;
    }

    private String text(Yaml value, boolean secret) {
        return secret || references.mayBeSecret(value)
                ? Configuration.HIDDEN
                : value instanceof Yaml.Scalar scalar ? scalar.text().text() : value.kind();
    }

    private static Optional<Yaml> find(Yaml tree, List<String> path, int step) {
        if (step == path.size()) {
            return Optional.of(tree);
        }
        String part = path.get(step);
        if (tree instanceof Yaml.Mapping mapping) {
            Yaml.Entry entry = mapping.entries().get(part);
            return entry == null ? Optional.empty() : find(entry.value(), path, step + 1);
        }
        String list = step == 0 ? "" : path.get(step - 1);
        if (tree instanceof Yaml.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                Yaml item = sequence.items().get(i);
                if (part(list, item, i).equals(part)) {
                    return find(item, path, step + 1);
                }
            }
        }
        return Optional.empty();
    }

    /** What a setting that nobody made has as its value, and says so. */
    static Optional<Setting> byDefault(String key) {
        return Model.find(List.of(key.split("\\.", -1)))
                .filter(known -> !known.whenAbsent().isEmpty())
                .map(known ->
                        new Setting(key, known.whenAbsent(), Optional.empty(), Optional.empty(), List.of(), List.of()));
    }
}
