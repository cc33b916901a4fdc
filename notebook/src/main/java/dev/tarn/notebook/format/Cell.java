package dev.tarn.notebook.format;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cell with the places of all its characters.
 *
 * @param number from 1, over all kinds of cells
 * @param parameters whether values of a caller are put in after it
 * @param source what its author sees: without the comment signs and {@code MAGIC} of source files, lines ended by LF
 * @param metadata what the file says about it, as plain JSON; empty when it says nothing
 * @param attachments its images, each a plain JSON object, for Markdown
 */
public record Cell(
        int number,
        CellKind kind,
        boolean parameters,
        MappedText source,
        Optional<Map<String, Object>> metadata,
        List<Map<String, Object>> attachments) {

    public Cell {
        attachments = List.copyOf(attachments);
    }

    /** The language that the file names, such as {@code python} or {@code sparksql}; empty when it names none. */
    public Optional<String> declaredLanguage() {
        return metadata.map(m -> m.get("language")).map(Object::toString);
    }

    /** The name of the cell magic that the source begins with: {@code sql} of {@code %%sql}. */
    public Optional<String> magic() {
        String text = source.text().stripLeading();
        if (!text.startsWith("%%")) {
            return Optional.empty();
        }
        int end = 2;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return Optional.of(text.substring(2, end));
    }

    /** Whether the author has locked it against running. */
    public boolean frozen() {
        return metadata.map(m -> Boolean.TRUE.equals(m.get("frozen"))).orElse(false);
    }

    /** Where the 1-based line of its source stands in the file; a line past its end is its last one. */
    public SourceSpan span(int line) {
        String text = source.text();
        int from = 0;
        for (int i = 1; i < line; i++) {
            int next = text.indexOf('\n', from);
            if (next < 0) {
                break;
            }
            from = next + 1;
        }
        int end = text.indexOf('\n', from);
        return source.span(from, Math.max(1, (end < 0 ? text.length() : end) - from));
    }
}
