package dev.tarn.it.delta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of the documentation that counts what soak runs have checked so far; a run adds to it. */
final class SoakReport {
    private static final String HEAD = """
            # Soak tests of Delta tables

            `make soak` runs these without end, each with new random seeds, and adds to this page after each round; so do the
            numbers of earlier runs stay. A failure stops the run and is told here with its seed.

            | test | rounds | checked | seconds | failures | last |
            |---|---|---|---|---|---|
            """;

    /** What was counted of one test. */
    private record Line(long rounds, long checked, long seconds, long failures, String last) {}

    private final Path file;
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    private SoakReport(Path file) {
        this.file = file;
    }

    static SoakReport of(Path file) throws IOException {
        SoakReport report = new SoakReport(file);
        if (Files.exists(file)) {
            Files.readAllLines(file).forEach(report::parse);
        }
        return report;
    }

    private void parse(String line) {
        List<String> cells = List.of(line.split(" *\\| *", -1));
        if (cells.size() == 8 && cells.get(2).matches("\\d+")) {
            lines.put(
                    cells.get(1),
                    new Line(number(cells, 2), number(cells, 3), number(cells, 4), number(cells, 5), cells.get(6)));
        } else if (line.startsWith("- ")) {
            failures.add(line);
        }
    }

    private static long number(List<String> cells, int index) {
        return Long.parseLong(cells.get(index));
    }

    void add(String test, long checked, long nanos) throws IOException {
        count(test, checked, nanos, 0);
    }

    void fail(String test, long seed, long nanos, Throwable failure) throws IOException {
        String first =
                String.valueOf(failure.getMessage()).strip().lines().findFirst().orElse("");
        failures.add("- " + LocalDate.now(ZoneOffset.UTC) + ", " + test + ", seed " + seed + ": " + first);
        count(test, 0, nanos, 1);
    }

    private void count(String test, long checked, long nanos, long failed) throws IOException {
        Line old = lines.getOrDefault(test, new Line(0, 0, 0, 0, ""));
        lines.put(
                test,
                new Line(
                        old.rounds + 1,
                        old.checked + checked,
                        old.seconds + nanos / 1_000_000_000,
                        old.failures + failed,
                        LocalDate.now(ZoneOffset.UTC).toString()));
        write();
    }

    private void write() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        lines.forEach((test, line) -> page.append("| " + test + " | " + line.rounds + " | " + line.checked + " | "
                + line.seconds + " | " + line.failures + " | " + line.last + " |\n"));
        if (!failures.isEmpty()) {
            page.append("\n").append(String.join("\n", failures)).append("\n");
        }
        Path next = file.resolveSibling(".soak.md.tmp");
        Files.writeString(next, page.toString());
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
