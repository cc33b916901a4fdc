package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Lays an environment over a project as {@link Overlay} does, but finds pipelines and nodes by their names. */
final class EnvironmentOverlay {

    private final String environment;
    private final Problems problems;

    EnvironmentOverlay(String environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    Yaml.Mapping lay(Yaml.Mapping project, Yaml.Mapping over) {
        return withNamed("pipelines", "pipeline", "pipeline", project, over, this::pipeline);
    }

    private Yaml.Mapping pipeline(Yaml.Mapping base, Yaml.Mapping over) {
        return withNamed("nodes", "node", "name", base, over, Overlay::of);
    }

    /**
     * One mapping over another, of which a list holds mappings with names.
     *
     * @param list the list's key
     * @param kind what its items are, for messages
     * @param name the key of their names
     */
    private Yaml.Mapping withNamed(
            String list,
            String kind,
            String name,
            Yaml.Mapping base,
            Yaml.Mapping over,
            BinaryOperator<Yaml.Mapping> lay) {
        Yaml.Mapping all = Overlay.of(base, over);
        Yaml.Entry lower = base.entries().get(list);
        Yaml.Entry upper = over.entries().get(list);
        if (lower == null
                || upper == null
                || !(lower.value() instanceof Yaml.Sequence items)
                || !(upper.value() instanceof Yaml.Sequence changes)) {
            return all;
        }
        Map<String, Yaml.Entry> entries = new LinkedHashMap<>(all.entries());
        Named named = new Named(kind, name, lay);
        entries.put(list, new Yaml.Entry(list, lower.keySpan(), named.lay(items, changes)));
        return new Yaml.Mapping(base.span(), entries);
    }

    /** A list of mappings with names. */
    private final class Named {

        private final String kind;
        private final String key;
        private final BinaryOperator<Yaml.Mapping> lay;

        private Named(String kind, String key, BinaryOperator<Yaml.Mapping> lay) {
            this.kind = kind;
            this.key = key;
            this.lay = lay;
        }

        /** Each of {@code changes} is laid over the item of its name; what has a new name comes last. */
        private Yaml.Sequence lay(Yaml.Sequence base, Yaml.Sequence changes) {
            List<String> names = base.items().stream()
                    .map(item -> name(item).map(n -> n.text().text()).orElse(""))
                    .toList();
            List<Yaml> items = new ArrayList<>(base.items());
            for (Yaml change : changes.items()) {
                Optional<Yaml.Scalar> name = name(change);
                int at = name.map(n -> names.indexOf(n.text().text())).orElse(-1);
                if (at < 0) {
                    name.ifPresent(n -> warnOfMistake(n, names));
                    items.add(change);
                } else {
                    items.set(at, changed((Yaml.Mapping) items.get(at), (Yaml.Mapping) change));
                }
            }
            return new Yaml.Sequence(base.span(), items);
        }

        private Optional<Yaml.Scalar> name(Yaml item) {
            return item instanceof Yaml.Mapping mapping
                    ? Optional.ofNullable(mapping.entries().get(key))
                            .map(Yaml.Entry::value)
                            .filter(Yaml.Scalar.class::isInstance)
                            .map(Yaml.Scalar.class::cast)
                    : Optional.empty();
        }

        /** The name stays where the project gives it: that is where a reader looks for the item. */
        private Yaml.Mapping changed(Yaml.Mapping base, Yaml.Mapping change) {
            Map<String, Yaml.Entry> entries = new LinkedHashMap<>(change.entries());
            entries.remove(key);
            return lay.apply(base, new Yaml.Mapping(change.span(), entries));
        }

        private void warnOfMistake(Yaml.Scalar name, List<String> names) {
            String text = name.text().text();
            String message = "environment " + Names.quoted(environment) + " adds " + kind + " " + Names.quoted(text);
            Names.didYouMean(text, names)
                    .ifPresent(help -> problems.warning(ProblemCode.ADDED_BY_ENVIRONMENT, name.span(), message, help));
        }
    }
}
