package dev.tarn.core.project;

import dev.tarn.core.connection.Redaction;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceFileLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads a project from its YAML file and reports every problem in one pass.
 *
 * <p>Finds the files and variables here; {@link ProjectAssembler} makes the project of them.
 */
public final class ProjectLoader {

    private static final List<String> FILE_NAMES = List.of("tarn.yaml", "tarn.yml", "odibi.yaml", "odibi.yml");

    private final Map<String, String> variables;
    private final Clock clock;
    private final Redaction redaction;

    /**
     * @param variables what {@code ${env:X}} refers to; the file {@code .env} beside a project file adds others
     * @param clock what {@code ${date:...}} refers to, in UTC
     */
    public ProjectLoader(Map<String, String> variables, Clock clock) {
        this(variables, clock, new Redaction());
    }

    /**
     * The same.
     *
     * @param redaction learns of the values of {@code ${env:X}} whose names are those of secrets
     */
    public ProjectLoader(Map<String, String> variables, Clock clock, Redaction redaction) {
        this.variables = Map.copyOf(variables);
        this.clock = clock;
        this.redaction = redaction;
    }

    /** All variables of a project: those of the process win over those of the file {@code .env}. */
    public Map<String, String> variables(Path file) {
        Problems unread = new Problems();
        Map<String, String> known =
                new HashMap<>(new DotEnv(unread).read(find(file, unread).orElse(file)));
        known.putAll(variables);
        return known;
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
                .flatMap(source -> assembler(path, problems).assemble(source, environment))
                .orElseGet(() -> empty(unread, path));
    }

    /**
     * What the project says once everything is merged and replaced, without a look at what it means. Empty if it cannot
     * be read; with errors among the problems values may be missing.
     *
     * @param environment its name; {@code TARN_ENV} when absent
     */
    public Optional<Configuration> configuration(Path file, Optional<String> environment, Problems problems) {
        Optional<Path> projectFile = find(file, problems);
        Path path = projectFile.orElse(file);
        Map<String, String> dotEnv = new DotEnv(problems).read(path);
        return projectFile
                .flatMap(p -> new SourceFileLoader(problems)
                        .load(p, p.toString(), new SourceFile(path.toString(), "").start()))
                .flatMap(source ->
                        assembler(path, dotEnv, problems).configuration(source, environment, dotEnv, variables));
    }

    /**
     * The services that a project declares; none if the folder has no project file. Nothing else of the project is looked
     * at.
     *
     * @param environment its name; {@code TARN_ENV} when absent
     */
    public List<ServiceDeclaration> services(Path file, Optional<String> environment, Problems problems) {
        if (Files.isDirectory(file) && FILE_NAMES.stream().noneMatch(name -> Files.exists(file.resolve(name)))) {
            return List.of();
        }
        return find(file, problems)
                .flatMap(path -> new SourceFileLoader(problems)
                        .load(path, path.toString(), new SourceFile(path.toString(), "").start())
                        .map(source -> assembler(path, problems).services(source, environment)))
                .orElse(List.of());
    }

    /** What a key that a project does not have counts as; empty if there is no such key, or that goes without saying. */
    public static Optional<Configuration.Setting> byDefault(String key) {
        return ConfigurationReader.byDefault(key);
    }

    private ProjectAssembler assembler(Path path, Problems problems) {
        return assembler(path, new DotEnv(problems).read(path), problems);
    }

    private ProjectAssembler assembler(Path path, Map<String, String> dotEnv, Problems problems) {
        Map<String, String> known = new HashMap<>(dotEnv);
        known.putAll(variables);
        return new ProjectAssembler(
                path, directory(path), known, redaction, clock.instant().atZone(ZoneOffset.UTC), problems);
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

    private static Project empty(SourceFile source, Path path) {
        return new Project(
                "",
                "",
                "",
                "",
                ProjectReader.ENGINE,
                "",
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
