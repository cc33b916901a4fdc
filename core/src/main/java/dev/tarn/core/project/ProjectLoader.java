package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceFileLoader;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Loads a project from its YAML file and reports every problem in one pass.
 *
 * <p>Five stages, each with an immutable result: text to tree ({@link YamlParser}), other files merged into the tree
 * ({@link Imports}), an environment laid over it ({@link Environments}), references replaced in it ({@link Interpolator}),
 * tree to records ({@link ProjectReader}).
 */
public final class ProjectLoader {

    private static final List<String> FILE_NAMES = List.of("tarn.yaml", "tarn.yml", "odibi.yaml", "odibi.yml");

    /** The environment variable that names the environment when nothing else does. */
    private static final String ENVIRONMENT = "TARN_ENV";

    private final Map<String, String> variables;
    private final Clock clock;

    /**
     * @param variables what {@code ${env:X}} refers to
     * @param clock what {@code ${date:...}} refers to, in UTC
     */
    public ProjectLoader(Map<String, String> variables, Clock clock) {
        this.variables = Map.copyOf(variables);
        this.clock = clock;
    }

    /**
     * The project in {@code file}, or in a folder's {@code tarn.yaml}. With errors among the problems it is what could
     * be understood, good for finding more problems and not for running.
     */
    public Project load(Path file, Problems problems) {
        return load(file, Optional.empty(), problems);
    }

    /**
     * The project as it is in an environment.
     *
     * @param environment its name; {@code TARN_ENV} when absent
     */
    public Project load(Path file, Optional<String> environment, Problems problems) {
        Optional<Path> projectFile = find(file, problems);
        Path path = projectFile.orElse(file);
        SourceFile unread = new SourceFile(path.toString(), "");
        return projectFile
                .flatMap(p -> new SourceFileLoader(problems).load(p, p.toString(), unread.start()))
                .map(source -> read(source, path, environment, problems))
                .orElseGet(() -> empty(unread, path));
    }

    private static Optional<Path> find(Path file, Problems problems) {
        if (!Files.isDirectory(file)) {
            return Optional.of(file);
        }
        Optional<Path> found = FILE_NAMES.stream()
                .map(name -> file.resolve(name).normalize())
                .filter(Files::exists)
                .findFirst();
        if (found.isEmpty()) {
            problems.error(
                    ProblemCode.FILE_NOT_FOUND,
                    new SourceFile(file.toString(), "").start(),
                    "folder " + Names.quoted(file.toString()) + " has no project file",
                    "looked for " + String.join(", ", FILE_NAMES));
        }
        return found;
    }

    private Project read(SourceFile source, Path path, Optional<String> environment, Problems problems) {
        ExpansionBudget budget = new ExpansionBudget();
        boolean hadErrors = problems.hasErrors();
        Optional<Yaml> tree = new YamlParser(source, budget, problems).parse();
        if (tree.isPresent() && tree.get() instanceof Yaml.Mapping root) {
            Yaml.Mapping merged = merged(root, path, environment, budget, problems);
            return read(merged, path, source.start(), budget, problems);
        }
        if (tree.isPresent() || problems.hasErrors() == hadErrors) {
            notAProject(tree.map(Yaml::span).orElse(source.start()), problems);
        }
        return empty(source, path);
    }

    private static void notAProject(SourceSpan span, Problems problems) {
        problems.error(
                ProblemCode.MISSING_KEY,
                span,
                "the file declares no project",
                "a project has the keys project, connections and pipelines");
    }

    private Yaml.Mapping merged(
            Yaml.Mapping root, Path path, Optional<String> environment, ExpansionBudget budget, Problems problems) {
        Interpolator withoutVars = interpolator(noVars(root), budget, problems);
        Yaml.Mapping imported = new Imports(withoutVars, budget, problems).merge(root, path);
        Optional<String> name = environment.or(
                () -> Optional.ofNullable(variables.get(ENVIRONMENT)).filter(n -> !n.isEmpty()));
        return new Environments(path, directory(path), budget, problems).apply(imported, name, root.span());
    }

    private Project read(Yaml.Mapping root, Path path, SourceSpan start, ExpansionBudget budget, Problems problems) {
        Interpolator interpolator = interpolator(vars(root), budget, problems);
        interpolator.resolveVars();
        return new ProjectReader(directory(path), new SqlFiles(interpolator, problems), problems)
                .read(resolved(root, interpolator), start);
    }

    private Interpolator interpolator(Yaml.Mapping vars, ExpansionBudget budget, Problems problems) {
        ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC);
        return new Interpolator(variables, now, vars, budget, problems);
    }

    private static Yaml.Mapping vars(Yaml.Mapping root) {
        Yaml.Entry vars = root.entries().get("vars");
        return vars != null && vars.value() instanceof Yaml.Mapping mapping ? mapping : noVars(root);
    }

    private static Yaml.Mapping noVars(Yaml.Mapping root) {
        return new Yaml.Mapping(root.span(), Map.of());
    }

    /** Keys that have no effect are left as they are: what they refer to need not exist. */
    private static Yaml.Mapping resolved(Yaml.Mapping root, Interpolator interpolator) {
        Set<String> keys = ProjectReader.KEYS;
        Map<String, Yaml.Entry> entries = new LinkedHashMap<>(root.entries());
        entries.replaceAll((key, entry) ->
                keys.contains(key) ? new Yaml.Entry(key, entry.keySpan(), interpolator.resolve(entry.value())) : entry);
        return new Yaml.Mapping(root.span(), entries);
    }

    private static Project empty(SourceFile source, Path path) {
        return new Project(
                "",
                "",
                "",
                "",
                ProjectReader.ENGINE,
                directory(path),
                List.of(),
                Retry.DEFAULT,
                List.of(),
                source.start());
    }

    private static Path directory(Path projectFile) {
        Path absolute = projectFile.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        return parent == null || Files.isDirectory(absolute) ? absolute : parent;
    }
}
