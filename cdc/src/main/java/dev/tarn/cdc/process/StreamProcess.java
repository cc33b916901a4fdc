package dev.tarn.cdc.process;

import dev.tarn.cdc.PostgresStream;
import dev.tarn.cdc.StreamException;
import dev.tarn.cdc.StreamSettings;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Properties;

/** Runs one stream; its settings come on standard input up to an empty line. Ends when that ends, or on SIGTERM. */
public final class StreamProcess {

    private StreamProcess() {}

    public static void main(String... args) throws Exception {
        var in = new java.io.BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        StringBuilder text = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            text.append(line).append('\n');
        }
        Properties settings = new Properties();
        settings.load(new StringReader(text.toString()));
        System.exit(run(StreamSettings.of(settings)));
    }

    private static int run(StreamSettings settings) throws IOException, SQLException, InterruptedException {
        try {
            PostgresStream stream = PostgresStream.open(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(stream)));
            System.err.println("following " + settings.tables());
            stream.run();
            return 0;
        } catch (StreamException e) {
            System.err.println("error: " + e.getMessage());
            System.err.println("help: " + e.help());
            return 1;
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
