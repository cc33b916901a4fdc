package dev.tarn.core.connection;

import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A database of a server.
 *
 * @param service the service of the local stack that it is on; then the stack knows the rest
 * @param host absent with a service
 * @param database the service's own when absent
 * @param user absent with a service
 * @param password absent with a service, or if the server wants none
 * @param tls how the way there is kept private
 * @param certificate the authority whose certificates are trusted, a PEM file; absolute
 * @param properties of the driver
 */
public record DatabaseConnection(
        String name,
        Kind kind,
        Optional<String> service,
        Optional<SecretText> host,
        OptionalInt port,
        Optional<SecretText> database,
        Optional<SecretText> user,
        Optional<SecretText> password,
        Tls tls,
        Optional<Path> certificate,
        Map<String, SecretText> properties,
        SourceSpan span)
        implements Connection {

    public DatabaseConnection {
        properties = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    /** Which server it is. */
    public enum Kind {
        POSTGRES("PostgreSQL", 5432),
        /** MySQL and what speaks its protocol, too. */
        MARIADB("MariaDB", 3306);

        private final String title;
        private final int port;

        Kind(String title, int port) {
            this.title = title;
            this.port = port;
        }

        /** As its makers call it. */
        public String title() {
            return title;
        }

        /** Where it listens unless told otherwise. */
        public int port() {
            return port;
        }
    }

    /** How much of TLS. */
    public enum Tls {
        /** None. */
        OFF,
        /** Encrypted, and nobody knows who is on the other side. */
        REQUIRE,
        /** Encrypted, and the certificate is the host's. */
        VERIFY
    }

    /** The folder that stands for the tables of databases where places are compared; no real one. */
    public static final String ROOT = "/.database/";

    /** The folder that stands for its own tables. */
    public String root() {
        return ROOT + name;
    }
}
