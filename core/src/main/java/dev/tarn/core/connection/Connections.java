package dev.tarn.core.connection;

import java.util.List;
import java.util.Optional;

/**
 * The connections of a project with what it takes to use them.
 *
 * @param services where the local stack's services are
 */
public record Connections(List<Connection> all, Secrets secrets, LocalServices services, Redaction redaction) {

    public static final Connections NONE =
            new Connections(List.of(), Secrets.NONE, LocalServices.NONE, new Redaction());

    public Connections {
        all = List.copyOf(all);
    }

    public Optional<DatabaseConnection> database(String name) {
        return all.stream()
                .filter(c -> c instanceof DatabaseConnection && c.name().equals(name))
                .map(DatabaseConnection.class::cast)
                .findFirst();
    }
}
