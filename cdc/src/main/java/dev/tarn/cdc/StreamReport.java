package dev.tarn.cdc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Says how a stream is: in a file each second, and over HTTP on this machine. */
final class StreamReport implements AutoCloseable {

    private final StreamStatus status;
    private final Optional<Path> file;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1, task -> {
        Thread thread = new Thread(task, "stream-report");
        thread.setDaemon(true);
        return thread;
    });
    private final @Nullable HttpServer http;

    /** Asks the source something. */
    interface Question {
        long ask() throws SQLException;
    }

    StreamReport(StreamStatus status, Optional<Path> file, OptionalInt port, Question retained) throws IOException {
        this.status = status;
        this.file = file;
        this.http = port.isPresent() ? listen(port.getAsInt()) : null;
        ScheduledFuture<?> unusedWrites = clock.scheduleWithFixedDelay(this::write, 0, 1, TimeUnit.SECONDS);
        ScheduledFuture<?> unusedLooks = clock.scheduleWithFixedDelay(() -> look(retained), 1, 10, TimeUnit.SECONDS);
    }

    private HttpServer listen(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext(
                "/metrics", exchange -> answer(exchange, 200, "text/plain; version=0.0.4", status.metrics()));
        server.createContext(
                "/health", exchange -> answer(exchange, status.isUp() ? 200 : 503, "application/json", status.json()));
        server.createContext(
                "/ready",
                exchange -> answer(
                        exchange,
                        status.state() == StreamStatus.State.FOLLOWING ? 200 : 503,
                        "application/json",
                        status.json()));
        server.start();
        status.listensOn(server.getAddress().getPort());
        return server;
    }

    private static void answer(HttpExchange exchange, int code, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(code, bytes.length);
        try (exchange;
                var body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    private void look(Question retained) {
        try {
            status.retained(retained.ask());
        } catch (SQLException e) {
            // The stream itself says it when the source does not answer; the last number is none any more.
            status.retained(-1);
        }
    }

    private void write() {
        if (file.isPresent()) {
            try {
                status.write(file.get());
            } catch (IOException e) {
                // Without a place for it, the stream goes on; what is in the file says how old it is.
                return;
            }
        }
    }

    /** Writes how it ended. */
    @Override
    public void close() {
        clock.shutdown();
        try {
            if (!clock.awaitTermination(5, TimeUnit.SECONDS)) {
                clock.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (http != null) {
            http.stop(0);
        }
        write();
    }
}
