package dev.tarn.cli.log;

import dev.tarn.cli.render.RecordText;
import dev.tarn.core.project.LogLevel;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.run.RunLog;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Where the records of one run go, and which of them. Belongs to the thread that opened it and to those that it starts:
 * several runs of one process do not meet.
 */
public final class RunLogs implements AutoCloseable {

    private static final InheritableThreadLocal<RunLogs> CURRENT = new InheritableThreadLocal<>();

    private final RecordText text;
    private final Optional<LogLevel> level;
    private final Map<String, LogLevel> ofNodes = new HashMap<>();
    private final Clock clock;

    private RunLogs(RecordText text, Optional<LogLevel> level, Map<NodeId, LogLevel> ofNodes, Clock clock) {
        this.text = text;
        this.level = level;
        ofNodes.forEach((node, own) -> this.ofNodes.put(node.toString(), own));
        this.clock = clock;
    }

    /**
     * Begins to write.
     *
     * @param level the least that is written; nothing if empty
     * @param ofNodes the levels of nodes that have their own
     */
    public static RunLogs open(RecordText text, Optional<LogLevel> level, Map<NodeId, LogLevel> ofNodes, Clock clock) {
        RunLogs logs = new RunLogs(text, level, ofNodes, clock);
        CURRENT.set(logs);
        return logs;
    }

    /** Whether standard error is to have nothing but records. */
    public boolean isForPrograms() {
        return text.isJson();
    }

    static Optional<RunLogs> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    boolean takes(Level record, Map<String, String> context) {
        String node = context.get(RunLog.NODE);
        Optional<LogLevel> own = Optional.ofNullable(node).map(ofNodes::get);
        return own.or(() -> level)
                .filter(least -> record.toInt() >= Level.valueOf(least.name()).toInt())
                .isPresent();
    }

    void write(
            Level record,
            String logger,
            Map<String, String> context,
            String message,
            Map<String, @Nullable Object> values,
            @Nullable Throwable thrown) {
        if (takes(record, context)) {
            text.print(new RecordText.Entry(clock.instant(), record.name(), logger, context, message, values, thrown));
        }
    }

    @Override
    public void close() {
        CURRENT.remove();
    }
}
