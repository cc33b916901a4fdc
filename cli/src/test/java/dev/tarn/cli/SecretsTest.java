package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Secrets are planted on every way that leads into a run, and searched for in everything that comes out of it. */
@Isolated("the value of a secret comes from standard input, which the process has one of")
class SecretsTest {

    /** With what JSON, HTML and SQL write in another way. */
    private static final List<String> CANARIES = List.of(
            "canary-of-the-environment.invalid",
            "canary-of\\\"the'file<&>.invalid",
            "canary-token-of-sql",
            "canary-password-as-it-is",
            "canary-in-a-list-of-brokers");

    @TempDir
    private Path folder;

    private TestProject project;

    @BeforeEach
    void plant() {
        project = new TestProject(folder)
                .file("secrets.key", "a long passphrase\n")
                .file(
                        ".env",
                        "ERP__DB_HOST=" + CANARIES.get(0) + "\nAPI_TOKEN=" + CANARIES.get(2) + "\nERP__BROKERS="
                                + CANARIES.get(4) + "\n")
                .file("tarn.yaml", """
                        project: canaries
                        secrets:
                          erp: {provider: environment}
                          vault: {provider: file, key_file: secrets.key}
                        logging: {level: debug}
                        connections:
                          by_env: {type: postgres, host: "${secret:erp/db-host}", database: d, user: u, password: canary-password-as-it-is}
                          by_file: {type: mariadb, host: "${vars.host}", database: d, user: u}
                          plain: {type: postgres, host: 127.0.0.1, port: 1, database: d, user: u, password: canary-password-as-it-is}
                          events: {type: kafka, bootstrap_servers: "${secret:erp/brokers}"}
                          lake: {type: local, base_path: lake}
                        vars: {host: "${secret:vault/host}"}
                        pipelines:
                          - pipeline: p
                            nodes:
                              - {name: a, read: {connection: by_env, format: sql, table: t}}
                              - {name: a2, read: {connection: by_env, format: sql, table: t}}
                              - {name: b, read: {connection: by_file, format: sql, table: t}}
                              - {name: c, read: {connection: plain, format: sql, table: t}}
                              - name: d
                                transform: {steps: ["SELECT '${env:API_TOKEN}' AS token, 'canary-password-as-it-is' AS p"]}
                                validation: {tests: [{type: row_count, min: 2, on_fail: warn}]}
                                write: {connection: lake, format: delta, table: d}
                              - {name: e, transform: {steps: ["SELECT CAST('${env:API_TOKEN}' AS INTEGER) AS x"]}}
                              - {name: f, transform: {steps: ["SELECT ${env:API_TOKEN}"]}}
                        """);
    }

    private Outcome tarn(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("-p", folder.toString()));
        return project.tarn(all.toArray(String[]::new));
    }

    private Outcome type(String typed, String... args) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
        try {
            return tarn(args);
        } finally {
            System.setIn(before);
        }
    }

    private static void assertClean(String where, String text) {
        for (String canary : CANARIES) {
            assertThat(text).as(where).doesNotContain(canary);
        }
        assertThat(text)
                .as(where)
                .doesNotContain("file<&")
                .doesNotContain("the'file")
                .doesNotContain("the&#39;file");
    }

    private void assertClean(String what, Outcome outcome) throws IOException {
        assertClean(what, outcome.out());
        assertClean(what, outcome.err());
        try (Stream<Path> files = Files.walk(folder.resolve(".tarn"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertClean(what + ": " + file, Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void noSecretIsShownAnywhere() throws IOException {
        assertThat(type(CANARIES.get(1) + "\n", "secret", "set", "vault/host").exitCode())
                .isZero();

        Outcome run = tarn("run", "--trace", "--workers", "6");
        assertThat(run.exitCode()).isEqualTo(1);
        // Each of them was fetched and said, so that there was something to hide.
        assertThat(run.err())
                .contains("p.a: connection 'by_env': there is no host '***'")
                .contains("p.a2: connection 'by_env': there is no host '***'")
                .contains("p.b: connection 'by_file': there is no host '***'")
                .contains("p.c: connection 'plain': nothing answers at 127.0.0.1:1")
                .contains("Could not convert string '***' to INT32");
        assertClean("run", run);
        assertClean("run -o json", tarn("run", "-o", "json", "--log-format", "json", "--log-level", "debug"));
        assertClean("resume", tarn("run", "--resume"));
        for (String[] args : new String[][] {
            {"validate", "-o", "json"},
            {"validate"},
            {"ls", "-o", "json"},
            {"graph", "-o", "json"},
            {"run", "--dry-run", "-o", "json"},
            {"config", "show"},
            {"config", "show", "-o", "json"},
            {"config", "explain", "connections"},
            {"config", "explain", "vars"},
            {"connection", "test"},
            {"connection", "test", "-o", "json"},
            {"secret", "list"},
            {"doctor"},
            {"story", "show", "last"},
            {"story", "show", "last", "-o", "json"},
            {"story", "show", "last", "-o", "html"}
        }) {
            assertClean(String.join(" ", args), tarn(args));
        }
        // What a node writes is the user's.
        assertThat(project.table("d")).containsExactly(CANARIES.get(2) + "|" + CANARIES.get(3));
    }

    @Test
    void validatingFetchesNoSecretAndKnowsTheScopes() {
        assertThat(tarn("validate").exitCode()).isZero();
        assertThat(tarn("validate").err()).doesNotContain("vault").doesNotContain("erp");

        project.file("tarn.yaml", """
                project: p
                secrets: {erp: {provider: environment}}
                connections:
                  db: {type: postgres, host: a, database: "${secret:epr/x}", user: "${secret:erp}"}
                  lake: {type: local, base_path: "${secret:erp/path}"}
                pipelines:
                  - pipeline: p
                    nodes: [{name: n, transform: {steps: ["SELECT '${secret:erp/x}'"]}}]
                """);
        assertThat(tarn("validate").err())
                .contains("error[TARN-0204]: unknown secret scope 'epr'")
                .contains("did you mean 'erp'?")
                .contains("error[TARN-0202]: cannot understand '${secret:erp}'")
                .contains("error[TARN-0205]: a secret cannot be used here")
                .contains("tarn.yaml:5:34")
                .contains("tarn.yaml:8:43");
    }

    @Test
    void secretsAreSetListedAndRemoved() {
        assertThat(type("one\n", "secret", "set", "vault/a").out()).startsWith("set vault/a in ");
        assertThat(type("two", "secret", "set", "vault/b").exitCode()).isZero();
        assertThat(tarn("secret", "list").out().lines().map(line -> line.replaceFirst(" .*", "")))
                .containsExactly("vault/a", "vault/b");
        assertThat(tarn("secret", "rm", "vault/a").exitCode()).isZero();
        assertThat(tarn("secret", "list", "-o", "json").out())
                .contains("vault/b")
                .doesNotContain("vault/a");

        assertThat(tarn("secret", "rm", "vault/a").err()).contains("has no secret 'a'");
        assertThat(type("", "secret", "set", "vault/c").err()).contains("the value is empty");
        assertThat(tarn("secret", "set", "erp/c").err()).contains("'erp' is no scope with an encrypted file");
        assertThat(tarn("secret", "set", "vault").err()).contains("'vault' names no secret");
        project.file("secrets.key", "another passphrase\n");
        assertThat(type("x", "secret", "set", "vault/c").err())
                .contains("the passphrase of")
                .contains("is wrong");
    }
}
