package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceFileLoader;
import dev.tarn.core.source.SourceSpan;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lays one environment over a project: what is declared under {@code environments}, then the file
 * {@code env.<name>.yaml} beside the project file.
 */
final class Environments {

    static final String KEY = "environments";

    private static final Pattern FILE_NAME = Pattern.compile("env\\.(?<name>[A-Za-z0-9_.-]+)\\.yaml");

    private final Path projectFile;
    private final Path directory;
    private final ExpansionBudget budget;
    private final Problems problems;

    Environments(Path projectFile, Path directory, ExpansionBudget budget, Problems problems) {
        this.projectFile = projectFile;
        this.directory = directory;
        this.budget = budget;
        this.problems = problems;
    }

    /**
     * What makes the project in the environment. The keys of environments that are not asked for are checked, too.
     *
     * @param start what is shown when the project declares no environment
     */
    ProjectLayers layers(Yaml.Mapping root, Optional<String> name, SourceSpan start) {
        Map<String, Yaml.Mapping> declared = declared(root);
        return new ProjectLayers(
                root, name.map(n -> layers(root, declared, n, start)).orElse(List.of()));
    }

    /** The project with an environment's layers over it. */
    Yaml.Mapping apply(ProjectLayers layers, Optional<String> name) {
        EnvironmentOverlay overlay = new EnvironmentOverlay(name.orElse(""), problems);
        Yaml.Mapping all = layers.base();
        for (ProjectLayers.Layer layer : layers.over()) {
            all = overlay.lay(all, layer.tree());
        }
        return all;
    }

    private List<ProjectLayers.Layer> layers(
            Yaml.Mapping root, Map<String, Yaml.Mapping> declared, String name, SourceSpan start) {
        Set<String> withFile = files();
        Set<String> known = new TreeSet<>(declared.keySet());
        known.addAll(withFile);
        if (!known.contains(name)) {
            Yaml.Entry environments = root.entries().get(KEY);
            unknown(name, known, environments == null ? start : environments.keySpan());
            return List.of();
        }
        List<ProjectLayers.Layer> layers = new ArrayList<>();
        Optional.ofNullable(declared.get(name))
                .ifPresent(own -> layers.add(new ProjectLayers.Layer(KEY + "." + name, own)));
        if (withFile.contains(name)) {
            file(name, start).ifPresent(own -> layers.add(new ProjectLayers.Layer("env." + name + ".yaml", own)));
        }
        return layers;
    }

    private Map<String, Yaml.Mapping> declared(Yaml.Mapping root) {
        List<Yaml.Entry> entries = new MappingReader(root, Model.PROJECT, "the project", root.span(), problems)
                .mapping(KEY)
                .map(MappingReader::entries)
                .orElse(List.of());
        Map<String, Yaml.Mapping> declared = new LinkedHashMap<>();
        entries.forEach(e -> declared.put(e.key(), checked(e.key(), e.value(), e.keySpan())));
        return declared;
    }

    /** The environment's allowed keys; others are reported. Nothing at all is an environment that changes nothing. */
    private Yaml.Mapping checked(String name, Yaml value, SourceSpan where) {
        String what = "environment " + Names.quoted(name);
        if (!(value instanceof Yaml.Mapping mapping)) {
            if (!(value instanceof Yaml.Scalar scalar && scalar.isNull())) {
                problems.error(ProblemCode.WRONG_TYPE, value.span(), what + " is a mapping, not " + value.kind());
            }
            return new Yaml.Mapping(value.span(), Map.of());
        }
        MappingReader in = new MappingReader(mapping, Model.ENVIRONMENT, what, where, problems);
        in.readElsewhere();
        in.unsupported(ProjectReader.LATER);
        in.hint("a project has one name in all environments", "project");
        in.hint("import files in the project file; an environment changes values", Imports.KEY);
        in.hint("environments cannot be nested", KEY);
        in.finish();
        Map<String, Yaml.Entry> allowed = new LinkedHashMap<>(mapping.entries());
        allowed.keySet().removeIf(key -> !Model.ENVIRONMENT.allows(key));
        return new Yaml.Mapping(mapping.span(), allowed);
    }

    private Optional<Yaml.Mapping> file(String name, SourceSpan start) {
        Path file = projectFile.resolveSibling("env." + name + ".yaml").normalize();
        Optional<SourceFile> source = new SourceFileLoader(problems).load(file, file.toString(), start);
        return source.flatMap(s -> new YamlParser(s, budget, problems).parse())
                .map(tree -> checked(name, tree, tree.span()));
    }

    /** The environments that have a file, by name. */
    private Set<String> files() {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "env.*.yaml")) {
            for (Path file : files) {
                Matcher matcher = FILE_NAME.matcher(String.valueOf(file.getFileName()));
                if (matcher.matches()) {
                    names.add(matcher.group("name"));
                }
            }
            return names;
        } catch (IOException unlistable) {
            // Where a folder may not be listed, nothing says that there are such files.
            return Set.of();
        }
    }

    private void unknown(String name, Set<String> known, SourceSpan span) {
        String help = known.isEmpty()
                ? "the project has none: declare it under 'environments', or write env." + name
                        + ".yaml beside the project file"
                : "known: " + String.join(", ", known);
        String message = "unknown environment " + Names.quoted(name) + " in --env or TARN_ENV";
        problems.error(ProblemCode.UNKNOWN_ENVIRONMENT, span, message, help);
    }
}
