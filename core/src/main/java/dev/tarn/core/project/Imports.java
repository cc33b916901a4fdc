package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFileLoader;
import dev.tarn.core.source.SourceSpan;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Merges a file with those that it imports. The importing file is laid over the imported ones, and of these later ones
 * over earlier ones; only {@code pipelines} adds up. A file is read once, however many import it. Not thread-safe.
 */
final class Imports {

    static final String KEY = "imports";
    private static final String PIPELINES = "pipelines";

    private final Interpolator interpolator;
    private final ExpansionBudget budget;
    private final Problems problems;
    private final Map<Path, Optional<Yaml.Mapping>> merged = new HashMap<>();
    /** The files that are being merged, by what they really are, with the names to show. */
    private final Map<Path, String> open = new LinkedHashMap<>();

    /** @param interpolator without {@code vars}: those are known only after all imports */
    Imports(Interpolator interpolator, ExpansionBudget budget, Problems problems) {
        this.interpolator = interpolator;
        this.budget = budget;
        this.problems = problems;
    }

    /** The tree of {@code file} with everything that it imports. */
    Yaml.Mapping merge(Yaml.Mapping root, Path file) {
        open.put(identity(file), file.toString());
        Yaml.Mapping imported = new Yaml.Mapping(root.span(), Map.of());
        for (Yaml.Scalar name : new MappingReader(root, Model.PROJECT, "the file", root.span(), problems).texts(KEY)) {
            Optional<Yaml.Mapping> next = path(name).flatMap(path -> load(path, name.span()));
            imported = next.isPresent() ? lay(imported, next.get()) : imported;
        }
        open.remove(identity(file));
        return lay(imported, root);
    }

    private Optional<Path> path(Yaml.Scalar name) {
        if (name.text().text().contains("${vars.")) {
            String message = "'imports' is read before 'vars'";
            problems.error(ProblemCode.BAD_INTERPOLATION, name.span(), message, "use ${env:NAME}");
            return Optional.empty();
        }
        return interpolator.resolve(name.text()).flatMap(text -> path(text.text(), name.span()));
    }

    private Optional<Path> path(String text, SourceSpan span) {
        try {
            return Optional.of(Path.of(span.file().name()).resolveSibling(text).normalize());
        } catch (InvalidPathException e) {
            problems.error(ProblemCode.INVALID_VALUE, span, Names.quoted(text) + " is not a path");
            return Optional.empty();
        }
    }

    private Optional<Yaml.Mapping> load(Path file, SourceSpan namedAt) {
        Path identity = identity(file);
        if (open.containsKey(identity)) {
            circle(identity, namedAt);
            return Optional.empty();
        }
        Optional<Yaml.Mapping> known = merged.get(identity);
        if (known == null) {
            known = parse(file, namedAt).map(root -> merge(root, file));
            merged.put(identity, known);
        }
        return known;
    }

    private Optional<Yaml.Mapping> parse(Path file, SourceSpan namedAt) {
        return new SourceFileLoader(problems)
                .load(file, file.toString(), namedAt)
                .flatMap(source -> new YamlParser(source, budget, problems).parse())
                .flatMap(this::mapping);
    }

    /** A file without content has nothing to add. */
    private Optional<Yaml.Mapping> mapping(Yaml tree) {
        if (tree instanceof Yaml.Mapping mapping) {
            return Optional.of(mapping);
        }
        if (!(tree instanceof Yaml.Scalar scalar && scalar.isNull())) {
            String message = "an imported file is a mapping, not " + tree.kind();
            problems.error(ProblemCode.WRONG_TYPE, tree.span(), message);
        }
        return Optional.empty();
    }

    private void circle(Path identity, SourceSpan namedAt) {
        List<Path> chain = List.copyOf(open.keySet());
        List<String> circle =
                new ArrayList<>(List.copyOf(open.values()).subList(chain.indexOf(identity), chain.size()));
        circle.add(circle.get(0));
        problems.error(
                ProblemCode.IMPORT_CYCLE,
                namedAt,
                "files import each other in a circle: " + String.join(" -> ", circle),
                "remove one of these imports");
    }

    private Yaml.Mapping lay(Yaml.Mapping base, Yaml.Mapping over) {
        Map<String, Yaml.Entry> entries =
                new LinkedHashMap<>(Overlay.of(base, over).entries());
        Yaml.Entry lower = base.entries().get(PIPELINES);
        Yaml.Entry upper = over.entries().get(PIPELINES);
        if (lower != null && upper != null) {
            entries.put(PIPELINES, new Yaml.Entry(PIPELINES, upper.keySpan(), appended(lower.value(), upper.value())));
        }
        return new Yaml.Mapping(over.span(), entries);
    }

    private Yaml appended(Yaml lower, Yaml upper) {
        if (lower instanceof Yaml.Sequence first && upper instanceof Yaml.Sequence second) {
            List<Yaml> items = new ArrayList<>(first.items());
            items.addAll(notIn(first, second));
            return new Yaml.Sequence(upper.span(), items);
        }
        Yaml shown = upper instanceof Yaml.Sequence ? lower : upper;
        if (!(shown instanceof Yaml.Scalar scalar && scalar.isNull())) {
            String message = "'" + PIPELINES + "' takes a list, not " + shown.kind();
            problems.error(ProblemCode.WRONG_TYPE, shown.span(), message);
        }
        return upper instanceof Yaml.Sequence ? upper : lower;
    }

    /** A file that several files import brings the same pipelines each time. */
    private static List<Yaml> notIn(Yaml.Sequence known, Yaml.Sequence added) {
        Set<Yaml> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.addAll(known.items());
        return added.items().stream().filter(item -> !seen.contains(item)).toList();
    }

    /** One file may be named in several ways, also through links. */
    private static Path identity(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException missing) {
            return file.toAbsolutePath().normalize();
        }
    }
}
