package dev.tarn.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamStatusTest {

    /** Stands still until it is told otherwise. */
    private static final class HandClock extends Clock {
        private Instant now = Instant.parse("2026-01-02T03:04:05Z");

        void passes(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final HandClock clock = new HandClock();
    private final StreamStatus status = new StreamStatus("s", clock);

    private void commit(long changes, Instant until) {
        Position position = new Position(
                "s",
                7,
                List.of("public.t"),
                List.of("public.t"),
                Optional.of("1"),
                Map.of("lsn", 5L),
                Optional.empty());
        status.committed(position, changes, 1_500_000_000, until);
    }

    @Test
    void theLagGrowsWhileNothingIsHeard() {
        status.caughtUp();
        clock.passes(Duration.ofSeconds(4));
        assertThat(status.lag()).isEqualTo(Duration.ofSeconds(4));

        commit(3, clock.instant().minusSeconds(1));
        assertThat(status.lag()).isEqualTo(Duration.ofSeconds(1));

        status.caughtUp();
        assertThat(status.lag()).isZero();
    }

    @Test
    void aSourceWhoseClockIsAheadIsNotBehind() {
        commit(1, clock.instant().plusSeconds(3_600));

        assertThat(status.lag()).isZero();
    }

    @Test
    void metricsAreInPrometheusFormat() {
        status.captured("public.t", "c");
        status.captured("public.t", "d");
        status.captured("public.t", "d");
        commit(3, clock.instant());
        status.retained(1_024);

        assertThat(status.metrics())
                .contains("# TYPE tarn_stream_up gauge\ntarn_stream_up{stream=\"s\"} 1\n")
                .contains("tarn_stream_batch{stream=\"s\"} 7\n")
                .contains("tarn_stream_applied_changes_total{stream=\"s\"} 3\n")
                .contains("tarn_stream_batch_seconds_total{stream=\"s\"} 1.5\n")
                .contains("tarn_stream_retained_bytes{stream=\"s\"} 1024\n")
                .contains(
                        "tarn_stream_captured_changes_total{stream=\"s\",table=\"public.t\",operation=\"delete\"} 2\n");
    }

    @Test
    void aFailureIsSaid() {
        status.failed("it broke", "mend it");

        assertThat(status.isUp()).isFalse();
        assertThat(status.json()).contains("\"state\":\"failed\"", "\"reason\":\"it broke\"", "\"help\":\"mend it\"");
        assertThat(status.metrics()).contains("tarn_stream_up{stream=\"s\"} 0\n");
    }
}
