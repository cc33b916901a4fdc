package dev.tarn.cdc.process;

import dev.tarn.cdc.StreamException;
import dev.tarn.cdc.StreamSettings;
import dev.tarn.cdc.Verification;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/**
 * Compares the tables of a stream with their source; its settings come as those of {@link StreamProcess} do. Prints a line of
 * JSON for each table.
 */
public final class VerifyProcess {

    private VerifyProcess() {}

    public static void main(String... args) throws Exception {
        Properties settings = StreamProcess.settings(StreamProcess.input());
        System.exit(run(
                StreamSettings.of(settings), Duration.ofMillis(Long.parseLong(settings.getProperty("wait.millis")))));
    }

    private static int run(StreamSettings settings, Duration wait) throws InterruptedException {
        try {
            new Verification(settings, wait).run().forEach(System.out::println);
            return 0;
        } catch (StreamException e) {
            System.err.println("error: " + e.getMessage());
            System.err.println("help: " + e.help());
            return 1;
        } catch (SQLException e) {
            System.err.println("error: " + e.getMessage());
            return 1;
        }
    }
}
