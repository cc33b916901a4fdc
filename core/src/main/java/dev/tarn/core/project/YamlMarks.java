package dev.tarn.core.project;

import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** Translates the parser's marks, which count code points, to offsets and spans. */
final class YamlMarks {

    private final SourceFile file;
    private final int[] offsets;

    YamlMarks(SourceFile file) {
        this.file = file;
        this.offsets = offsetsOfCodePoints(file.text());
    }

    private static int[] offsetsOfCodePoints(String text) {
        int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
        int offset = 0;
        for (int i = 0; i < offsets.length - 1; i++) {
            offsets[i] = offset;
            offset += Character.charCount(text.codePointAt(offset));
        }
        offsets[offsets.length - 1] = offset;
        return offsets;
    }

    /** The 0-based character offset. */
    int offset(Optional<Mark> mark) {
        return offsets[Math.min(index(mark), offsets.length - 1)];
    }

    private static int index(Optional<Mark> mark) {
        return mark.map(Mark::getIndex).orElse(0);
    }

    SourceSpan span(Event event) {
        return span(event.getStartMark(), event.getEndMark());
    }

    /** From {@code start} to {@code end} or to the end of the line. */
    SourceSpan span(Optional<Mark> start, Optional<Mark> end) {
        int lineEnd = file.text().indexOf('\n', offset(start));
        int limit = Math.min(lineEnd < 0 ? file.text().length() : lineEnd, offset(end));
        int length = limit <= offset(start) ? 1 : file.text().codePointCount(offset(start), limit);
        return new SourceSpan(file, line(start), column(start), length);
    }

    private static int line(Optional<Mark> mark) {
        return 1 + mark.map(Mark::getLine).orElse(0);
    }

    private static int column(Optional<Mark> mark) {
        return 1 + mark.map(Mark::getColumn).orElse(0);
    }
}
