package dev.tarn.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ColorModeTest {

    @Test
    void theOptionWins() {
        assertThat(ColorMode.ALWAYS.colours(Map.of("NO_COLOR", "1"), false)).isTrue();
        assertThat(ColorMode.NEVER.colours(Map.of("FORCE_COLOR", "1"), true)).isFalse();
    }

    @Test
    void thenTheEnvironmentThenTheTerminal() {
        assertThat(ColorMode.AUTO.colours(Map.of(), true)).isTrue();
        assertThat(ColorMode.AUTO.colours(Map.of(), false)).isFalse();
        assertThat(ColorMode.AUTO.colours(Map.of("NO_COLOR", ""), true)).isTrue();
        assertThat(ColorMode.AUTO.colours(Map.of("NO_COLOR", "0"), true)).isFalse();
        assertThat(ColorMode.AUTO.colours(Map.of("NO_COLOR", "1", "FORCE_COLOR", "1"), true))
                .isFalse();
        assertThat(ColorMode.AUTO.colours(Map.of("FORCE_COLOR", "1"), false)).isTrue();
        assertThat(ColorMode.AUTO.colours(Map.of("FORCE_COLOR", "0"), false)).isFalse();
        assertThat(ColorMode.AUTO.colours(Map.of("CLICOLOR_FORCE", "1"), false)).isTrue();
        assertThat(ColorMode.AUTO.colours(Map.of("TERM", "dumb"), true)).isFalse();
    }
}
