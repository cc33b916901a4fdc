package dev.tarn.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MappedTextTest {

    private final SourceFile file = new SourceFile("a.sql", "  select ${x}\nfrom t");
    private final MappedText text = MappedText.of(file);

    @Test
    void standsWhereTheFileStands() {
        assertThat(text.span(9, 4)).isEqualTo(new SourceSpan(file, 1, 10, 4));
        assertThat(text.start()).isEqualTo(new SourceSpan(file, 1, 3, 1));
        assertThat(text.span(14, 100)).isEqualTo(new SourceSpan(file, 2, 1, 6));
    }

    @Test
    void keepsOriginsInASlice() {
        MappedText slice = text.slice(14, 18);

        assertThat(slice.text()).isEqualTo("from");
        assertThat(slice.span(1, 2)).isEqualTo(new SourceSpan(file, 2, 2, 2));
        assertThat(slice.origin(4)).isEqualTo(18);
    }

    @Test
    void showsAReplacementAsWhatItReplaces() {
        MappedText replaced = new MappedText.Builder(text)
                .keep(0, 9)
                .replace(9, "a much longer replacement than before")
                .keep(13, 20)
                .build();

        assertThat(replaced.text()).isEqualTo("  select a much longer replacement than before\nfrom t");
        int word = replaced.text().indexOf("longer");
        assertThat(replaced.span(word, 6)).isEqualTo(new SourceSpan(file, 1, 10, 1));
        assertThat(replaced.span(9, 37)).isEqualTo(new SourceSpan(file, 1, 10, 4));
        assertThat(replaced.span(replaced.text().indexOf("from"), 4)).isEqualTo(new SourceSpan(file, 2, 1, 4));
        assertThat(replaced.origin(1000)).isEqualTo(file.text().length());
    }

    @Test
    void refusesOriginsThatDoNotFit() {
        assertThatThrownBy(() -> new MappedText(file, "ab", new int[2]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("2 origins for 2 characters");
    }

    @Test
    void isEqualByTextAndFile() {
        assertThat(text)
                .isEqualTo(MappedText.of(file))
                .hasSameHashCodeAs(MappedText.of(file))
                .hasToString(file.text());
        assertThat(text).isNotEqualTo(text.slice(0, 3));
    }
}
