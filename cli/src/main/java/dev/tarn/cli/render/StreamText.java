package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints how streams are. */
public final class StreamText {

    private static final String SCHEMA = "tarn/streams/v1";

    private final Console console;

    public StreamText(Console console) {
        this.console = console;
    }

    /** What a stream's process says: progress, on standard error. */
    public void line(String line) {
        console.err().println(line);
    }

    public void failed(String message, String help) {
        console.err().println(console.paint(Style.ERROR, "error") + ": " + message);
        console.err().println(console.paint(Style.NOTE, "help") + ": " + help);
    }

    /** The table, or JSON. */
    public void print(List<Map<String, @Nullable Object>> streams, boolean json) {
        if (json) {
            json(streams);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("stream", "state", "batch", "applied", "waiting", "lag"));
        for (Map<String, @Nullable Object> stream : streams) {
            rows.add(List.of(
                    text(stream.get("name")),
                    text(stream.get("state")),
                    number(stream.get("batch")),
                    number(stream.get("applied")),
                    number(stream.get("waiting")),
                    seconds(stream.get("lag_seconds"))));
        }
        Columns.print(rows, 2, console.out());
        reasons(streams);
    }

    /** Only how far each is behind. */
    public void lag(List<Map<String, @Nullable Object>> streams, boolean json) {
        if (json) {
            json(streams);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("stream", "state", "lag"));
        for (Map<String, @Nullable Object> stream : streams) {
            rows.add(List.of(text(stream.get("name")), text(stream.get("state")), seconds(stream.get("lag_seconds"))));
        }
        Columns.print(rows, 2, console.out());
        reasons(streams);
    }

    /** How the tables stand to their source. */
    public void verified(List<Map<String, @Nullable Object>> tables, boolean json) {
        if (json) {
            boolean equal = tables.stream().allMatch(table -> Boolean.TRUE.equals(table.get("equal")));
            Map<String, Object> answer = Json.answer("tarn/stream-verify/v1", equal ? "ok" : "failed");
            answer.put("tables", tables);
            console.out().println(Json.text(answer));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("stream", "table", "result", "source", "lake"));
        for (Map<String, @Nullable Object> table : tables) {
            rows.add(List.of(
                    text(table.get("stream")),
                    text(table.get("table")),
                    Boolean.TRUE.equals(table.get("equal")) ? "equal" : "different",
                    number(table.get("source_rows")),
                    number(table.get("lake_rows"))));
        }
        Columns.print(rows, 3, console.out());
        for (Map<String, @Nullable Object> table : tables) {
            for (String key : List.of("different", "keys")) {
                if (table.get(key) instanceof List<?> lines) {
                    lines.forEach(line -> console.out().println(table.get("table") + ": " + line));
                }
            }
        }
    }

    private void reasons(List<Map<String, @Nullable Object>> streams) {
        for (Map<String, @Nullable Object> stream : streams) {
            if (stream.get("reason") != null) {
                console.err().println(stream.get("name") + ": " + stream.get("reason"));
            }
            if (stream.get("help") != null) {
                console.err().println(console.paint(Style.NOTE, "help") + ": " + stream.get("help"));
            }
        }
    }

    private void json(List<Map<String, @Nullable Object>> streams) {
        boolean failed = streams.stream().anyMatch(stream -> "failed".equals(stream.get("state")));
        Map<String, Object> answer = Json.answer(SCHEMA, failed ? "failed" : "ok");
        answer.put("streams", streams);
        console.out().println(Json.text(answer));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    private static String number(@Nullable Object value) {
        return value instanceof Number number ? String.format(Locale.ROOT, "%,d", number.longValue()) : "-";
    }

    private static String seconds(@Nullable Object value) {
        return value instanceof Number number ? String.format(Locale.ROOT, "%.1f s", number.doubleValue()) : "-";
    }
}
