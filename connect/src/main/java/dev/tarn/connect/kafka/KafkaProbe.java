package dev.tarn.connect.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import dev.tarn.core.connection.Connections;
import dev.tarn.core.connection.KafkaConnection;
import dev.tarn.core.connection.LocalServices.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Asks each server of a Kafka connection which requests it knows (ApiVersions), which every client asks first. */
public final class KafkaProbe {

    private static final int MILLIS = 10_000;
    private static final short API_VERSIONS = 18;
    private static final int QUESTION = 1;

    private KafkaProbe() {}

    /** Says who answers; throws when one of the servers does not. */
    public static String test(KafkaConnection connection, Connections all) throws ConnectionException {
        String servers = servers(connection, all);
        boolean plain = connection
                .properties()
                .getOrDefault("security.protocol", dev.tarn.core.connection.SecretText.of("PLAINTEXT"))
                .toString()
                .contains("PLAINTEXT");
        for (String server : servers.split(",", -1)) {
            test(connection.name(), server.strip(), plain);
        }
        return plain
                ? "Kafka answers at " + servers
                : "something listens at " + servers + "; encrypted listeners are not asked more";
    }

    private static String servers(KafkaConnection connection, Connections all) throws ConnectionException {
        if (connection.service().isPresent()) {
            Endpoint found = all.services().find(connection.service().get());
            return found.host() + ":" + found.port();
        }
        return connection.bootstrapServers().orElseThrow().reveal(all.secrets());
    }

    private static void test(String name, String server, boolean plain) throws ConnectionException {
        String prefix = "connection '" + name + "': ";
        int colon = server.lastIndexOf(':');
        if (colon < 1 || !server.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new ConnectionException(
                    Kind.UNREACHABLE,
                    prefix + "'" + server + "' is no server",
                    "bootstrap_servers are host:port, with commas between them");
        }
        InetSocketAddress address =
                new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
        if (address.isUnresolved()) {
            throw new ConnectionException(
                    Kind.UNREACHABLE,
                    prefix + "there is no host '" + address.getHostString() + "'",
                    "correct 'bootstrap_servers'");
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, MILLIS);
            socket.setSoTimeout(MILLIS);
            if (plain) {
                ask(socket);
            }
        } catch (SocketTimeoutException e) {
            throw new ConnectionException(
                    Kind.UNREACHABLE,
                    prefix + server + " does not answer as Kafka does",
                    "check host, port and firewall",
                    e);
        } catch (EOFException e) {
            throw new ConnectionException(
                    Kind.TLS,
                    prefix + server + " hangs up on a plain request",
                    "is it Kafka, and does it want TLS? Then say so: properties: {security.protocol: SSL}",
                    e);
        } catch (IOException e) {
            throw new ConnectionException(
                    Kind.UNREACHABLE,
                    prefix + "nothing answers at " + server,
                    "start Kafka, or correct 'bootstrap_servers'",
                    e);
        }
    }

    /** Header version 1, request version 0: understood by every broker. */
    private static void ask(Socket socket) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream request = new DataOutputStream(bytes);
        byte[] client = "tarn".getBytes(UTF_8);
        request.writeShort(API_VERSIONS);
        request.writeShort(0);
        request.writeInt(QUESTION);
        request.writeShort(client.length);
        request.write(client);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(bytes.size());
        out.write(bytes.toByteArray());
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int size = in.readInt();
        if (size < 6 || in.readInt() != QUESTION) {
            throw new IOException("not an answer of Kafka's");
        }
    }
}
