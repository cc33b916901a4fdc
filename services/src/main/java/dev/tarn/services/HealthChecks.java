package dev.tarn.services;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A question in each server's own protocol: an open port alone says nothing about who listens there, and in what state. */
final class HealthChecks {

    private static final int TIMEOUT_MILLIS = 3_000;

    private HealthChecks() {}

    /** The server asks for a password; while it starts or recovers it answers with an error. */
    static HealthCheck postgres(int port, String user) {
        return () -> {
            try (Socket socket = connect(port)) {
                byte[] startup = ("user\0" + user + "\0database\0postgres\0\0").getBytes(StandardCharsets.UTF_8);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeInt(startup.length + 8);
                out.writeInt(3 << 16);
                out.write(startup);
                out.flush();
                int answer = socket.getInputStream().read();
                expect(answer == 'R', "PostgreSQL does not accept connections yet");
            }
        };
    }

    /** The server greets with protocol version 10; when it refuses, it begins with 255. */
    static HealthCheck mariaDb(int port) {
        return () -> {
            try (Socket socket = connect(port)) {
                byte[] greeting = new byte[5];
                new DataInputStream(socket.getInputStream()).readFully(greeting);
                expect(greeting[4] == 10, "MariaDB does not accept connections yet");
            }
        };
    }

    /** The broker answers a request for its API versions once it may serve clients. */
    static HealthCheck kafka(int port) {
        return () -> {
            try (Socket socket = connect(port)) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                byte[] client = "tarn".getBytes(StandardCharsets.UTF_8);
                out.writeInt(2 + 2 + 4 + 2 + client.length);
                out.writeShort(18);
                out.writeShort(0);
                out.writeInt(1);
                out.writeShort(client.length);
                out.write(client);
                out.flush();
                DataInputStream in = new DataInputStream(socket.getInputStream());
                in.readInt();
                expect(in.readInt() == 1 && in.readShort() == 0, "Kafka does not serve clients yet");
            }
        };
    }

    /** The path answers with 200. */
    static HealthCheck http(int port, String path) {
        return () -> expect(status(port, path) == 200, path + " does not answer with 200 yet");
    }

    /** The server answers at all, be it that the request is not allowed. */
    static HealthCheck anyHttp(int port, String path) {
        return () -> expect(status(port, path) < 500, path + " answers with a server error");
    }

    private static int status(int port, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection(java.net.Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setUseCaches(false);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void expect(boolean condition, String otherwise) throws IOException {
        if (!condition) {
            throw new IOException(otherwise);
        }
    }
}
