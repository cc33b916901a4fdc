package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class CoreSchemaTest {

    @Test
    void typesNumbers() {
        assertThat(CoreSchema.typed("-12")).isEqualTo(-12L);
        assertThat(CoreSchema.typed("+7")).isEqualTo(7L);
        assertThat(CoreSchema.typed("0o17")).isEqualTo(15L);
        assertThat(CoreSchema.typed("0xFF")).isEqualTo(255L);
        assertThat(CoreSchema.typed("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(CoreSchema.typed("9223372036854775808")).isEqualTo(new BigInteger("9223372036854775808"));
        assertThat(CoreSchema.typed("1.5e3")).isEqualTo(1500.0);
        assertThat(CoreSchema.typed("-.inf")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(CoreSchema.typed(".NaN")).isEqualTo(Double.NaN);
    }

    @Test
    void typesTrueFalseAndNull() {
        assertThat(CoreSchema.typed("true")).isEqualTo(true);
        assertThat(CoreSchema.typed("FALSE")).isEqualTo(false);
        assertThat(CoreSchema.typed("~")).isNull();
        assertThat(CoreSchema.typed("")).isNull();
        assertThat(CoreSchema.typed("null")).isNull();
    }

    @Test
    void leavesAllElseText() {
        for (String text :
                new String[] {"yes", "on", "No", "2024-01-01", "1_000", "12:30", "1.2.3", "0b1", "-", ".", "tRue"}) {
            assertThat(CoreSchema.typed(text)).isEqualTo(text);
        }
    }
}
