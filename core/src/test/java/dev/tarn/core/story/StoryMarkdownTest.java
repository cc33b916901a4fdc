package dev.tarn.core.story;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoryMarkdownTest {

    @Test
    void valuesAreNoMarkup() {
        assertThat(StoryMarkdown.cell("<script>a|b</script>\n`x` *y* [z](u) # \u0007"))
                .isEqualTo("&lt;script>a\\|b&lt;/script> \\`x\\` \\*y\\* \\[z\\](u) \\#  ");
    }
}
