package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterpolatorTest {

    @TempDir
    Path folder;

    private ProjectFixture fixture() {
        return new ProjectFixture(
                folder, Map.of("NAME", "bob", "WORKERS", "4", "EMPTY", "", "WILD", "x: {y: [1]}\n- \"z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "${env:NAME} => bob",
                "${NAME} => bob",
                "a${NAME}b${env:NAME}c => abobbbobc",
                "${env:NOPE:-default value} => default value",
                "x${NOPE:-} and => x and",
                "${EMPTY:-x} => x",
                "-${EMPTY}- => --",
                "${NOPE:-${NAME}} => bob",
                "${NOPE:-${NADA:-{}}} => {}",
                "${NOPE:-a:-b} => a:-b",
                "$${NAME} => ${NAME}",
                "$$${NAME} => $${NAME}",
                "$NAME {NAME} $ => $NAME {NAME} $",
                "${vars.region}-${vars.nested.deep} => eu-3.10",
                "${vars.composed} => eu/bob",
                "${vars.nested.deep} => 3.10",
                "${vars.link.deep} => 3.10",
                "${date:today} => 2024-03-15",
                "${date:yesterday} => 2024-03-14",
                "${date:now} => 2024-03-15T10:20:30",
                "${date:now+1d:HH} => 10",
                "${date:start_of_month} => 2024-03-01",
                "${date:end_of_month-1m} => 2024-02-29",
                "${date:start_of_year} => 2024-01-01",
                "${date:today-7d:yyyy-MM-dd} => 2024-03-08",
                "${date:today - 2w} => 2024-03-01",
                "${date:-1y} => 2023-03-15",
                "${date:today+1m:yyyyMMdd'Y'} => 20240415Y",
                "${date:today:%Y-%m-%d} => 2024-03-15",
                "${date:now:%Y%m%dT%H%M%S %j %b %%} => 20240315T102030 075 Mar %",
                "${date:now:HH:mm} => 10:20"
            })
    void replacesReferences(String text, String expected) {
        ProjectFixture.Loaded loaded = load("\"" + text + "\"");

        assertThat(loaded.messages()).isEmpty();
        assertThat(loaded.project().description()).isEqualTo(expected);
    }

    private ProjectFixture.Loaded load(String description) {
        return fixture().load("""
                        project: p
                        connections: {data: {type: local}}
                        pipelines:
                          - pipeline: main
                            nodes:
                              - {name: a, transform: {steps: [SELECT 1]}}
                        vars:
                          region: eu
                          nested: {deep: 3.10}
                          composed: ${vars.region}/${env:NAME}
                          link: ${vars.nested}
                        """ + "description: " + description + "\n");
    }

    @Test
    void keepsAReplacementOneText() {
        assertThat(load("${WILD}").project().description()).isEqualTo("x: {y: [1]}\n- \"z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "${env:WORKERS} => 4",
                "${vars.count} => 3",
                "\"${vars.count}\" => 3",
                "${NOPE:-2} => 2",
            })
    void typesPlainReplacements(String attempts, int expected) {
        ProjectFixture.Loaded loaded = loadWithAttempts(attempts);

        assertThat(loaded.messages()).isEmpty();
        assertThat(loaded.project().retry().maxAttempts()).isEqualTo(expected);
    }

    @Test
    void leavesQuotedReplacementsText() {
        assertThat(loadWithAttempts("\"${env:WORKERS}\"").messages())
                .containsExactly("error WRONG_TYPE 9:17 'max_attempts' takes a whole number, not text"
                        + " [write it without quotes]");
    }

    private ProjectFixture.Loaded loadWithAttempts(String attempts) {
        return fixture()
                .load(ProjectFixture.withNodes("- {name: a, transform: {steps: [SELECT 1]}}")
                        + "retry:\n  max_attempts: " + attempts + "\nvars: {count: 3}\n");
    }

    @Test
    void takesWholeListsFromVars() {
        ProjectFixture.Loaded loaded = fixture()
                .load(ProjectFixture.withNodes("- {name: a, tags: \"${vars.tags}\", transform: {steps: [SELECT 1]}}")
                        + "vars: {tags: [x, \"${NAME}\"]}\n");

        assertThat(loaded.messages()).isEmpty();
        assertThat(loaded.node().tags()).isEqualTo(List.of("x", "bob"));
    }

    @Test
    void keepsPositionsRightAfterAReplacement() {
        ProjectFixture.Loaded loaded =
                fixture().load(ProjectFixture.withNodes("""
                        - name: a
                          transform:
                            steps:
                              - |
                                SELECT '${NAME}' AS é, "${vars.x}" FROM t
                                WHERE $${x}
                        """) + "vars: {x: 'a long replacement'}\n");
        var sql = loaded.node().steps().get(0).text();

        assertThat(sql.text()).isEqualTo("SELECT 'bob' AS é, \"a long replacement\" FROM t\nWHERE ${x}\n");
        assertThat(sql.span(sql.text().indexOf("FROM"), 4)).hasToString(folder + "/tarn.yaml:11:50");
        assertThat(sql.span(sql.text().indexOf("long"), 4)).hasToString(folder + "/tarn.yaml:11:39");
        assertThat(sql.span(sql.text().indexOf("bob"), 3).length()).isEqualTo("${NAME}".length());
        assertThat(sql.span(sql.text().indexOf("WHERE"), 5)).hasToString(folder + "/tarn.yaml:12:15");
        assertThat(sql.span(sql.text().indexOf("{x}"), 1)).hasToString(folder + "/tarn.yaml:12:23");
    }

    @Test
    void replacesInSqlFiles() {
        fixture().write("sql/a.sql", "\uFEFFSELECT 1,\r\n  '${NAME}' x, ${NOPE}");
        fixture().write("sql/b.sql", "SELECT 1,\r\n  '${NAME}' x, y");

        ProjectFixture.Loaded loaded = fixture()
                .load(ProjectFixture.withNodes(
                        "- {name: a, transform: {steps: [{sql_file: sql/a.sql}, {sql_file: ./sql/b.sql}]}}"));
        var sql = loaded.node().steps().get(0).text();

        assertThat(loaded.messages())
                .containsExactly("error UNRESOLVED_VARIABLE a.sql:2:16 environment variable 'NOPE' is not set"
                        + " [set it, or give a default: ${env:NOPE:-default}]");
        assertThat(sql.text()).isEqualTo("SELECT 1,\n  'bob' x, y");
        assertThat(sql.span(sql.text().indexOf("y"), 1)).hasToString(folder + "/sql/b.sql:2:16");
    }

    @Test
    void boundsWhatVariablesAdd() {
        StringBuilder vars = new StringBuilder("vars:\n  x0: lolololololol\n");
        for (int i = 1; i < 30; i++) {
            String reference = "${vars.x" + (i - 1) + "}";
            vars.append("  x" + i + ": " + reference.repeat(9) + "\n");
        }

        ProjectFixture.Loaded loaded = fixture().load(vars.toString());

        assertThat(loaded.problems()).hasSize(4);
        assertThat(loaded.messages())
                .contains("error BAD_INTERPOLATION 8:17 variables make the project grow too large"
                        + " [no project needs that: check 'vars']");
    }

    @Test
    void boundsChainsOfVariables() {
        StringBuilder vars = new StringBuilder("vars:\n");
        for (int i = 0; i < 20_000; i++) {
            vars.append("  x" + i + ": ${vars.x" + (i + 1) + "}\n");
        }

        assertThat(fixture().load(vars.toString()).messages())
                .contains("error BAD_INTERPOLATION 51:8 more than 50 variables refer to each other in a chain"
                        + " [use fewer]");
    }
}
