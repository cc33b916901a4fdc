package dev.tarn.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProblemCodeTest {

    @Test
    void hasUniqueIds() {
        assertThat(Arrays.stream(ProblemCode.values()).map(ProblemCode::id)).doesNotHaveDuplicates();
    }

    @Test
    void hasTitleAndExplanation() {
        assertThat(ProblemCode.values()).allSatisfy(code -> {
            assertThat(code.title()).isNotBlank().doesNotEndWith(".");
            assertThat(code.explanation()).isNotBlank();
        });
    }

    @Test
    void isFoundByItsIdHoweverWritten() {
        for (String text : new String[] {"TARN-0105", "tarn-105", "TARN0105", "105", " 0105 "}) {
            assertThat(ProblemCode.parse(text)).contains(ProblemCode.UNKNOWN_KEY);
        }
        for (String text : new String[] {"", "TARN-", "TARN-9999", "x105", "1050"}) {
            assertThat(ProblemCode.parse(text)).isEmpty();
        }
    }
}
