package dev.tarn.core.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.story.GraphLayout.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GraphLayoutTest {

    private static int[] edge(int from, int to) {
        return new int[] {from, to, 1};
    }

    @Test
    void putsEachNodeRightOfThoseItNeeds() {
        GraphLayout layout = GraphLayout.of(4, List.of(edge(0, 1), edge(1, 2), edge(0, 2), edge(3, 2)));

        assertThat(layout.text()).matches("0 \\| (1 3|3 1) \\| 2");
        assertThat(layout.arrows()).hasSize(4);
        // The arrow from 0 to 2 passes through the column between them.
        assertThat(layout.arrows().get(2).path()).matches("M\\d+ \\d+C[^L]*L\\d+ \\d+C.*");
    }

    @Test
    void drawsNothingOfNothing() {
        assertThat(GraphLayout.of(0, List.of()).nodes()).isEmpty();
    }

    @Test
    void nodesNeverOverlapAndAllIsInside() {
        Random random = new Random(11);
        for (int round = 0; round < 30; round++) {
            int count = 1 + random.nextInt(60);
            List<int[]> edges = new ArrayList<>();
            for (int to = 1; to < count; to++) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    edges.add(edge(random.nextInt(to), to));
                }
            }

            GraphLayout layout = GraphLayout.of(count, edges);

            for (int i = 0; i < count; i++) {
                Box box = layout.nodes().get(i);
                assertThat(box.x()).isBetween(0, layout.width() - GraphLayout.BOX_WIDTH);
                assertThat(box.y()).isBetween(0, layout.height() - GraphLayout.BOX_HEIGHT);
                for (int j = 0; j < i; j++) {
                    Box other = layout.nodes().get(j);
                    assertThat(box.x() == other.x() && Math.abs(box.y() - other.y()) < GraphLayout.BOX_HEIGHT)
                            .isFalse();
                }
            }
            edges.forEach(e -> assertThat(layout.nodes().get(e[0]).x())
                    .isLessThan(layout.nodes().get(e[1]).x()));
        }
    }
}
