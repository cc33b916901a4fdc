package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.DeltaTable;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections over TLS, to servers whose certificate is for {@code localhost} and by an authority of the test. */
class DatabaseTlsIT {

    @TempDir
    private Path scratch;

    private static final String SERVICES = """
            services:
              postgres:
                settings: {ssl: "on", ssl_cert_file: "%1$s", ssl_key_file: "%2$s"}
              mariadb:
                settings: {ssl_cert: "%1$s", ssl_key: "%2$s"}
            """;

    @Test
    void certificatesAreCheckedAsFarAsTheConnectionSays() throws Exception {
        Certificates server = Certificates.make(scratch.resolve("right"), "localhost");
        Certificates other = Certificates.make(scratch.resolve("other"), "localhost");
        try (LocalStack stack = new LocalStack(scratch, "encrypted")) {
            String services = SERVICES.formatted(server.certificate(), server.key());
            stack.project("project: encrypted\n" + services);
            stack.succeed("up");
            String head = "project: encrypted\nsecrets: {s: {provider: environment}}\nconnections:\n"
                    + connections(stack, "postgres", "sslmode", server.authority(), other.authority())
                    + connections(stack, "mariadb", "sslMode", server.authority(), other.authority())
                    + "  lake: {type: local, base_path: lake}\n";
            stack.project(head + services + """
                    pipelines:
                      - pipeline: p
                        nodes:
                          - name: pg
                            read: {connection: postgres_right, format: sql, query: "SELECT ssl::text AS tls FROM pg_stat_ssl WHERE pid = pg_backend_pid()"}
                            write: {connection: lake, format: delta, table: pg}
                          - name: maria
                            read: {connection: mariadb_right, format: sql, query: "SELECT variable_value <> '' AS tls FROM information_schema.session_status WHERE variable_name = 'ssl_cipher'"}
                            write: {connection: lake, format: delta, table: maria}
                    """);

            TarnProcess.Outcome test = stack.run("connection", "test");

            for (String kind : new String[] {"postgres", "mariadb"}) {
                assertThat(test.out())
                        .containsPattern("ok +connection " + kind + "_any_host_any_authority ")
                        .containsPattern("ok +connection " + kind + "_right ")
                        .containsPattern("ok +connection " + kind + "_authority_only ")
                        .containsPattern("error +connection " + kind + "_other_host +no encrypted connection")
                        .containsPattern("error +connection " + kind + "_other_authority +no encrypted connection")
                        .containsPattern("error +connection " + kind + "_unknown_authority +no encrypted connection");
            }
            assertThat(test.exitCode()).isEqualTo(1);
            stack.succeed("run");
            assertThat(value(stack, "pg")).isEqualTo("true");
            assertThat(value(stack, "maria")).isEqualTo("1");
        }
    }

    private static String connections(
            LocalStack stack, String service, String property, Path authority, Path otherAuthority) throws Exception {
        String port = stack.text(service, "endpoint").replaceFirst(".*:(\\d+)/.*", "$1");
        java.util.Properties login = new java.util.Properties();
        try (var in = java.nio.file.Files.newBufferedReader(Path.of(stack.text(service, "credentials")))) {
            login.load(in);
        }
        stack.with("S__" + service.toUpperCase(java.util.Locale.ROOT), login.getProperty("password"));
        String[][] variants = {
            {"any_host_any_authority", "127.0.0.1", "tls: require"},
            {"right", "localhost", "tls: verify, certificate: '" + authority + "'"},
            {
                "authority_only",
                "127.0.0.1",
                "tls: verify, certificate: '" + authority + "', properties: {" + property + ": verify-ca}"
            },
            {"other_host", "127.0.0.1", "tls: verify, certificate: '" + authority + "'"},
            {"other_authority", "localhost", "tls: verify, certificate: '" + otherAuthority + "'"},
            {"unknown_authority", "localhost", "tls: verify"}
        };
        StringBuilder yaml = new StringBuilder();
        for (String[] variant : variants) {
            yaml.append("  %s_%s: {type: %s, host: %s, port: %s, database: tarn, user: tarn,"
                    .formatted(service, variant[0], service, variant[1], port));
            yaml.append(" password: \"${secret:s/" + service + "}\", " + variant[2] + "}\n");
        }
        return yaml.toString();
    }

    private static String value(LocalStack stack, String table) throws SQLException {
        String select = DeltaTable.forPath(stack.folder.resolve("lake").resolve(table))
                .snapshot()
                .orElseThrow()
                .toSql();
        try (var duck = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet row = duck.createStatement().executeQuery(select)) {
            row.next();
            return row.getString(1);
        }
    }
}
