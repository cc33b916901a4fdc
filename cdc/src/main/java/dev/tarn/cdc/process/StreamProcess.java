package dev.tarn.cdc.process;

import dev.tarn.cdc.PostgresStream;
import dev.tarn.cdc.StreamException;
import dev.tarn.cdc.StreamSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Properties;

/**
 * Runs one stream; its settings come on standard input up to an empty line. Ends when that ends, or on SIGTERM, or, if it is
 * told to watch, with the process that has started it. The exit code is 1 if somebody has to do something before it can go
 * on, and 3 if it may be started again as it is.
 */
public final class StreamProcess {

    private static final int STOPPED = 1;
    private static final int TRY_AGAIN = 3;

    private StreamProcess() {}

    public static void main(String... args) throws Exception {
        BufferedReader in = input();
        Properties settings = settings(in);
        if (Boolean.parseBoolean(settings.getProperty("watch"))) {
            Thread watch = new Thread(() -> endWith(in), "stream-watch");
            watch.setDaemon(true);
            watch.start();
        }
        System.exit(run(StreamSettings.of(settings)));
    }

    static BufferedReader input() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    /** Up to an empty line. */
    static Properties settings(BufferedReader in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            text.append(line).append('\n');
        }
        Properties settings = new Properties();
        settings.load(new StringReader(text.toString()));
        return settings;
    }

    /** The starting process holds the other end, and the system closes it when that is gone. */
    private static void endWith(BufferedReader in) {
        try {
            while (in.readLine() != null) {
                // Nothing more is said.
            }
        } catch (IOException e) {
            System.err.println("the starting process is not heard any more: " + e.getMessage());
        }
        System.exit(STOPPED);
    }

    private static int run(StreamSettings settings) throws InterruptedException {
        try {
            PostgresStream stream = PostgresStream.open(settings, Clock.systemUTC());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(stream)));
            System.err.println("following " + settings.tables());
            stream.run();
            return 0;
        } catch (StreamException e) {
            System.err.println("error: " + e.getMessage());
            System.err.println("help: " + e.help());
            return STOPPED;
        } catch (IOException | SQLException | IllegalStateException e) {
            System.err.println("error: " + e.getMessage());
            return TRY_AGAIN;
        }
    }

    private static void close(PostgresStream stream) {
        try {
            stream.close();
        } catch (IOException | SQLException | IllegalStateException e) {
            System.err.println("the stream did not end in order: " + e.getMessage());
        }
    }
}
