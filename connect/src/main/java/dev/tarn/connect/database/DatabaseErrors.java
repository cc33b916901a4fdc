package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import dev.tarn.core.connection.DatabaseConnection;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Says what a driver's exception means for the user.
 *
 * @param address {@code host:port}
 */
record DatabaseErrors(DatabaseConnection connection, String address, String database) {

    /** Whether a driver of a server threw it; a sink's exceptions are the engine's own. */
    static boolean isDrivers(SQLException e) {
        for (StackTraceElement frame : e.getStackTrace()) {
            String name = frame.getClassName();
            if (name.startsWith("org.mariadb.") || name.startsWith("org.postgresql.")) {
                return true;
            }
        }
        return false;
    }

    ConnectionException of(SQLException e) {
        String server = connection.kind().title() + " at " + address;
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String said = said(e);
        if (isTls(e, said)) {
            return new ConnectionException(
                    Kind.TLS,
                    prefix() + "no encrypted connection to " + server + ": " + said,
                    "check 'tls' and 'certificate': require encrypts without looking at the certificate, verify does",
                    e);
        }
        if (caused(e, ConnectException.class) || caused(e, NoRouteToHostException.class)) {
            return unreachable(
                    "nothing answers at " + address,
                    "start " + connection.kind().title() + ", or correct 'host' and 'port'",
                    e);
        }
        if (caused(e, SocketTimeoutException.class)) {
            return unreachable(server + " does not answer", "check host, port and firewall", e);
        }
        if (state.equals("28P01") || state.equals("28000") || e.getErrorCode() == 1045 || e.getErrorCode() == 1044) {
            return new ConnectionException(
                    Kind.REFUSED,
                    prefix() + server + " refuses the user: " + said,
                    "check 'user' and 'password', and what the user may do",
                    e);
        }
        if (state.equals("3D000") || e.getErrorCode() == 1049) {
            return new ConnectionException(
                    Kind.NOT_FOUND,
                    prefix() + "there is no database '" + database + "' at " + address,
                    "correct 'database', or make it",
                    e);
        }
        if (state.equals("42P01") || e.getErrorCode() == 1146) {
            return new ConnectionException(Kind.NOT_FOUND, prefix() + said, "correct 'table', or make it first", e);
        }
        if (state.equals("40001")
                || state.equals("40P01")
                || state.equals("55P03")
                || e.getErrorCode() == 1205
                || e.getErrorCode() == 1213) {
            return new ConnectionException(
                    Kind.CONFLICT,
                    prefix() + "another transaction was in the way: " + said,
                    "it is tried again as 'retry' allows",
                    e);
        }
        if (state.equals("57P03") || state.equals("53300") || e.getErrorCode() == 1040) {
            return unreachable(server + " takes nobody just now: " + said, "try again later", e);
        }
        if (state.startsWith("08")
                || state.equals("57P01")
                || caused(e, SocketException.class)
                || caused(e, java.io.EOFException.class)) {
            return unreachable("the connection to " + server + " broke: " + said, "see the server's log", e);
        }
        return new ConnectionException(Kind.STATEMENT, prefix() + said, "the database says so", e);
    }

    private ConnectionException unreachable(String message, String help, SQLException e) {
        return new ConnectionException(Kind.UNREACHABLE, prefix() + message, help, e);
    }

    private String prefix() {
        return "connection '" + connection.name() + "': ";
    }

    /** The server's own sentence, without what the drivers put around it. */
    static String said(SQLException e) {
        String text = String.valueOf(e.getMessage()).replaceFirst("^\\(conn=-?\\d+\\) ", "");
        return text.replaceFirst("^(ERROR|FATAL): ", "")
                .replaceAll("\\n  (Detail|Hint): ", "; ")
                .replaceAll("\\n  (Position|Where|Location): .*", "")
                // MariaDB's driver advises to check less.
                .replaceFirst("(?s)\\s*This verification can be disabled.*", "")
                .replaceFirst("^Self signed certificates[.].*", "its certificate is by no authority that is trusted")
                .strip();
    }

    private static boolean isTls(SQLException e, String said) {
        return caused(e, SSLException.class)
                || caused(e, java.security.cert.CertificateException.class)
                || said.contains("could not be verified by hostnameverifier")
                || said.contains("SSL hostname verification")
                || said.contains("by no authority that is trusted")
                || said.contains("does not support SSL")
                || said.contains("SSL not enabled")
                || said.contains("does not support ssl")
                || said.contains("Could not open SSL root certificate");
    }

    private static boolean caused(@Nullable Throwable e, Class<? extends Throwable> kind) {
        Throwable at = e;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (kind.isInstance(at)) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }
}
