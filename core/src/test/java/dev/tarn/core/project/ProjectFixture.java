package dev.tarn.core.project;

import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Loads YAML texts as project files of a folder, on 2024-03-15 at 10:20:30. */
final class ProjectFixture {

    static final Clock CLOCK = Clock.fixed(Instant.parse("2024-03-15T10:20:30Z"), ZoneOffset.UTC);

    private static final String AROUND = """
            project: p
            connections:
              data: {type: local, base_path: data}
            pipelines:
              - pipeline: main
                nodes:
            """;

    private final Path folder;
    private final Map<String, String> environment;

    ProjectFixture(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    ProjectFixture(Path folder) {
        this(folder, Map.of());
    }

    /** A project of one pipeline with these nodes; the first node is in line 7. */
    static String withNodes(String nodes) {
        return AROUND + nodes.indent(6);
    }

    /**
     * What is loaded from a file, and the problems as {@code severity line:column message [help]}; before the line
     * stands the file where it is another one.
     */
    record Loaded(Path file, Project project, List<Problem> problems) {

        List<String> messages() {
            return problems.stream().map(this::message).toList();
        }

        Node node() {
            return project.pipelines().get(0).nodes().get(0);
        }

        private String message(Problem p) {
            String severity = p.severity().name().toLowerCase(Locale.ROOT);
            return severity + " " + p.code() + " " + place(p) + p.span().line() + ":"
                    + p.span().column() + " " + p.message()
                    + p.help().map(h -> " [" + h + "]").orElse("");
        }

        private String place(Problem p) {
            Path shown = Path.of(p.span().file().name());
            boolean main = shown.equals(file) || (Files.isDirectory(file) && file.equals(shown.getParent()));
            return main ? "" : shown.getFileName() + ":";
        }
    }

    Loaded load(String yaml) {
        return load(yaml.getBytes(StandardCharsets.UTF_8));
    }

    Loaded load(byte[] yaml) {
        try {
            Files.write(folder.resolve("tarn.yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return load(folder.resolve("tarn.yaml"));
    }

    Loaded load(Path file) {
        Problems problems = new Problems();
        Project project = new ProjectLoader(environment, CLOCK).load(file, problems);
        return new Loaded(file, project, problems.all());
    }

    /** The file {@code tarn.yaml} of the folder in an environment. */
    Loaded loadIn(String name) {
        Problems problems = new Problems();
        Project project =
                new ProjectLoader(environment, CLOCK).load(folder.resolve("tarn.yaml"), Optional.of(name), problems);
        return new Loaded(folder.resolve("tarn.yaml"), project, problems.all());
    }

    void write(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
