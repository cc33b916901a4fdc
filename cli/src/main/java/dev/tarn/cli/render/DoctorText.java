package dev.tarn.cli.render;

import dev.tarn.cli.doctor.Finding;
import dev.tarn.cli.doctor.Finding.Status;
import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.source.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints what {@code tarn doctor} found. */
public final class DoctorText {

    private static final String SCHEMA = "tarn/doctor/v1";

    private final Console console;

    public DoctorText(Console console) {
        this.console = console;
    }

    /** A line for each, and one for all. */
    public void print(List<Finding> findings) {
        int width = findings.stream().mapToInt(f -> f.check().length()).max().orElse(0);
        for (Finding finding : findings) {
            String status = word(finding.status());
            console.out()
                    .println(console.paint(style(finding.status()), status)
                            + " ".repeat("warning".length() - status.length() + 2)
                            + finding.check()
                            + " ".repeat(width - finding.check().length() + 2)
                            + Names.onOneLine(finding.message())
                            + finding.help()
                                    .map(help ->
                                            "; " + console.paint(Style.NOTE, "help") + ": " + Names.onOneLine(help))
                                    .orElse(""));
        }
        console.out().println();
        console.out().println(summary(findings));
    }

    private static String summary(List<Finding> findings) {
        long errors = count(findings, Status.ERROR);
        long warnings = count(findings, Status.WARNING);
        String noted = warnings == 0 ? "" : ", " + warnings + (warnings == 1 ? " warning" : " warnings");
        return (errors == 0 ? "nothing is broken" : errors + (errors == 1 ? " error" : " errors")) + noted;
    }

    private static long count(List<Finding> findings, Status status) {
        return findings.stream().filter(f -> f.status() == status).count();
    }

    /** The same as JSON; its status is the worst of all. */
    public void json(List<Finding> findings, String version) {
        Status worst =
                findings.stream().map(Finding::status).max(Status::compareTo).orElse(Status.OK);
        Map<String, Object> json = Json.answer(SCHEMA, word(worst));
        json.put("tarn", version);
        json.put("checks", findings.stream().map(DoctorText::json).toList());
        console.out().println(Json.text(json));
    }

    private static Map<String, @Nullable Object> json(Finding finding) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("check", finding.check());
        json.put("status", word(finding.status()));
        json.put("message", finding.message());
        json.put("help", finding.help().orElse(null));
        return json;
    }

    private static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static Style style(Status status) {
        return switch (status) {
            case OK -> Style.GOOD;
            case WARNING -> Style.WARNING;
            case ERROR -> Style.ERROR;
        };
    }
}
