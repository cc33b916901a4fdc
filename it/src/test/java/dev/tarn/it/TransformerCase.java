package dev.tarn.it;

import dev.tarn.core.project.Node;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.project.TransformStep;
import dev.tarn.core.source.Problems;
import dev.tarn.core.transform.Example;
import dev.tarn.core.transform.TransformCall;
import dev.tarn.core.transform.Transformer;
import dev.tarn.core.transform.Transformers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One use of a transformer with what goes in and what must come out: the documented examples, and those of
 * {@code src/test/cases/transformers}, whose rows are written by hand from what the documentation says.
 */
record TransformerCase(String title, String transformer, Example example) {

    private static final Path CASES = Path.of("src/test/cases/transformers");

    static List<TransformerCase> all() {
        List<TransformerCase> cases = new ArrayList<>();
        for (Transformer transformer : Transformers.all()) {
            cases.add(new TransformerCase(
                    transformer.name() + ", documented", transformer.name(), transformer.example()));
        }
        try (Stream<Path> files = Files.list(CASES)) {
            files.sorted().forEach(file -> cases.addAll(of(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    /** Each case begins with {@code == transformer: title}. */
    private static List<TransformerCase> of(Path file) {
        List<TransformerCase> cases = new ArrayList<>();
        try {
            for (String part : Files.readString(file).split("(?m)^== ", -1)) {
                if (!part.isBlank()) {
                    String heading = part.lines().findFirst().orElseThrow();
                    String name = heading.substring(0, heading.indexOf(':'));
                    cases.add(new TransformerCase(heading, name, Example.parse(part.substring(heading.length() + 1))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    /** The calls of all cases, by their titles, as a project's nodes say them. */
    static Map<String, TransformCall> calls(List<TransformerCase> cases, Path folder) {
        StringBuilder yaml = new StringBuilder("""
                project: cases
                connections: {lake: {type: local, base_path: .}}
                pipelines:
                  - pipeline: p
                    nodes:
                """);
        for (int i = 0; i < cases.size(); i++) {
            yaml.append("      - name: n").append(i).append("\n        transformer: ");
            yaml.append(cases.get(i).transformer()).append('\n');
            String params = cases.get(i).example().params();
            boolean flow = params.strip().startsWith("{");
            yaml.append("        params: ").append(flow ? params.strip() + "\n" : "\n" + params.indent(10));
        }
        try {
            Path file = Files.writeString(folder.resolve("tarn.yaml"), yaml);
            Problems problems = new Problems();
            Project project = new ProjectLoader(Map.of(), Clock.systemUTC()).load(file, problems);
            if (problems.hasErrors()) {
                throw new IllegalStateException(problems.all().toString());
            }
            List<Node> nodes = project.pipelines().get(0).nodes();
            Map<String, TransformCall> calls = new HashMap<>();
            for (int i = 0; i < cases.size(); i++) {
                calls.put(
                        cases.get(i).title(),
                        ((TransformStep) nodes.get(i).steps().get(0)).call());
            }
            return calls;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return title;
    }
}
