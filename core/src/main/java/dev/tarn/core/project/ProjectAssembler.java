package dev.tarn.core.project;

import dev.tarn.core.connection.Redaction;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts one project together.
 *
 * <p>Five stages, each with an immutable result: text to tree ({@link YamlParser}), other files merged into the tree
 * ({@link Imports}), an environment laid over it ({@link Environments}), references replaced in it
 * ({@link Interpolator}), tree to records ({@link ProjectReader}). Not thread-safe.
 */
final class ProjectAssembler {

    /** The variable that names the environment when nothing else does. */
    private static final String ENVIRONMENT = "TARN_ENV";

    private final Path file;
    private final Path directory;
    private final Map<String, String> variables;
    private final Redaction redaction;
    private final ZonedDateTime now;
    private final Problems problems;
    private final ExpansionBudget budget = new ExpansionBudget();

    /**
     * @param file the main file as the user typed it
     * @param directory its folder
     */
    ProjectAssembler(
            Path file,
            Path directory,
            Map<String, String> variables,
            Redaction redaction,
            ZonedDateTime now,
            Problems problems) {
        this.file = file;
        this.directory = directory;
        this.variables = variables;
        this.redaction = redaction;
        this.now = now;
        this.problems = problems;
    }

    /** The project whose main file is {@code source}; empty when that is not even a mapping. */
    Optional<Project> assemble(SourceFile source, Optional<String> environment) {
        Optional<String> name = environment.or(this::environmentOfVariables);
        return layers(source, name).map(layers -> read(merged(layers, name), name.orElse(""), source.start()));
    }

    /** The services that the file declares, whatever else is wrong with it. */
    List<ServiceDeclaration> services(SourceFile source, Optional<String> environment) {
        Optional<String> name = environment.or(this::environmentOfVariables);
        return layers(source, name)
                .map(layers -> services(merged(layers, name)))
                .orElse(List.of());
    }

    private List<ServiceDeclaration> services(Yaml.Mapping root) {
        Interpolator interpolator = interpolator(vars(root), scopes(root));
        interpolator.resolveVars();
        Map<String, Yaml.Entry> entries = new LinkedHashMap<>(root.entries());
        entries.keySet().retainAll(List.of(ServicesReader.KEY));
        Yaml.Mapping only = resolved(new Yaml.Mapping(root.span(), entries), interpolator);
        new SecretPlaces(problems).check(only);
        return new ServicesReader(problems)
                .read(new MappingReader(only, Model.PROJECT, "the project", root.span(), problems));
    }

    /**
     * What the file says and where.
     *
     * @param dotEnv the variables of the file .env
     */
    Optional<Configuration> configuration(
            SourceFile source, Optional<String> environment, Map<String, String> dotEnv, Map<String, String> process) {
        Optional<String> name = environment.or(this::environmentOfVariables);
        return layers(source, name).map(layers -> {
            Yaml.Mapping all = merged(layers, name);
            Map<String, Yaml.Entry> entries = new LinkedHashMap<>(all.entries());
            entries.keySet().removeAll(List.of(Imports.KEY, Environments.KEY));
            Yaml.Mapping merged = new Yaml.Mapping(all.span(), entries);
            Interpolator interpolator = interpolator(vars(merged), scopes(merged));
            interpolator.resolveVars();
            return new ConfigurationReader(layers, new References(process, dotEnv, vars(merged)))
                    .read(merged, resolved(merged, interpolator), name.orElse(""));
        });
    }

    private Optional<ProjectLayers> layers(SourceFile source, Optional<String> environment) {
        boolean hadErrors = problems.hasErrors();
        Optional<Yaml> tree = new YamlParser(source, budget, problems).parse();
        if (tree.isPresent() && tree.get() instanceof Yaml.Mapping root) {
            Yaml.Mapping imported =
                    new Imports(interpolator(noVars(root), Set.of()), budget, problems).merge(root, file);
            return Optional.of(environments().layers(imported, environment, root.span()));
        }
        if (tree.isPresent() || problems.hasErrors() == hadErrors) {
            notAProject(tree.map(Yaml::span).orElse(source.start()));
        }
        return Optional.empty();
    }

    private void notAProject(SourceSpan span) {
        problems.error(
                ProblemCode.MISSING_KEY,
                span,
                "the file declares no project",
                "a project has the keys project, connections and pipelines");
    }

    private Yaml.Mapping merged(ProjectLayers layers, Optional<String> environment) {
        return environments().apply(layers, environment);
    }

    private Environments environments() {
        return new Environments(file, directory, budget, problems);
    }

    private Optional<String> environmentOfVariables() {
        return Optional.ofNullable(variables.get(ENVIRONMENT)).filter(name -> !name.isEmpty());
    }

    private Project read(Yaml.Mapping root, String environment, SourceSpan start) {
        Interpolator interpolator = interpolator(vars(root), scopes(root));
        interpolator.resolveVars();
        Yaml.Mapping resolved = resolved(root, interpolator);
        new SecretPlaces(problems).check(resolved);
        return new ProjectReader(directory, environment, new SqlFiles(interpolator, problems), problems)
                .read(resolved, start);
    }

    private Interpolator interpolator(Yaml.Mapping vars, Set<String> scopes) {
        return new Interpolator(variables, redaction, scopes, now, vars, budget, problems);
    }

    /** The names that are declared, right or wrong. */
    private static Set<String> scopes(Yaml.Mapping root) {
        Yaml.Entry secrets = root.entries().get(SecretsReader.KEY);
        return secrets != null && secrets.value() instanceof Yaml.Mapping mapping
                ? mapping.entries().keySet()
                : Set.of();
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
        Map<String, Yaml.Entry> entries = new LinkedHashMap<>(root.entries());
        entries.replaceAll((key, entry) -> Model.PROJECT.resolves(key)
                ? new Yaml.Entry(key, entry.keySpan(), interpolator.resolve(entry.value()))
                : entry);
        return new Yaml.Mapping(root.span(), entries);
    }
}
