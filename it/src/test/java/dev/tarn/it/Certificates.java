package dev.tarn.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;

/** An authority for tests, and a server's certificate by it; made with the JDK's keytool. */
record Certificates(Path authority, Path certificate, Path key) {

    /** @param host the one that the server's certificate is for */
    static Certificates make(Path folder, String host) throws Exception {
        Files.createDirectories(folder);
        String store = "-storetype PKCS12 -storepass changeit -keystore ";
        String keytool = "'" + Path.of(System.getProperty("java.home"), "bin", "keytool") + "' ";
        LocalStack.shell(
                keytool + "-genkeypair -alias ca -dname CN=Authority -keyalg RSA -ext bc:c -validity 30 " + store
                        + "ca.p12 && " + keytool + "-exportcert -rfc -alias ca " + store + "ca.p12 > ca.pem && "
                        + keytool + "-genkeypair -alias server -dname CN=" + host + " -keyalg RSA -validity 30 " + store
                        + "server.p12 && " + keytool + "-certreq -alias server " + store + "server.p12 | " + keytool
                        + "-gencert -rfc -alias ca -ext san=dns:" + host + " -validity 30 " + store
                        + "ca.p12 > server.pem",
                folder);
        Path key = folder.resolve("server.key");
        writeKey(folder.resolve("server.p12"), key);
        return new Certificates(folder.resolve("ca.pem"), folder.resolve("server.pem"), key);
    }

    private static void writeKey(Path store, Path file) throws Exception {
        char[] password = "changeit".toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password);
        }
        Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        write(
                file,
                "-----BEGIN PRIVATE KEY-----\n"
                        + lines.encodeToString(keys.getKey("server", password).getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    /** PostgreSQL refuses a key that others may read. */
    private static void write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }
}
