package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {

    private static final String PROJECT = """
            project: test
            imports: more.yaml
            vars: {days: 7, region: north, login: {user: me, key: "${env:DB_KEY}"}}
            connections:
              in: {type: local, base_path: "${env:TARN_TEST_UNSET:-files}"}
              db: {type: local, base_path: "${env:DB_HOST}/x", password: hunter2}
            retry: {max_attempts: 5}
            environments:
              prod:
                retry: {max_attempts: 2}
                pipelines:
                  - pipeline: p
                    nodes: [{name: b, cache: true}]
            pipelines:
              - pipeline: p
                nodes:
                  - name: a
                    read: {connection: in, format: csv, path: "${vars.region}.csv"}
                  - name: b
                    cache: false
                    depends_on: [a]
                    transform:
                      steps:
                        - |
                          select *
                          from a -- ${vars.days}
            """;

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder)
                .file("tarn.yaml", PROJECT)
                .file(
                        "more.yaml",
                        "owner: them\nconnections:\n  in: {base_path: other}\n  lake: {type: local, base_path: lake}\n")
                .file("env.prod.yaml", "connections:\n  lake: {base_path: /srv/lake}\n")
                .file(".env", "DB_HOST=db.internal\nDB_KEY=s3cr3t-value\n");
    }

    private Outcome explain(String key, String... more) {
        String[] args = new String[more.length + 4];
        args[0] = "config";
        args[1] = "explain";
        args[2] = key;
        args[3] = folder.toString();
        System.arraycopy(more, 0, args, 4, more.length);
        return plain(project.tarn(args));
    }

    private Outcome plain(Outcome outcome) {
        return new Outcome(outcome.exitCode(), outcome.out().replace(folder.toString(), "PROJECT"), outcome.err());
    }

    private Outcome show(String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "config";
        args[1] = "show";
        args[2] = folder.toString();
        System.arraycopy(more, 0, args, 3, more.length);
        return plain(project.tarn(args));
    }

    @Test
    void explainsEveryLayer() {
        assertThat(explain("retry.max_attempts").out()).isEqualTo("""
                retry.max_attempts = 5
                  from project file (PROJECT/tarn.yaml:7:23)
                """);
        assertThat(explain("retry.max_attempts", "--env", "prod").out()).isEqualTo("""
                retry.max_attempts = 2
                  from environments.prod (PROJECT/tarn.yaml:10:27)
                  over 5 of project file (PROJECT/tarn.yaml:7:23)
                """);
        assertThat(explain("connections.lake.base_path", "--env", "prod").out()).isEqualTo("""
                connections.lake.base_path = /srv/lake
                  from env.prod.yaml (PROJECT/env.prod.yaml:2:21)
                  over lake of import (PROJECT/more.yaml:4:34)
                """);
        assertThat(explain("owner").out()).contains("owner = them\n  from import (PROJECT/more.yaml:1:8)\n");
    }

    @Test
    void explainsWhatWasReplaced() {
        assertThat(explain("connections.in.base_path").out()).isEqualTo("""
                connections.in.base_path = files
                  from project file (PROJECT/tarn.yaml:5:32): ${env:TARN_TEST_UNSET:-files}
                  env:TARN_TEST_UNSET is from the default behind it; the variable is not set
                """);
        assertThat(explain("p.a.read.path").out()).isEqualTo("""
                pipelines.p.nodes.a.read.path = north.csv
                  from project file (PROJECT/tarn.yaml:18:51): ${vars.region}.csv
                  vars.region is from PROJECT/tarn.yaml:3:25
                """);
    }

    @Test
    void explainsNodesByTheirNamesAndDefaults() {
        assertThat(explain("p.b.cache", "--env", "prod").out()).isEqualTo("""
                pipelines.p.nodes.b.cache = true
                  from environments.prod (PROJECT/tarn.yaml:13:34)
                  over false of project file (PROJECT/tarn.yaml:20:16)
                """);
        assertThat(explain("p.a.on_error").out())
                .isEqualTo("pipelines.p.nodes.a.on_error = fail_later\n  by default\n");
        assertThat(explain("retry.backoff").out()).isEqualTo("retry.backoff = exponential\n  by default\n");
    }

    @Test
    void explainsAllBelowAKey() {
        assertThat(explain("p.b").out())
                .contains("pipelines.p.nodes.b.name = b\n")
                .contains("pipelines.p.nodes.b.depends_on.0 = a\n");
    }

    @Test
    void neverPrintsSecrets() throws IOException {
        for (Outcome outcome : List.of(
                show(), show("-o", "json"), explain("connections"), explain("vars"), explain("vars", "-o", "json"))) {
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.out() + outcome.err())
                    .doesNotContain("hunter2")
                    .doesNotContain("s3cr3t")
                    .doesNotContain("db.internal")
                    .contains("***");
        }
        assertThat(explain("vars.login.key").out()).isEqualTo("""
                vars.login.key = "***"
                  from project file (PROJECT/tarn.yaml:3:55)
                  env:DB_KEY is from the file .env
                """);
    }

    @Test
    void aSecretBehindAVariableIsOneToo() {
        project.file(
                "tarn.yaml",
                PROJECT.replace("owner", "owner")
                        .replace("path: \"${vars.region}.csv\"", "path: x, filter: \"k = '${vars.login.key}'\""));

        assertThat(explain("p.a.read").out())
                .contains("read.filter = \"***\"\n")
                .doesNotContain("s3cr3t");
    }

    @Test
    void showsTheWholeAsAProjectThatMeansTheSame() {
        Outcome shown = show("--env", "prod");

        assertThat(shown.out()).isEqualTo("""
                owner: them
                connections:
                  in:
                    base_path: files
                    type: local
                  lake:
                    type: local
                    base_path: /srv/lake
                  db:
                    type: local
                    base_path: "***"
                    password: "***"
                project: test
                vars:
                  days: 7
                  region: north
                  login:
                    user: me
                    key: "***"
                retry:
                  max_attempts: 2
                pipelines:
                  - pipeline: p
                    nodes:
                      - name: a
                        read:
                          connection: in
                          format: csv
                          path: north.csv
                      - name: b
                        cache: true
                        depends_on:
                          - a
                        transform:
                          steps:
                            - |
                              select *
                              from a -- 7
                """);
    }

    @Test
    void jsonHasTheSame() throws IOException {
        Map<String, Object> shown =
                JSON.std.mapFrom(show("--env", "prod", "-o", "json").out());
        assertThat(shown).containsEntry("schema", "tarn/config/v1").containsEntry("environment", "prod");
        assertThat((Map<?, ?>) shown.get("project")).extracting("owner").isEqualTo("them");

        Map<String, Object> explained =
                JSON.std.mapFrom(explain("retry", "--env", "prod", "-o", "json").out());
        assertThat(explained.get("settings"))
                .asString()
                .contains(
                        "key=retry.max_attempts, value=2, origin={layer=environments.prod, file=PROJECT/tarn.yaml, line=10");
    }

    @Test
    void anUnknownKeyIsAMistake() throws IOException {
        assertThat(explain("retry.max_attemps")).isEqualTo(new Outcome(2, "", """
                error: no setting 'retry.max_attemps'
                help: did you mean 'retry.max_attempts'?
                """));
        assertThat(explain("zzz").err()).contains("help: 'tarn config show' lists what there is\n");
        assertThat(JSON.std.mapFrom(explain("zzz", "-o", "json").out())).containsEntry("schema", "tarn/error/v1");
    }

    @Test
    void aProjectThatCannotBeReadIsToldSo() throws IOException {
        project.file("tarn.yaml", "project: ${env:TARN_TEST_UNSET}\n");

        assertThat(show().err()).contains("environment variable 'TARN_TEST_UNSET' is not set");
        assertThat(JSON.std.mapFrom(show("-o", "json").out())).containsEntry("status", "invalid");
        assertThat(explain("project").exitCode()).isEqualTo(2);
    }

    @Test
    void withoutACommandItSaysWhichThereAre() {
        assertThat(project.tarn("config"))
                .isEqualTo(new Outcome(
                        2, "", "error: config needs one of: show, explain\nhelp: see 'tarn config --help'\n"));
        assertThat(project.tarn("config", "explain").err())
                .endsWith("help: write 'tarn config explain KEY'; see 'tarn config explain --help'\n");
    }
}
