package dev.tarn.cli.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** Hands each record to the log of the run that the thread works for. */
final class RecordLogger extends LegacyAbstractLogger implements LoggingEventAware {

    private static final long serialVersionUID = 1;

    RecordLogger(String name) {
        this.name = name;
    }

    /** Spark tells of each of its steps; a run's log has what may concern its user. */
    private boolean isTalk(Level level) {
        boolean talkative = name.startsWith("org.apache.") || name.startsWith("org.sparkproject.");
        return talkative && level.toInt() < Level.WARN.toInt();
    }

    private boolean takes(Level level) {
        return !isTalk(level)
                && RunLogs.current().filter(log -> log.takes(level, context())).isPresent();
    }

    private static Map<String, String> context() {
        Map<String, String> context = MDC.getCopyOfContextMap();
        return context == null ? Map.of() : context;
    }

    @Override
    public boolean isTraceEnabled() {
        return takes(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return takes(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return takes(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return takes(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return takes(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String message,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        write(level, MessageFormatter.basicArrayFormat(message, arguments), Map.of(), thrown);
    }

    @Override
    public void log(LoggingEvent event) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        (pairs == null ? new ArrayList<KeyValuePair>() : pairs).forEach(pair -> values.put(pair.key, pair.value));
        String message = MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray());
        write(event.getLevel(), message, values, event.getThrowable());
    }

    private void write(Level level, String message, Map<String, @Nullable Object> values, @Nullable Throwable thrown) {
        RunLogs.current().ifPresent(log -> log.write(level, getName(), context(), message, values, thrown));
    }
}
