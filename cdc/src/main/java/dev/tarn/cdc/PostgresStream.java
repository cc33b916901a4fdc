package dev.tarn.cdc;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.connect.source.SourceRecord;

/** Follows tables of a PostgreSQL database until it is closed or something ends it. */
public final class PostgresStream implements AutoCloseable {

    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
    private final Connection duckdb;
    private final StreamLock lock;
    private final StreamStatus status;
    private final StreamReport report;

    private PostgresStream(
            StreamSettings settings,
            List<SourceTable> tables,
            Batches batches,
            Connection duckdb,
            StreamLock lock,
            StreamStatus status,
            StreamReport report) {
        this.duckdb = duckdb;
        this.lock = lock;
        this.status = status;
        this.report = report;
        engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(properties(settings, tables))
                .using((success, message, error) -> ended.complete(
                        success
                                ? Optional.empty()
                                : Optional.of(error == null ? new IllegalStateException(message) : error)))
                .notifying(batches)
                .build();
    }

    /**
     * Looks at source and target and gets ready; {@link #run} then follows.
     *
     * @throws StreamException if somebody has to do something first
     */
    public static PostgresStream open(StreamSettings settings, Clock clock)
            throws StreamException, SQLException, IOException {
        StreamLock lock = StreamLock.take(settings);
        StreamStatus status = new StreamStatus(settings.name(), clock);
        PostgresSource source = new PostgresSource(settings);
        StreamReport report = new StreamReport(status, settings.status(), settings.port(), source::retained);
        try {
            return open(settings, source, lock, status, report);
        } catch (StreamException e) {
            status.failed(String.valueOf(e.getMessage()), e.help());
            report.close();
            throw e;
        }
    }

    private static PostgresStream open(
            StreamSettings settings, PostgresSource source, StreamLock lock, StreamStatus status, StreamReport report)
            throws StreamException, SQLException, IOException {
        List<SourceTable> tables = source.tables();
        Map<String, TargetTable> targets = new LinkedHashMap<>();
        for (SourceTable table : tables) {
            targets.put(table.name(), new TargetTable(table, settings));
        }
        Progress progress = settings.resync()
                ? Progress.snapshot(settings.name(), Progress.newest(targets))
                : Progress.of(settings, targets);
        Optional<Map<String, Object>> offset = progress.offset();
        if (offset.isPresent()) {
            source.checkSlot(offset.get());
            for (TargetTable target : targets.values()) {
                target.fit();
            }
        } else {
            source.dropSlot();
        }
        emptied(settings.work());
        System.setProperty(
                SeededOffsets.BEGINNING, progress.offset().map(Position::json).orElse(""));
        status.begins(progress);
        Connection duckdb = duckdb(settings);
        Batches batches = new Batches(settings, source, tables, targets, progress, status, duckdb);
        return new PostgresStream(settings, tables, batches, duckdb, lock, status, report);
    }

    /** What was staged and not committed comes again. */
    private static void emptied(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> left = Files.list(folder)) {
            for (Path file : left.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Connection duckdb(StreamSettings settings) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET async_threads = 0");
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET memory_limit = '1GB'");
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET temp_directory = '"
                    + settings.work().resolve("duckdb").toString().replace("'", "''") + "'");
        }
        return connection;
    }

    private static Properties properties(StreamSettings settings, List<SourceTable> tables) {
        StreamSettings.Server server = settings.server();
        Properties p = new Properties();
        p.setProperty("name", settings.name());
        p.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        p.setProperty("topic.prefix", settings.slot());
        p.setProperty("database.hostname", server.host());
        p.setProperty("database.port", String.valueOf(server.port()));
        p.setProperty("database.dbname", server.database());
        p.setProperty("database.user", server.user());
        p.setProperty("database.password", server.password());
        p.setProperty("database.sslmode", PostgresSource.sslMode(server));
        server.certificate().ifPresent(file -> p.setProperty("database.sslrootcert", file));
        if (server.tls().equals(Optional.of("verify")) && server.certificate().isEmpty()) {
            p.setProperty("database.sslfactory", PostgresSource.JAVA_TRUSTS);
        }
        p.setProperty(
                "table.include.list",
                tables.stream()
                        .map(table -> table.name().replace(".", "\\."))
                        .collect(java.util.stream.Collectors.joining(",")));
        p.setProperty("plugin.name", "pgoutput");
        p.setProperty("slot.name", settings.slot());
        p.setProperty("publication.name", settings.slot());
        p.setProperty("publication.autocreate.mode", "filtered");
        p.setProperty("snapshot.mode", "initial");
        p.setProperty("offset.storage", SeededOffsets.class.getName());
        p.setProperty("offset.flush.interval.ms", "0");
        p.setProperty("provide.transaction.metadata", "true");
        p.setProperty("skipped.operations", "none");
        p.setProperty("tombstones.on.delete", "false");
        p.setProperty("unavailable.value.placeholder", Values.ABSENT);
        p.setProperty("decimal.handling.mode", "string");
        p.setProperty("binary.handling.mode", "hex");
        // Debezium is silent while nothing happens, and what is staged has its time.
        p.setProperty(
                "heartbeat.interval.ms",
                String.valueOf(Math.max(100, settings.batchTime().toMillis())));
        p.setProperty("poll.interval.ms", "20");
        p.setProperty("max.batch.size", "8192");
        p.setProperty("max.queue.size", "32768");
        p.setProperty("errors.max.retries", "0");
        p.setProperty("slot.max.retries", "30");
        p.setProperty("slot.retry.delay.ms", "500");
        return p;
    }

    /**
     * Follows until {@link #close} or until something ends it.
     *
     * @throws StreamException if somebody has to do something before it can go on
     * @throws IOException if it may go on when it is started again
     */
    public void run() throws StreamException, IOException, InterruptedException {
        engine.run();
        try {
            Optional<Throwable> why = ended.get();
            if (why.isPresent()) {
                throw stopped(why.get());
            }
            status.is(StreamStatus.State.STOPPED);
        } catch (StreamException e) {
            status.failed(String.valueOf(e.getMessage()), e.help());
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static IOException stopped(Throwable why) throws StreamException {
        String message = why.toString();
        for (Throwable at = why; at != null; at = at.getCause()) {
            if (at instanceof Batches.StoppedException stopped) {
                throw stopped.reason();
            }
            message = at instanceof SQLException ? String.valueOf(at.getMessage()) : at.toString();
        }
        return new IOException(message, why);
    }

    @Override
    public void close() throws IOException, SQLException {
        if (!ended.isDone()) {
            engine.close();
        }
        if (status.state() != StreamStatus.State.FAILED) {
            status.is(StreamStatus.State.STOPPED);
        }
        report.close();
        duckdb.close();
        lock.close();
    }
}
