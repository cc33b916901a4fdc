package dev.tarn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How long a user waits for short commands: whole processes through the launcher, warm (built, fast start prepared), in
 * turns. The bars are those that the design promises.
 */
public final class StartBench {

    private static final int ROUNDS = 15;
    private static final int NODES = 100;
    private static final long SECONDS_ALLOWED = 60;

    private final Path folder;
    private final List<Case> cases;

    /** One command and the milliseconds that it may take. */
    private record Case(String name, long bar, List<String> command) {}

    private StartBench(Path folder, List<Case> cases) {
        this.folder = folder;
        this.cases = cases;
    }

    /** Prints a table of medians; the arguments are the launcher and the folder of the flights example. */
    public static void main(String[] args) throws Exception {
        String tarn = Path.of(args[0]).toAbsolutePath().toString();
        Path folder = Files.createTempDirectory("tarn-bench");
        try {
            Path flights = PipelineBench.copy(Path.of(args[1]).toAbsolutePath().normalize(), folder.resolve("flights"));
            Path untold = PipelineBench.copy(flights, folder.resolve("untold"));
            Files.writeString(
                    untold.resolve("tarn.yaml"), "\nstory: {auto_generate: false}\n", StandardOpenOption.APPEND);
            Path many = folder.resolve("many");
            manyNodes(many);
            new StartBench(
                            folder,
                            List.of(
                                    new Case("tarn --version", 200, List.of(tarn, "--version")),
                                    new Case(
                                            "tarn validate, " + NODES + " nodes",
                                            400,
                                            List.of(tarn, "validate", many.toString())),
                                    new Case(
                                            "tarn run examples/flights",
                                            2500,
                                            List.of(tarn, "run", flights.toString())),
                                    new Case(
                                            "the same without a story", 2450, List.of(tarn, "run", untold.toString()))))
                    .run();
        } finally {
            PipelineBench.delete(folder);
        }
    }

    private void run() throws IOException, InterruptedException {
        Map<Case, List<Double>> times = new LinkedHashMap<>();
        for (Case each : cases) {
            milliseconds(each);
            times.put(each, new ArrayList<>());
        }
        for (int i = 0; i < ROUNDS; i++) {
            for (Case each : cases) {
                Objects.requireNonNull(times.get(each)).add(milliseconds(each));
            }
        }
        Measurement.print(
                "%-28s %8s %10s %10s%n", "start (medians of " + ROUNDS + ")", "bar ms", "median ms", "least ms");
        times.forEach((each, all) -> {
            double median = Measurement.median(all);
            double least = all.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
            String verdict = median <= each.bar() ? "" : "  above the bar";
            Measurement.print("%-28s %,8d %,10.0f %,10.0f%s%n", each.name(), each.bar(), median, least, verdict);
        });
    }

    private double milliseconds(Case each) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(each.command())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(SECONDS_ALLOWED, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(each.name() + " failed: " + Files.readString(output));
            }
            return (System.nanoTime() - start) / 1e6;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Ten layers of ten nodes; each but those of the first reads a node, a table, has two steps, two checks and a write. */
    private static void manyNodes(Path project) throws IOException {
        StringBuilder yaml = new StringBuilder("""
                project: many
                connections:
                  here: {type: local, base_path: .}
                  lake: {type: local, base_path: lake}
                pipelines:
                  - pipeline: p
                    nodes:
                """);
        for (int i = 0; i < NODES; i++) {
            String node = i < 10 ? """
                    - name: n%1$d
                      read: {connection: here, format: csv, path: in.csv}
                      write: {connection: lake, format: delta, table: t%1$d}
                    """ : """
                    - name: n%1$d
                      inputs: {a: $p.n%2$d, b: {connection: lake, format: delta, table: t%3$d}}
                      transform:
                        steps:
                          - select a.id, b.amount + %1$d as amount, a.name from a join b using (id) where a.amount > %1$d
                          - select id, sum(amount) as amount, any_value(name) as name from df group by id
                      validation: {tests: [{type: not_null, columns: [id]}, {type: range, column: amount, min: 0}]}
                      write: {connection: lake, format: delta, table: t%1$d}
                    """;
            yaml.append(node.formatted(i, i - 10, i - 9 - i % 10).indent(6));
        }
        Files.createDirectories(project);
        Files.writeString(project.resolve("in.csv"), "id,amount,name\n1,2,x\n");
        Files.writeString(project.resolve("tarn.yaml"), yaml);
    }
}
