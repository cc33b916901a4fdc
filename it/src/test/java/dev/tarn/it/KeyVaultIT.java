package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Azure Key Vault, by a server on this machine that speaks its protocol: a challenge to who brings no token, then the
 * secret. The token is a managed identity's, which a second server gives.
 */
class KeyVaultIT {

    private static final String VALUE = "canary-of-the-vault.invalid";

    @TempDir
    private Path scratch;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpsServer vault;
    private HttpServer identity;

    @BeforeEach
    void start() throws Exception {
        LocalStack.shell(
                "keytool -genkeypair -alias vault -keyalg RSA -storetype PKCS12 -storepass changeit -dname CN=vault"
                        + " -ext san=dns:my.vault.test -keystore '" + scratch.resolve("vault.p12") + "'");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(scratch.resolve("vault.p12"))) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        vault = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vault.setHttpsConfigurator(new HttpsConfigurator(tls));
        vault.createContext("/", this::answer);
        vault.start();
        identity = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        identity.createContext("/", this::giveToken);
        identity.start();
        Files.writeString(scratch.resolve("hosts"), "127.0.0.1 my.vault.test\n127.0.0.1 localhost\n");
    }

    @AfterEach
    void stop() {
        vault.stop(0);
        identity.stop(0);
    }

    private void giveToken(HttpExchange exchange) throws IOException {
        boolean known = "header".equals(exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER"));
        send(exchange, known ? 200 : 401, """
                {"access_token": "a-token", "expires_on": "4102444800", "resource": "https://vault.test", "token_type": "Bearer"}
                """);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (!"Bearer a-token".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders()
                    .add(
                            "WWW-Authenticate",
                            "Bearer authorization=\"https://login.vault.test/6babcaad-604b-40ac-a9d7-9fd97c0b779f\","
                                    + " resource=\"https://vault.test\"");
            send(exchange, 401, "{\"error\": {\"code\": \"Unauthorized\", \"message\": \"no token\"}}");
            return;
        }
        asked.add(path.replaceFirst("/$", ""));
        if (path.startsWith("/secrets/db-host")) {
            send(
                    exchange,
                    200,
                    "{\"value\": \"" + VALUE + "\", \"id\": \"https://my.vault.test:" + port()
                            + "/secrets/db-host/0123456789abcdef0123456789abcdef\", \"attributes\": {\"enabled\": true}}");
        } else if (path.startsWith("/secrets/forbidden")) {
            send(exchange, 403, "{\"error\": {\"code\": \"Forbidden\", \"message\": \"no get permission\"}}");
        } else {
            send(exchange, 404, "{\"error\": {\"code\": \"SecretNotFound\", \"message\": \"not here\"}}");
        }
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private int port() {
        return vault.getAddress().getPort();
    }

    private TarnProcess.Outcome run(String... nodes) throws Exception {
        Path project = Files.createDirectories(scratch.resolve("project"));
        Files.writeString(
                project.resolve("tarn.yaml"),
                """
                project: vault
                secrets: {kv: {provider: azure_key_vault, url: "https://my.vault.test:%d"}}
                connections:
                  db: {type: postgres, host: "${secret:kv/db-host}", database: d, user: u}
                  missing: {type: postgres, host: a, database: d, user: "${secret:kv/missing}"}
                  forbidden: {type: postgres, host: a, database: d, user: "${secret:kv/forbidden}"}
                pipelines:
                  - pipeline: p
                    nodes:
                """.formatted(port()) + String.join("\n", nodes).indent(6));
        Map<String, String> environment = Map.of(
                "IDENTITY_ENDPOINT", "http://127.0.0.1:" + identity.getAddress().getPort() + "/token",
                "IDENTITY_HEADER", "header",
                "JAVA_TOOL_OPTIONS",
                        "-Djdk.net.hosts.file=" + scratch.resolve("hosts")
                                + " -Djavax.net.ssl.trustStorePassword=changeit" + " -Djavax.net.ssl.trustStore="
                                + scratch.resolve("vault.p12"));
        try (TarnProcess process =
                TarnProcess.start(scratch, environment, "run", project.toString(), "--log-level", "debug", "--trace")) {
            return process.await(LocalStack.LIMIT);
        }
    }

    @Test
    void aSecretIsFetchedOnceHoweverManyNodesNeedItAndShownNowhere() throws Exception {
        TarnProcess.Outcome run = run(
                "- {name: a, read: {connection: db, format: sql, table: t}}",
                "- {name: b, read: {connection: db, format: sql, table: t}}",
                "- {name: c, read: {connection: db, format: sql, table: t}}",
                "- {name: d, read: {connection: missing, format: sql, table: t}}",
                "- {name: e, read: {connection: forbidden, format: sql, table: t}}");

        assertThat(run.err())
                .contains("p.a: connection 'db': there is no host '***'")
                .contains("p.b: connection 'db': there is no host '***'")
                .contains("p.c: connection 'db': there is no host '***'")
                .contains("key vault https://my.vault.test:" + port() + " has no secret 'missing'")
                .contains("refuses secret 'forbidden' (status 403)");
        assertThat(asked).containsOnlyOnce("/secrets/db-host");
        assertThat(run.out() + run.err()).doesNotContain(VALUE).doesNotContain("a-token");
        try (Stream<Path> files = Files.walk(scratch.resolve("project"))) {
            Optional<Path> leak = files.filter(Files::isRegularFile)
                    .filter(KeyVaultIT::hasValue)
                    .findFirst();
            assertThat(leak).isEmpty();
        }
    }

    private static boolean hasValue(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(VALUE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
