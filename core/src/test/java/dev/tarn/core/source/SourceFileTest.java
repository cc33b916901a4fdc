package dev.tarn.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourceFileTest {

    private final SourceFile file = new SourceFile("a.yaml", "ab\n\n😀c: x\nlast");

    @Test
    void givesLinesWithoutTheirBreaks() {
        assertThat(file.line(1)).isEqualTo("ab");
        assertThat(file.line(2)).isEmpty();
        assertThat(file.line(3)).isEqualTo("😀c: x");
        assertThat(file.line(4)).isEqualTo("last");
        assertThat(file.line(0)).isEmpty();
        assertThat(file.line(5)).isEmpty();
        assertThat(new SourceFile("b", "x\r\ny").line(1)).isEqualTo("x");
    }

    @Test
    void countsCodePoints() {
        SourceSpan span = file.spanAt(file.text().indexOf("c:"), 2);

        assertThat(span).isEqualTo(new SourceSpan(file, 3, 2, 2));
        assertThat(file.spanAt(4, 3).length()).isEqualTo(2);
    }

    @Test
    void cutsSpansAtTheEndOfTheLine() {
        assertThat(file.spanAt(0, 100)).isEqualTo(new SourceSpan(file, 1, 1, 2));
        assertThat(file.spanAt(2, 1)).isEqualTo(new SourceSpan(file, 1, 3, 1));
        assertThat(file.spanAt(3, 5)).isEqualTo(new SourceSpan(file, 2, 1, 1));
    }

    @Test
    void keepsOffsetsInsideTheFile() {
        assertThat(file.spanAt(-5, 1)).isEqualTo(file.start());
        assertThat(file.spanAt(1000, Integer.MAX_VALUE)).isEqualTo(new SourceSpan(file, 4, 5, 1));
        assertThat(new SourceFile("empty", "").spanAt(0, 0)).hasToString("empty:1:1");
    }

    @Test
    void isEqualByNameAndText() {
        assertThat(file)
                .isEqualTo(new SourceFile(file.name(), file.text()))
                .hasSameHashCodeAs(new SourceFile("a.yaml", file.text()));
        assertThat(file)
                .isNotEqualTo(new SourceFile("a.yaml", "ab"))
                .isNotEqualTo(new SourceFile("b.yaml", file.text()));
    }
}
