package dev.tarn.cli;

import dev.tarn.cli.doctor.Finding;
import dev.tarn.connect.database.Databases;
import dev.tarn.connect.kafka.KafkaProbe;
import dev.tarn.core.connection.Connection;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.Connections;
import dev.tarn.core.connection.KafkaConnection;
import dev.tarn.core.connection.LocalConnection;
import java.nio.file.Files;
import java.util.regex.Pattern;

/** Connects, and says who answers or why not. Reads and writes nothing. */
final class ConnectionTrial {

    private ConnectionTrial() {}

    static Finding of(Connection connection, Connections all) {
        String check = "connection " + connection.name();
        if (connection instanceof LocalConnection local) {
            return Files.isDirectory(local.basePath())
                    ? Finding.ok(check, "'" + local.basePath() + "' is a folder")
                    : Finding.warning(check, "'" + local.basePath() + "' does not exist", "a run that writes makes it");
        }
        try {
            return Finding.ok(
                    check,
                    connection instanceof KafkaConnection kafka
                            ? KafkaProbe.test(kafka, all)
                            : new Databases(all).test(connection.name()));
        } catch (ConnectionException e) {
            String message = String.valueOf(e.getMessage())
                    .replaceFirst("^" + Pattern.quote("connection '" + connection.name() + "': "), "");
            return Finding.error(check, message, e.help());
        }
    }
}
