package dev.tarn.cdc;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How a stream is: for its status file and its metrics. Thread-safe. */
final class StreamStatus {

    /** What a stream does. */
    enum State {
        STARTING,
        SNAPSHOT,
        FOLLOWING,
        STOPPED,
        FAILED
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String stream;
    private final Clock clock;
    private final Instant started;
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();
    private final AtomicLong batchNanos = new AtomicLong();
    private final AtomicLong staged = new AtomicLong();
    private final Map<String, AtomicLong> captured = new ConcurrentHashMap<>();
    private volatile State state = State.STARTING;
    private volatile long batch;
    private volatile @Nullable Instant committedAt;
    private volatile @Nullable Instant caughtUpAt;
    private volatile String reason = "";
    private volatile String help = "";
    private volatile int port;
    private volatile long retained = -1;
    private volatile Map<String, Object> offset = Map.of();

    StreamStatus(String stream, Clock clock) {
        this.stream = stream;
        this.clock = clock;
        this.started = clock.instant();
    }

    void is(State now) {
        state = now;
    }

    void begins(Progress progress) {
        batch = progress.newest();
        offset = progress.offset().orElse(Map.of());
        state = progress.isSnapshot() ? State.SNAPSHOT : State.FOLLOWING;
    }

    void failed(String message, String way) {
        reason = message;
        help = way;
        state = State.FAILED;
    }

    void listensOn(int number) {
        port = number;
    }

    /** @param operation Debezium's letter */
    void captured(String table, String operation) {
        captured.computeIfAbsent(table + "\n" + operation, key -> new AtomicLong())
                .incrementAndGet();
    }

    void staged(long changes) {
        staged.set(changes);
    }

    /** @param until when the source made the newest of these changes */
    void committed(Position position, long changes, long nanos, Instant until) {
        applied.addAndGet(changes);
        batches.incrementAndGet();
        batchNanos.addAndGet(nanos);
        batch = position.batch();
        offset = position.offset();
        committedAt = clock.instant();
        caughtUpAt = until;
        state = State.FOLLOWING;
    }

    /** All that the source has sent is committed. */
    void caughtUp() {
        caughtUpAt = clock.instant();
    }

    /** @param bytes of log that the source keeps for this stream */
    void retained(long bytes) {
        retained = bytes;
    }

    State state() {
        return state;
    }

    /** How old the newest state of the source is that the tables surely have; grows while nothing is heard. */
    Duration lag() {
        Instant until = caughtUpAt;
        Duration lag = Duration.between(until == null ? started : until, clock.instant());
        return lag.isNegative() ? Duration.ZERO : lag;
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("schema", "tarn/stream-state/v1");
        all.put("stream", stream);
        all.put("state", state.name().toLowerCase(java.util.Locale.ROOT));
        all.put("pid", ProcessHandle.current().pid());
        all.put("started_at", started.toString());
        all.put("written_at", clock.instant().toString());
        all.put("batch", batch);
        all.put("applied", (double) applied.get());
        all.put("waiting", (double) staged.get());
        all.put("lag_seconds", lag().toMillis() / 1000.0);
        Instant last = committedAt;
        all.put("committed_at", last == null ? null : last.toString());
        all.put("retained_bytes", retained < 0 ? null : retained);
        all.put("metrics_port", port == 0 ? null : port);
        all.put("reason", reason.isEmpty() ? null : reason);
        all.put("help", help.isEmpty() ? null : help);
        all.put("offset", offset);
        try {
            return JSON.writeValueAsString(all);
        } catch (IOException e) {
            throw new IllegalStateException("a state is no JSON: " + all, e);
        }
    }

    /** In place of the file, in one step. */
    void write(Path file) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, json());
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** In Prometheus' text format. */
    String metrics() {
        StringBuilder text = new StringBuilder();
        Metrics all = new Metrics(text, stream);
        all.gauge("up", "1 while the stream follows or reads the tables", isUp() ? 1.0 : 0.0);
        all.gauge(
                "lag_seconds", "Age of the newest state of the source that the tables have", lag().toMillis() / 1000.0);
        all.gauge("batch", "The last committed batch", (double) batch);
        all.gauge("waiting_changes", "Changes that are taken and not committed", (double) staged.get());
        if (retained >= 0) {
            all.gauge("retained_bytes", "Log that the source keeps for this stream", (double) retained);
        }
        all.counter("applied_changes_total", "Changes that were committed", (double) applied.get());
        all.counter("batches_total", "Batches that were committed", (double) batches.get());
        all.counter("batch_seconds_total", "Time that committing took", batchNanos.get() / 1e9);
        all.captured(new TreeMap<>(captured));
        return text.toString();
    }

    boolean isUp() {
        return state == State.FOLLOWING || state == State.SNAPSHOT;
    }

    private record Metrics(StringBuilder text, String stream) {

        void gauge(String name, String help, double value) {
            one(name, "gauge", help, value);
        }

        void counter(String name, String help, double value) {
            one(name, "counter", help, value);
        }

        private void one(String name, String type, String help, double value) {
            head(name, type, help);
            text.append("tarn_stream_" + name + "{stream=\"" + stream + "\"} " + number(value) + "\n");
        }

        private void head(String name, String type, String help) {
            text.append("# HELP tarn_stream_" + name + " " + help + "\n# TYPE tarn_stream_" + name + " " + type + "\n");
        }

        void captured(Map<String, AtomicLong> counts) {
            head("captured_changes_total", "counter", "Changes that arrived, again after a restart");
            counts.forEach((key, count) -> {
                String[] parts = key.split("\n", -1);
                String operation = Map.of("c", "insert", "u", "update", "d", "delete", "r", "read")
                        .getOrDefault(parts[1], parts[1]);
                text.append("tarn_stream_captured_changes_total{stream=\"" + stream + "\",table=\"" + parts[0]
                        + "\",operation=\"" + operation + "\"} " + count.get() + "\n");
            });
        }

        private static String number(double value) {
            return value == Math.rint(value) && Math.abs(value) < 1e15
                    ? String.valueOf((long) value)
                    : String.valueOf(value);
        }
    }
}
