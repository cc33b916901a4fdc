package dev.tarn.engine.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.spark.Workers.Worker;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkersTest {

    private static final Worker SMALL = new Worker(700, 1);
    private static final Worker LARGE = new Worker(2048, 4);

    @Test
    void oneThatHasRoomIsEnough() {
        assertThat(new Workers(List.of(SMALL, LARGE), List.of()).tooSmall("2g", 4))
                .isEmpty();
        assertThat(new Workers(List.of(SMALL), List.of()).tooSmall("700m", 1)).isEmpty();
    }

    @Test
    void saysWhatIsAskedForAndWhatIsThere() {
        Workers two = new Workers(List.of(SMALL, SMALL), List.of());

        assertThat(two.tooSmall("1g", 1).orElseThrow().message())
                .isEqualTo(
                        "no worker has room for an executor, which takes 1g and 1 core; workers have 700 MB and 1 core");
        assertThat(two.tooSmall("512m", 2).orElseThrow().message()).contains("takes 512m and 2 cores");
    }

    /** They may still come, or be about to come back. */
    @Test
    void aMasterWithoutWorkersRefusesNothing() {
        Workers none = new Workers(List.of(), List.of());

        assertThat(none.tooSmall("1g", 1)).isEmpty();
        assertThat(none.reason()).isEqualTo("; it has no workers");
    }

    @Test
    void namesThoseWhoHaveTheWorkers() {
        assertThat(new Workers(List.of(SMALL), List.of("'etl' (2 cores)")).reason())
                .isEqualTo("; other applications have its workers: 'etl' (2 cores)");
    }
}
