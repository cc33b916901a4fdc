package dev.tarn.core.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void numbersHaveCommas() {
        assertThat(Words.number(0)).isEqualTo("0");
        assertThat(Words.number(999)).isEqualTo("999");
        assertThat(Words.number(1_000)).isEqualTo("1,000");
        assertThat(Words.number(-123_456)).isEqualTo("-123,456");
        assertThat(Words.number(-1_234)).isEqualTo("-1,234");
        assertThat(Words.number(Long.MAX_VALUE)).isEqualTo("9,223,372,036,854,775,807");
        assertThat(Words.signed(1_200)).isEqualTo("+1,200");
        assertThat(Words.signed(-3)).isEqualTo("-3");
        assertThat(Words.signed(0)).isEqualTo("±0");
    }

    @Test
    void durationsAreAsExactAsTheyAreLong() {
        assertThat(Words.duration(Duration.ofNanos(999_999))).isEqualTo("0 ms");
        assertThat(Words.duration(Duration.ofMillis(99))).isEqualTo("99 ms");
        assertThat(Words.duration(Duration.ofMillis(480))).isEqualTo("0.48 s");
        assertThat(Words.duration(Duration.ofMillis(12_345))).isEqualTo("12.3 s");
        assertThat(Words.duration(Duration.ofSeconds(200))).isEqualTo("3 min 20 s");
        assertThat(Words.duration(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
    }
}
