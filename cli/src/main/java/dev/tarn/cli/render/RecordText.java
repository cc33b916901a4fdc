package dev.tarn.cli.render;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints records of the log to standard error, each as a line of text or of JSON. Thread-safe. */
public final class RecordText {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Console console;
    private final boolean json;
    private final Map<String, String> metadata;

    /** @param metadata added to each record of JSON */
    public RecordText(Console console, boolean json, Map<String, String> metadata) {
        this.console = console;
        this.json = json;
        this.metadata = metadata;
    }

    /**
     * A record.
     *
     * @param context what it is about: {@code run}, {@code node}
     */
    public record Entry(
            Instant time,
            String level,
            String logger,
            Map<String, String> context,
            String message,
            Map<String, @Nullable Object> values,
            @Nullable Throwable thrown) {}

    public boolean isJson() {
        return json;
    }

    public void print(Entry entry) {
        console.errLine(json ? Json.line(json(entry)) : text(entry));
    }

    private Map<String, @Nullable Object> json(Entry entry) {
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        record.put("time", TIME.format(entry.time()));
        record.put("level", entry.level().toLowerCase(Locale.ROOT));
        record.put("logger", entry.logger());
        record.putAll(entry.context());
        record.put("message", entry.message());
        entry.values().forEach(record::putIfAbsent);
        if (entry.thrown() != null) {
            record.put("exception", trace(entry.thrown()));
        }
        metadata.forEach(record::putIfAbsent);
        return record;
    }

    private static String text(Entry entry) {
        StringBuilder text = new StringBuilder(TIME.format(entry.time()));
        text.append(String.format(Locale.ROOT, " %-5s ", entry.level()));
        String node = entry.context().get("node");
        text.append(node == null ? "" : node + ": ").append(entry.message().replace("\n", "\n  "));
        entry.values()
                .forEach(
                        (key, value) -> text.append(' ').append(key).append('=').append(value));
        return entry.thrown() == null ? text.toString() : text + "\n" + trace(entry.thrown());
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }
}
