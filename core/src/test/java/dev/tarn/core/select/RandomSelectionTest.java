package dev.tarn.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomSelectionTest {

    private static final int GRAPHS = 400;
    private static final int SELECTIONS = 20;

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 300})
    void selectsWhatTheGrammarDefines(long seed) {
        Random seeds = new Random(seed);
        int selecting = 0;
        for (int i = 0; i < GRAPHS; i++) {
            RandomGraph graph = new RandomGraph(new Random(seeds.nextLong()));
            for (int j = 0; j < SELECTIONS; j++) {
                selecting += graph.agrees() ? 1 : 0;
            }
        }
        // Most of them must select something, or nothing was tested.
        assertThat(selecting).isGreaterThan(GRAPHS * SELECTIONS / 2);
    }
}
