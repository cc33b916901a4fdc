package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.source.Names;
import dev.tarn.lake.CheckFinding;
import dev.tarn.lake.CheckReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prints what {@code tarn table check} found. */
public final class CheckText {

    private final Console console;

    public CheckText(Console console) {
        this.console = console;
    }

    /** A line for each finding, what to do about each kind, and one line for all. */
    public void print(CheckReport report) {
        report.repaired().forEach(finding -> print(finding, Style.GOOD, "repaired"));
        Set<String> helps = new LinkedHashSet<>();
        for (CheckFinding finding : report.findings()) {
            print(finding, finding.isDamage() ? Style.ERROR : Style.WARNING, finding.isDamage() ? "error" : "warning");
            helps.add(finding.code().id() + ": " + finding.code().help());
        }
        helps.forEach(help -> console.out().println(console.paint(Style.NOTE, "help") + ": " + help));
        if (!report.findings().isEmpty() || !report.repaired().isEmpty()) {
            console.out().println();
        }
        console.out().println(summary(report));
    }

    private void print(CheckFinding finding, Style style, String word) {
        console.out()
                .println(console.paint(style, word + "[" + finding.code().id() + "]") + ": "
                        + finding.file()
                                .map(file -> "'" + Names.onOneLine(file) + "': ")
                                .orElse("")
                        + Names.onOneLine(finding.message()));
    }

    private static String summary(CheckReport report) {
        long damages = report.findings().stream().filter(CheckFinding::isDamage).count();
        long notes = report.findings().size() - damages;
        String looked = report.version().isPresent()
                ? "; version " + report.version().getAsLong() + ", " + TableText.count(report.files(), "file")
                        + (report.withRows() ? " and their rows" : ", without rows")
                : "";
        String noted = notes == 0 ? "" : ", " + TableText.count(notes, "warning");
        return (damages == 0 ? "the table is healthy" : "the table is damaged: " + TableText.count(damages, "error"))
                + noted
                + looked;
    }

    /** The same as JSON. */
    public void json(Path table, CheckReport report) {
        Map<String, Object> json = Json.answer("tarn/table-check/v1", report.isHealthy() ? "healthy" : "damaged");
        json.put("table", table.toString());
        json.put(
                "version",
                report.version().isPresent() ? (Long) report.version().getAsLong() : null);
        json.put("files", report.files());
        json.put("with_rows", report.withRows());
        json.put("findings", findings(report.findings()));
        json.put("repaired", findings(report.repaired()));
        console.out().println(Json.text(json));
    }

    private static List<Map<String, @Nullable Object>> findings(List<CheckFinding> findings) {
        return findings.stream().map(CheckText::finding).toList();
    }

    private static Map<String, @Nullable Object> finding(CheckFinding finding) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("code", finding.code().id());
        json.put("severity", finding.isDamage() ? "error" : "warning");
        json.put("file", finding.file().orElse(null));
        json.put("message", finding.message());
        json.put("help", finding.code().help());
        json.put("repairable", finding.isRepairable());
        return json;
    }
}
