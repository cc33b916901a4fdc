package dev.tarn.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {

    @Test
    void findsWhatWasMeant() {
        List<String> names = List.of("bronze", "silver", "gold", "a");

        assertThat(Names.nearest("bronz", names)).contains("bronze");
        assertThat(Names.nearest("sivler", names)).contains("silver");
        assertThat(Names.nearest("GOLD", names)).contains("gold");
        assertThat(Names.nearest("b", names)).contains("a");
        assertThat(Names.didYouMean("godl", names)).contains("did you mean 'gold'?");
    }

    @Test
    void guessesNothingFarFetched() {
        assertThat(Names.nearest("platinum", List.of("bronze", "silver"))).isEmpty();
        assertThat(Names.nearest("abc", List.of("xyz", "abcde"))).isEmpty();
        assertThat(Names.nearest("x".repeat(101), List.of("x".repeat(100)))).isEmpty();
        assertThat(Names.nearest("a", List.of())).isEmpty();
    }

    @Test
    void countsASwapAsOneEdit() {
        assertThat(Names.nearest("ab", List.of("ba"))).contains("ba");
        assertThat(Names.nearest("orders", List.of("odrers", "ordersxx"))).contains("odrers");
    }

    @Test
    void quotesNamesOnOneLine() {
        assertThat(Names.quoted("a b")).isEqualTo("'a b'");
        assertThat(Names.quoted("a\nb\tc\u0001😀")).isEqualTo("'a\\nb\\tc\\u0001😀'");
        assertThat(Names.quoted("x".repeat(200))).isEqualTo("'" + "x".repeat(100) + "...'");
    }
}
