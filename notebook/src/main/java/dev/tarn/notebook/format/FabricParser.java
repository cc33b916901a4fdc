package dev.tarn.notebook.format;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import dev.tarn.notebook.json.JsonException;
import dev.tarn.notebook.json.JsonNode;
import dev.tarn.notebook.json.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses source files of Fabric's git integration. What Fabric would not write but reads is read: other line ends, a byte
 * order mark, more or fewer blank lines, cells without metadata, a missing end of the last line.
 */
final class FabricParser {

    private static final Pattern HEADER = Pattern.compile("\uFEFF?(#|--|//) Fabric notebook source\\s*");

    private final SourceFile file;
    private final MappedText text;
    private final Problems problems;
    private final String comment;
    private final List<Line> lines;
    private final List<Cell> cells = new ArrayList<>();
    private Optional<JsonNode> metadata = Optional.empty();

    /** A line by its places in the text, without its end. */
    private record Line(int start, int end) {}

    private FabricParser(SourceFile file, String comment, Problems problems) {
        this.file = file;
        this.text = MappedText.of(file);
        this.problems = problems;
        this.comment = comment;
        this.lines = lines(file.text());
    }

    /** How comments begin in the file, if it is one of these at all: its first line says so. */
    static Optional<String> comment(String text) {
        int end = text.indexOf('\n');
        Matcher header = HEADER.matcher(end < 0 ? text : text.substring(0, end));
        return header.matches() ? Optional.of(header.group(1)) : Optional.empty();
    }

    static Notebook parse(SourceFile file, String comment, Problems problems) {
        return new FabricParser(file, comment, problems).parse();
    }

    private Notebook parse() {
        int at = nextMarker(1);
        warnOfText(1, at);
        boolean first = true;
        while (at < lines.size()) {
            Marker marker = Marker.of(content(lines.get(at)), comment).orElseThrow();
            int next = nextMarker(at + 1);
            block(marker, at + 1, next, first);
            first = false;
            at = next;
        }
        return new Notebook(file, NotebookForm.FABRIC, comment, metadata, cells);
    }

    private void block(Marker marker, int from, int to, boolean first) {
        switch (marker) {
            case METADATA -> metadata(from, to, first);
            case MARKDOWN -> add(CellKind.MARKDOWN, false, source(from, to, comment + " ", comment));
            case CELL -> add(CellKind.CODE, false, code(from, to));
            case PARAMETERS -> add(CellKind.CODE, true, code(from, to));
            case ATTACHMENTS -> attachments(from, to);
        }
    }

    private void add(CellKind kind, boolean parameters, MappedText source) {
        cells.add(new Cell(cells.size() + 1, kind, parameters, source, Optional.empty(), List.of()));
    }

    private MappedText code(int from, int to) {
        for (int i = from; i < to; i++) {
            if (Marker.isAlike(content(lines.get(i)))) {
                problems.note(
                        ProblemCode.NOTEBOOK_NOTE,
                        span(i),
                        "this line looks like the beginning of a cell but belongs to the cell above",
                        "a cell begins with exactly '" + Marker.CELL.line(comment) + "'");
            }
        }
        return source(from, to, comment + " MAGIC ", comment + " MAGIC");
    }

    /** The lines between two markers, without the blank line after the first and the one before the second. */
    private MappedText source(int from, int to, String prefix, String bare) {
        int first = from < to && isBlank(from) ? from + 1 : from;
        int last = to < lines.size() && to > first && isBlank(to - 1) ? to - 1 : to;
        MappedText.Builder out = new MappedText.Builder(text);
        for (int i = first; i < last; i++) {
            Line line = lines.get(i);
            String content = content(line);
            int skip = content.startsWith(prefix) ? prefix.length() : content.equals(bare) ? bare.length() : 0;
            out.keep(line.start() + skip, line.end());
            if (i + 1 < last) {
                out.replace(line.end(), "\n");
            }
        }
        return ending(out.build(), lines.get(Math.max(first, last) - 1).end());
    }

    /** The same, whose end is that of its last line. */
    private MappedText ending(MappedText source, int end) {
        int[] origins = new int[source.text().length() + 1];
        for (int i = 0; i < source.text().length(); i++) {
            origins[i] = source.origin(i);
        }
        origins[source.text().length()] = end;
        return new MappedText(file, source.text(), origins);
    }

    private void metadata(int from, int to, boolean first) {
        Optional<JsonNode> json = json(from, to, "META");
        if (first && cells.isEmpty()) {
            metadata = json;
            return;
        }
        Cell last = cells.isEmpty() ? null : cells.get(cells.size() - 1);
        if (last == null || last.metadata().isPresent()) {
            problems.warning(
                    ProblemCode.NOTEBOOK_SYNTAX,
                    span(from - 1),
                    "this metadata belongs to no cell",
                    "each cell has at most one METADATA block after it");
            return;
        }
        Optional<Map<String, Object>> plain = json.map(FabricParser::plain);
        boolean tagged = json.flatMap(node -> node.at("tags")).stream()
                .flatMap(tags -> tags.items().stream())
                .anyMatch(tag -> tag.mapped().map(MappedText::text).equals(Optional.of("parameters")));
        if (tagged && !last.parameters()) {
            problems.warning(
                    ProblemCode.NOTEBOOK_NOTE,
                    json.orElseThrow().at("tags").orElseThrow().span(),
                    "the tag 'parameters' makes no parameters cell in a source file",
                    "begin the cell with '" + Marker.PARAMETERS.line(comment) + "'");
        }
        replaceLast(new Cell(last.number(), last.kind(), last.parameters(), last.source(), plain, last.attachments()));
    }

    private void attachments(int from, int to) {
        if (cells.isEmpty()) {
            return;
        }
        Cell last = cells.get(cells.size() - 1);
        List<Map<String, Object>> all = new ArrayList<>(last.attachments());
        for (int i = from; i < to; i++) {
            if (content(lines.get(i)).startsWith(comment + " ATTA ")) {
                json(i, i + 1, "ATTA").map(FabricParser::plain).ifPresent(all::add);
            }
        }
        replaceLast(new Cell(last.number(), last.kind(), last.parameters(), last.source(), last.metadata(), all));
    }

    private void replaceLast(Cell cell) {
        cells.set(cells.size() - 1, cell);
    }

    @SuppressWarnings("unchecked") // Asked of objects only.
    static Map<String, Object> plain(JsonNode node) {
        return node.plain() instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** The JSON in the lines with this word; the other lines must be blank. */
    private Optional<JsonNode> json(int from, int to, String word) {
        MappedText.Builder out = new MappedText.Builder(text);
        String prefix = comment + " " + word;
        for (int i = from; i < to; i++) {
            Line line = lines.get(i);
            if (content(line).startsWith(prefix)) {
                out.keep(Math.min(line.start() + prefix.length() + 1, line.end()), line.end())
                        .replace(line.end(), "\n");
            } else if (!isBlank(i)) {
                problems.error(
                        ProblemCode.NOTEBOOK_SYNTAX,
                        span(i),
                        "this line stands among metadata but is none",
                        "lines of metadata begin with '" + prefix + " ', cells with '" + Marker.CELL.line(comment)
                                + "'");
            }
        }
        MappedText json = ending(
                out.build(),
                lines.get(Math.max(from, lastOf(from, to, prefix)) - 1).end());
        try {
            return json.text().isBlank() ? Optional.empty() : Optional.of(JsonParser.parse(json));
        } catch (JsonException e) {
            problems.error(
                    ProblemCode.NOTEBOOK_SYNTAX,
                    e.span(),
                    "the metadata are not valid JSON: " + e.getMessage(),
                    "all '" + prefix + "' lines of the block together are one JSON object");
            return Optional.empty();
        }
    }

    /** The index after the last line with this prefix. */
    private int lastOf(int from, int to, String prefix) {
        int last = to;
        while (last > from && !content(lines.get(last - 1)).startsWith(prefix)) {
            last--;
        }
        return last;
    }

    private void warnOfText(int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isBlank(i)) {
                problems.warning(
                        ProblemCode.NOTEBOOK_SYNTAX,
                        span(i),
                        "text before the first cell belongs to no cell and is not run",
                        "begin a cell with '" + Marker.CELL.line(comment) + "'");
                return;
            }
        }
    }

    private int nextMarker(int from) {
        int at = from;
        while (at < lines.size() && Marker.of(content(lines.get(at)), comment).isEmpty()) {
            at++;
        }
        return Math.min(at, lines.size());
    }

    private boolean isBlank(int line) {
        return content(lines.get(line)).isBlank();
    }

    private String content(Line line) {
        return file.text().substring(line.start(), line.end());
    }

    private SourceSpan span(int line) {
        Line found = lines.get(line);
        return file.spanAt(
                found.start(), Math.max(1, content(found).stripTrailing().length()));
    }

    /** All lines; after a last line that is ended there is none. */
    private static List<Line> lines(String text) {
        List<Line> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            int next = end < 0 ? text.length() : end + 1;
            int stop = end < 0 ? text.length() : end;
            lines.add(new Line(start, stop > start && text.charAt(stop - 1) == '\r' ? stop - 1 : stop));
            start = next;
        }
        return lines;
    }
}
