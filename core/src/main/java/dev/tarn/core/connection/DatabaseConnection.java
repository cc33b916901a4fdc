package dev.tarn.core.connection;

import dev.tarn.core.source.SourceSpan;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
 * @param place the same for all connections to one database
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
        Place place,
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

    /** What stands for a server and one of its databases where places are compared. */
    public record Place(String server, String database) {}

    /** The folder that stands for the tables of databases where places are compared; no real one. */
    public static final String ROOT = "/.database/";

    /**
     * The folder that stands for its own tables; the same for all connections that are seen to lead to one place without
     * asking for secrets. MariaDB's queries reach every database of a server, PostgreSQL's their own.
     */
    public String root() {
        String server = ROOT + part(kind.name() + " " + place.server());
        return kind == Kind.POSTGRES ? server + "/" + part(place.database()) : server;
    }

    /** The path that stands for a table, by its declared name. */
    public String path(String table) {
        String schema = kind == Kind.POSTGRES ? "public" : place.database();
        int dot = table.indexOf('.');
        return root() + "/" + part(dot < 0 ? schema : table.substring(0, dot)) + "/" + part(table.substring(dot + 1));
    }

    /** As a name in a path, which has no wildcards and is not empty. */
    private static String part(String text) {
        return "=" + URLEncoder.encode(text, StandardCharsets.UTF_8).replace("*", "%2A");
    }
}
