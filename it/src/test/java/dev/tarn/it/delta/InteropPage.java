package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page of the documentation that says who can do what with whose tables, made from a run. */
final class InteropPage {
    private static final String YES = "yes";
    private static final Pattern LIST = Pattern.compile("\\[(\\w+(?:, \\w+)+)]");
    private static final String NOTHING = "–";

    private final Map<String, Map<String, String>> cells = new LinkedHashMap<>();
    private final List<String> columns = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> sections = new ArrayList<>();

    /** A cell that the run proved. */
    void proved(String row, String column) {
        cell(row, column, YES);
    }

    /** A cell that the run proved, but for some operations that the writer refused, each with its words. */
    void proved(String row, String column, String who, Map<String, String> refused) {
        if (refused.isEmpty()) {
            proved(row, column);
            return;
        }
        String numbers = refused.values().stream()
                .map(message -> note(who, message))
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", "[", "]"));
        cell(row, column, "yes, but no " + String.join(", ", refused.keySet()) + " " + numbers);
    }

    /** A cell in which somebody refused, with its own words. */
    void refused(String row, String column, String who, String message) {
        cell(row, column, "no [" + note(who, message) + "]");
    }

    private int note(String who, String message) {
        String note = who + ": `" + message.replace("`", "'") + "`";
        if (!notes.contains(note)) {
            notes.add(note);
        }
        return notes.indexOf(note) + 1;
    }

    /** A cell for which there is nothing to ask. */
    void absent(String row, String column) {
        cell(row, column, NOTHING);
    }

    private void cell(String row, String column, String text) {
        if (!columns.contains(column)) {
            columns.add(column);
        }
        cells.computeIfAbsent(row, each -> new LinkedHashMap<>()).put(column, text);
    }

    void section(String text) {
        sections.add(text);
    }

    /** A part of the page that has a run of its own: its heading, and what comes before its table. */
    enum Part {
        UPKEEP("## Maintenance, schema and constraints", """
            The same for work that is no write of rows, each time with a write that shows it. Columns are renamed and dropped with
            column mapping by name, types widened with type widening; a constraint must refuse rows of the one who added it.
            """),
        FILES("## Tables with features of files and the log", """
            Here "writes" means to make a table with the feature on and 24 rows, and to merge into it. "X after Y" means that X
            appends to and deletes from the table that Y left; Tarn does so as well as update, merge and optimize it, and, as the
            first, also deletes and replaces partitions, moves rows to another one and writes a checkpoint. Where a table takes Spark's
            CREATE TABLE, Spark 4.1 made it for Tarn and delta-rs. "yes, but no ..." names the operations that the writer refused;
            nothing was written by them.
            """),
        COLUMNS("## Tables with features of columns", """
            As above. Each writer that writes at all was also given rows that break the constraint, and refused them.
            """);

        private final String heading;
        private final String introduction;

        Part(String heading, String introduction) {
            this.heading = heading;
            this.introduction = introduction;
        }
    }

    private static final String INTRODUCTION = """
        # Delta tables: who reads and writes what

        Made by a test from its run, with Spark 4.1.3 and Delta 4.4.0, Spark 3.5.7 and Delta 3.2.1, delta-rs 1.6.6 and Delta
        Kernel 4.4.0. Each `yes` means that the rows were compared value for value with the rows that DuckDB computes for the same
        operation. In each row a table of 24 rows in four partitions is made by one writer, changed by the same or another, and
        read.

        """;

    private String text() {
        return INTRODUCTION
                + table()
                + String.join(
                        "",
                        sections.stream()
                                .map(text -> "\n" + text.strip() + "\n")
                                .toList());
    }

    private String table() {
        StringBuilder page = new StringBuilder();
        page.append("| operation | ").append(String.join(" | ", columns)).append(" |\n");
        page.append("|---|").append("---|".repeat(columns.size())).append('\n');
        cells.forEach((row, texts) -> {
            page.append("| ").append(row);
            columns.forEach(column -> page.append(" | ").append(texts.getOrDefault(column, NOTHING)));
            page.append(" |\n");
        });
        page.append("\n– means that the reader or writer offers no such thing.\n");
        for (int i = 0; i < notes.size(); i++) {
            page.append(i == 0 ? "\n" : "")
                    .append(i + 1)
                    .append(". ")
                    .append(notes.get(i))
                    .append('\n');
        }
        return page.toString();
    }

    /** Fails when the page in the documentation is not this one; with {@code -Dtarn.record} it becomes this one. */
    void check(Path file) throws IOException {
        String now = Files.exists(file) ? Files.readString(file) : "";
        int parts = now.indexOf("\n" + Part.UPKEEP.heading);
        check(file, text() + (parts < 0 ? "" : now.substring(parts)));
    }

    /** The same for a part of the page. */
    void check(Part part, Path file) throws IOException {
        String now = Files.exists(file) ? Files.readString(file) : "";
        int start = now.indexOf("\n" + part.heading);
        int end = start < 0 ? -1 : now.indexOf("\n## ", start + 1);
        String table = part == Part.UPKEEP ? table() : table().replaceFirst("^\\| operation", "| feature");
        check(
                file,
                (start < 0 ? now : now.substring(0, start)) + "\n" + part.heading + "\n\n" + part.introduction + "\n"
                        + table + (end < 0 ? "" : now.substring(end)));
    }

    private static void check(Path file, String text) throws IOException {
        if (Boolean.getBoolean("tarn.record")) {
            Files.writeString(file, text);
        }
        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as("%s is made by this test: run it with -Dtarn.record=true and look at what changed", file)
                .isEqualTo(text);
    }

    /** The first line of a refusal that says something, without what differs from run to run. */
    static String message(Exception refusal, Path table) {
        String text = String.valueOf(refusal.getMessage());
        return text.replace(table.toString(), "TABLE")
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID")
                .replaceAll("TABLE(/t\\d+)?/[^' ]*\\.parquet", "TABLE/FILE")
                // Where in a statement depends on how long the table's path is.
                .replaceAll("\\(line \\d+, pos \\d+\\)", "")
                .lines()
                .dropWhile(String::isBlank)
                .findFirst()
                .map(InteropPage::sorted)
                .orElse("")
                .strip();
    }

    /** With lists such as {@code [TypeWidening, VacuumProtocolCheck]} in the order of names: delta-rs has none. */
    private static String sorted(String line) {
        return LIST.matcher(line)
                .replaceAll(list -> Matcher.quoteReplacement(
                        Arrays.stream(list.group(1).split(", ")).sorted().collect(Collectors.joining(", ", "[", "]"))));
    }
}
