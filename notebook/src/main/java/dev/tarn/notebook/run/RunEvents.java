package dev.tarn.notebook.run;

import dev.tarn.core.source.SourceSpan;
import dev.tarn.notebook.format.Cell;
import dev.tarn.notebook.format.Notebook;
import dev.tarn.notebook.json.JsonNode;
import dev.tarn.notebook.json.JsonNumber;
import dev.tarn.notebook.run.CellResult.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes a result of what the kernel tells, and passes it on while it happens. */
final class RunEvents {

    private final NotebookRunner.Notebooks notebooks;
    private final RunListener listener;
    private final List<CellResult> finished = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    /** The outputs of the cells at work, the innermost last. */
    private final Deque<List<Map<String, Object>>> outputs = new ArrayDeque<>();

    RunEvents(NotebookRunner.Notebooks notebooks, RunListener listener) {
        this.notebooks = notebooks;
        this.listener = listener;
    }

    void started(JsonNode event) {
        outputs.addLast(new ArrayList<>());
        Notebook notebook = notebooks.get(number(event, "notebook"));
        listener.started(notebook, cell(notebook, number(event, "cell")), depth(event));
    }

    void printed(String stream, String text) {
        List<Map<String, Object>> here = outputs.isEmpty() ? new ArrayList<>() : outputs.getFirst();
        Map<String, Object> last = here.isEmpty() ? Map.of() : here.get(here.size() - 1);
        if (stream.equals(last.get("name"))) {
            last.put("text", last.get("text") + text);
        } else {
            Map<String, Object> output = new LinkedHashMap<>();
            output.put("name", stream);
            output.put("output_type", "stream");
            output.put("text", text);
            here.add(output);
        }
        listener.printed(stream, text);
    }

    void shown(JsonNode event) {
        Map<String, Object> data = new LinkedHashMap<>();
        event.at("data").ifPresent(d -> d.members().forEach((kind, text) -> data.put(kind, text.plain())));
        Map<String, Object> output = new LinkedHashMap<>();
        output.put("data", data);
        output.put("metadata", Map.of());
        output.put("output_type", "display_data");
        if (!outputs.isEmpty()) {
            outputs.getFirst().add(output);
        }
        listener.shown(data);
    }

    void notice(String text) {
        notices.add(text);
        listener.notice(text);
    }

    void finished(JsonNode event) {
        Notebook notebook = notebooks.get(number(event, "notebook"));
        Cell cell = cell(notebook, number(event, "cell"));
        int depth = depth(event);
        List<Map<String, Object>> own = outputs.removeLast();
        Optional<CellFailure> failure =
                event.at("error").filter(JsonNode::isObject).map(this::failure);
        failure.filter(f -> depth == 0).ifPresent(f -> own.add(error(f)));
        CellResult result = new CellResult(
                notebook,
                cell,
                depth,
                Status.valueOf(event.string("status").orElse("error").toUpperCase(Locale.ROOT)),
                seconds(event),
                failure,
                own);
        finished.add(result);
        listener.finished(result);
    }

    private static Map<String, Object> error(CellFailure failure) {
        Map<String, Object> output = new LinkedHashMap<>();
        output.put("ename", failure.type());
        output.put("evalue", failure.message());
        output.put("output_type", "error");
        output.put("traceback", failure.traceback().lines().toList());
        return output;
    }

    NotebookResult ended(JsonNode event) {
        return new NotebookResult(
                finished,
                event.string("value"),
                event.at("error").filter(JsonNode::isObject).map(this::failure),
                notices);
    }

    /** The kernel's process is gone. */
    NotebookResult lost(String why) {
        return new NotebookResult(
                finished,
                Optional.empty(),
                Optional.of(new CellFailure("KernelDied", why, Optional.empty(), why, false)),
                notices);
    }

    private CellFailure failure(JsonNode error) {
        int number = error.at("cell").map(node -> number(error, "cell")).orElse(0);
        Optional<SourceSpan> span = number == 0
                ? Optional.empty()
                : Optional.of(
                        cell(notebooks.get(number(error, "notebook")), number).span(number(error, "line")));
        return new CellFailure(
                error.string("type").orElse(""),
                error.string("message").orElse(""),
                span,
                error.string("traceback").orElse(""),
                error.at("interrupted").map(JsonNode::isTrue).orElse(false));
    }

    private static Cell cell(Notebook notebook, int number) {
        return notebook.cells().get(number - 1);
    }

    static int depth(JsonNode event) {
        return number(event, "depth");
    }

    private static int number(JsonNode event, String name) {
        return (int) decimal(event, name);
    }

    private static double seconds(JsonNode event) {
        return decimal(event, "seconds");
    }

    private static double decimal(JsonNode event, String name) {
        return event.at(name)
                .map(JsonNode::value)
                .filter(JsonNumber.class::isInstance)
                .map(value -> Double.parseDouble(((JsonNumber) value).literal()))
                .orElse(0.0);
    }
}
