package dev.tarn.core.project;

import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code logging} of a project and {@code log_level} of a node. */
final class LoggingReader {

    /** ODIBI has Python's names; nobody should have to care about upper and lower case here. */
    static final Choices<LogLevel> LEVELS = new Choices<>("log level", levels(), Set.of());

    private static final Choices<Boolean> FORMATS = new Choices<>("log format", formats(), Set.of());

    private final Problems problems;

    LoggingReader(Problems problems) {
        this.problems = problems;
    }

    private static Map<String, LogLevel> levels() {
        Map<String, LogLevel> levels = new LinkedHashMap<>();
        levels.put("debug", LogLevel.DEBUG);
        levels.put("info", LogLevel.INFO);
        levels.put("warn", LogLevel.WARN);
        levels.put("error", LogLevel.ERROR);
        levels.put("DEBUG", LogLevel.DEBUG);
        levels.put("INFO", LogLevel.INFO);
        levels.put("WARNING", LogLevel.WARN);
        levels.put("ERROR", LogLevel.ERROR);
        levels.put("CRITICAL", LogLevel.ERROR);
        return levels;
    }

    private static Map<String, Boolean> formats() {
        Map<String, Boolean> formats = new LinkedHashMap<>();
        formats.put("text", false);
        formats.put("json", true);
        return formats;
    }

    Logging read(MappingReader in) {
        Optional<LogLevel> level = in.choice("level", LEVELS);
        in.exclusive("format", "structured");
        Optional<Boolean> format = in.choice("format", FORMATS);
        boolean structured = in.flag("structured", false);
        Optional<Boolean> json = in.has("structured") ? Optional.of(structured) : format;
        Map<String, String> metadata =
                in.mapping("metadata").map(m -> metadata(m.entries())).orElse(Map.of());
        in.finish();
        return new Logging(level, json, metadata);
    }

    private Map<String, String> metadata(List<Yaml.Entry> entries) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Yaml.Entry entry : entries) {
            if (entry.value() instanceof Yaml.Scalar scalar) {
                metadata.put(entry.key(), scalar.text().text());
            } else if (!(entry.value() instanceof Yaml.Unresolved)) {
                String message = "'" + entry.key() + "' takes a single value, not "
                        + entry.value().kind();
                problems.error(ProblemCode.WRONG_TYPE, entry.value().span(), message);
            }
        }
        return metadata;
    }
}
