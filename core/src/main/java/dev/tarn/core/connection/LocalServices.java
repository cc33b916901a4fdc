package dev.tarn.core.connection;

/** Knows where the services of the project's local stack are. */
@FunctionalInterface
public interface LocalServices {

    /** For where there is no stack. */
    LocalServices NONE = service -> {
        throw new ConnectionException(
                ConnectionException.Kind.UNREACHABLE, "service '" + service + "' does not run", "'tarn up' starts it");
    };

    /**
     * Where a service is.
     *
     * @throws ConnectionException if the service does not run
     */
    Endpoint find(String service) throws ConnectionException;

    /**
     * Where a service is, and how to get in.
     *
     * @param database empty if it has none
     * @param user empty if it wants none
     */
    record Endpoint(String host, int port, String database, String user, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }
}
