package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryTest {

    private static final String TWO_NODES = """
            - name: orders
              description: As delivered
              read: {connection: in, format: csv, path: orders.csv}
              validation:
                tests:
                  - {type: range, name: not_negative, column: amount, min: 0, on_fail: quarantine}
                  - {type: not_null, columns: [customer], on_fail: warn}
                quarantine: {connection: lake, table: bad_orders}
              write: {connection: lake, format: delta, table: orders}
            - name: totals
              depends_on: [orders]
              transform:
                steps: ["select customer, sum(amount) as total from df group by all order by all"]
              write: {connection: lake, format: parquet, path: totals.parquet}
            """;

    @TempDir
    Path folder;

    private TestProject project() {
        return new TestProject(folder)
                .file("orders.csv", "id,customer,amount\n1,ann,10\n2,bob,-5\n3,,7\n4,ann,1\n")
                .nodes(TWO_NODES);
    }

    private List<Path> stories() {
        try (Stream<Path> found = Files.list(folder.resolve(".tarn/stories"))) {
            return found.sorted(Comparator.comparing(StoryTest::modified)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> json(Path story) throws IOException {
        return JSON.std.mapFrom(Files.readString(story.resolve("story.json")));
    }

    private static Map<?, ?> node(Map<String, Object> story, int index) {
        return (Map<?, ?>) Objects.requireNonNull((List<?>) story.get("nodes")).get(index);
    }

    private static Map<?, ?> previous(Map<String, Object> story, int index) {
        return (Map<?, ?>) Objects.requireNonNull(node(story, index).get("previous"));
    }

    private Outcome story(TestProject project, String... args) {
        return project.tarn(
                Stream.concat(Stream.concat(Stream.of("story"), Stream.of(args)), Stream.of(folder.toString()))
                        .toArray(String[]::new));
    }

    @Test
    void tellsWhatEachNodeDid() throws IOException {
        Outcome outcome = project().run();

        assertThat(outcome.exitCode()).isZero();
        Path story = stories().get(0);
        assertThat(outcome.out()).contains("story: " + story);
        Map<String, Object> json = json(story);
        assertThat(json).containsEntry("schema", "tarn/story/v1").containsEntry("status", "succeeded");
        Map<?, ?> orders = node(json, 0);
        assertThat(orders.get("description")).isEqualTo("As delivered");
        assertThat(orders.get("rows_out")).isEqualTo(3);
        assertThat(orders.get("rows_rejected")).isEqualTo(1);
        assertThat(String.valueOf(orders.get("columns")))
                .contains("{name=customer, type=VARCHAR, nulls=1, min=ann, max=ann, sensitive=false");
        assertThat(String.valueOf(orders.get("sample")))
                .contains("columns=[id, customer, amount]")
                .contains("[1, ann, 10]", "[3, null, 7]");
        assertThat(String.valueOf(orders.get("broken")))
                .contains("checks=[not_negative]", "{column=customer, value=bob}")
                .contains("checks=[not_null_customer]");
        assertThat(String.valueOf(orders.get("phases"))).contains("phase=read", "phase=check", "phase=commit");
        Map<?, ?> totals = node(json, 1);
        assertThat(totals.get("needs")).isEqualTo(List.of("p.orders"));
        assertThat(String.valueOf(totals.get("steps"))).contains("sum(amount)");
        assertThat(String.valueOf(totals.get("changes")))
                .contains("{column=total, kind=added, from=null, to=")
                .contains("{column=id, kind=removed");
        assertThat(String.valueOf(totals.get("sample"))).contains("[ann, 11.0]");
    }

    /** Other programs read it: whoever changes this changes the schema. */
    @Test
    void hasTheKeysOfItsSchema() throws IOException {
        project().run();

        Map<String, Object> json = json(stories().get(0));

        assertThat(json.keySet())
                .containsExactly(
                        "schema",
                        "run_id",
                        "project",
                        "environment",
                        "description",
                        "status",
                        "started_at",
                        "seconds",
                        "tarn_version",
                        "options",
                        "git_revision",
                        "git_dirty",
                        "totals",
                        "nodes");
        assertThat(node(json, 0).keySet().stream().map(String::valueOf))
                .containsExactly(
                        "node",
                        "description",
                        "tags",
                        "helper",
                        "status",
                        "reason",
                        "made_by",
                        "started_after",
                        "seconds",
                        "attempts",
                        "retries",
                        "phases",
                        "needs",
                        "after",
                        "inputs",
                        "pre_sql",
                        "steps",
                        "post_sql",
                        "target",
                        "quarantine",
                        "rows_in",
                        "rows_out",
                        "rows_rejected",
                        "columns",
                        "changes",
                        "sample",
                        "checks",
                        "broken",
                        "failure",
                        "previous");
    }

    @Test
    void tellsWhyARunFailedAndWhatDidNotRun() throws IOException {
        TestProject project = project().nodes(TWO_NODES.replace("on_fail: warn", "on_fail: fail"));

        assertThat(project.run().exitCode()).isEqualTo(1);

        Map<String, Object> json = json(stories().get(0));
        assertThat(json).containsEntry("status", "failed");
        assertThat(String.valueOf(node(json, 0).get("failure")))
                .contains("code=TARN-0504", "1 of 4 rows", "line=14", "excerpt=[");
        assertThat(String.valueOf(node(json, 0).get("broken"))).contains("checks=[not_null_customer]");
        assertThat(node(json, 1).get("status")).isEqualTo("skipped");
        assertThat(node(json, 1).get("reason")).isEqualTo("needs p.orders, which failed");
        assertThat(Files.readString(stories().get(0).resolve("story.md"))).contains("# test: failed", "TARN-0504");
    }

    @Test
    void comparesWithTheLastSuccessOfEachNode() throws IOException {
        TestProject project = project();
        project.run();
        project.nodes(TWO_NODES.replace("on_fail: warn", "on_fail: fail")).run();
        project.file("orders.csv", "id,customer,amount\n1,ann,10\n")
                .nodes(TWO_NODES.replace("sum(amount) as total", "max(amount) as highest"))
                .run();

        Map<String, Object> json = json(stories().get(2));
        Map<?, ?> orders = previous(json, 0);
        Map<?, ?> totals = previous(json, 1);

        assertThat(orders.get("run_id"))
                .isEqualTo(stories().get(0).getFileName().toString());
        assertThat(orders.get("rows_out")).isEqualTo(3);
        assertThat(orders.get("sql")).isEqualTo(List.of());
        assertThat(String.valueOf(totals.get("sql")))
                .contains("kind=removed, text=select customer, sum(amount)")
                .contains("kind=added, text=select customer, max(amount)");
        assertThat(String.valueOf(totals.get("columns"))).contains("column=highest, kind=added");
        assertThat(story(project, "diff", name(0), name(2)).out())
                .contains("p.totals", "changed", "+ select customer, max(amount) as highest");
    }

    private String name(int index) {
        return stories().get(index).getFileName().toString();
    }

    @Test
    void showsNothingOfSensitiveColumns() throws IOException {
        TestProject project = new TestProject(folder)
                .file(
                        "people.csv",
                        "id,ssn,mail,city\n1,CANARY-1,CANARY-m1,Rome\n2,CANARY-2,CANARY-m2,Oslo\n3,,CANARY-m3,Bonn\n")
                .nodes("""
                        - name: people
                          read: {connection: in, format: csv, path: people.csv}
                          sensitive: [ssn]
                          columns: {mail: {pii: true}}
                          validation:
                            tests:
                              - {type: not_null, columns: [ssn], on_fail: quarantine}
                              - {type: regex_match, column: mail, pattern: 'x', on_fail: warn}
                            quarantine: {connection: lake, table: bad}
                          write: {connection: lake, format: delta, table: people}
                        - name: cities
                          depends_on: [people]
                          transform: {steps: ["select upper(city) as city, SSN, mail from df"]}
                          write: {connection: lake, format: delta, table: cities}
                        - name: broken
                          depends_on: [people]
                          on_error: ignore
                          transform: {steps: ["select cast(ssn as int) as n from df"]}
                        - name: secret
                          read: {connection: in, format: csv, path: people.csv}
                          sensitive: true
                          write: {connection: lake, format: csv, path: secret.csv}
                        - name: reader
                          inputs: {s: {connection: lake, format: csv, path: secret.csv}}
                          transform: {steps: ["select ssn, length(city) as letters from s"]}
                        """);

        assertThat(project.run().exitCode()).isZero();
        assertThat(project.run("--select", "cities reader").exitCode()).isZero();

        for (Path story : stories()) {
            try (Stream<Path> files = Files.list(story)) {
                for (Path file : files.toList()) {
                    assertThat(Files.readString(file)).doesNotContain("CANARY").contains("ROME");
                }
            }
        }
        Map<String, Object> json = json(stories().get(0));
        assertThat(String.valueOf(node(json, 0).get("sample"))).contains("[1, •••, •••, Rome]");
        assertThat(String.valueOf(node(json, 2).get("failure")))
                .contains("the message is left out, because it may show values of sensitive columns");
        assertThat(String.valueOf(node(json, 3).get("sample"))).contains("[•••, •••, •••, •••]");
    }

    @Test
    void aValueIsNoMarkup() throws IOException {
        project()
                .file("orders.csv", "id,customer,amount\n1,</pre></script><script>alert(1)</script>,10\n")
                .run();

        String page = Files.readString(stories().get(0).resolve("story.html"));

        assertThat(page)
                .contains("&lt;/pre&gt;&lt;/script&gt;&lt;script&gt;alert(1)")
                .doesNotContain("<script>alert")
                .containsPattern("script-src 'sha256-[A-Za-z0-9+/=]{44}'")
                .contains("default-src 'none'");
        assertThat(page.split("<script", -1)).hasSize(2);
    }

    @Test
    void findsRunsByPartsOfTheirNames() {
        TestProject project = project();
        project.run();
        String run = name(0);

        assertThat(story(project, "show", run.substring(run.length() - 6)).out())
                .contains("run " + run, "p.orders", "run succeeded", "quarantined: p.orders: not_negative");
        assertThat(story(project, "last", "-o", "json").out()).contains("\"run_id\" : \"" + run);
        assertThat(story(project, "show", "last", "-o", "markdown").out()).startsWith("# test: succeeded");
        assertThat(story(project, "show", "-o", "html").out()).startsWith("<!doctype html>");
        assertThat(story(project, "open").out()).contains(run);
        Outcome unknown = story(project, "show", "20200101T000000Z-000000");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("run '20200101T000000Z-000000' has no story");
        assertThat(story(project, "diff", run).exitCode()).isEqualTo(2);
    }

    @Test
    void listsRunsThatHaveNoStory() throws IOException {
        TestProject project = project();
        project.run();
        project.run();
        Path gone = stories().get(0);
        try (Stream<Path> files = Files.list(gone)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(gone);

        assertThat(story(project, "list").out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
                .hasSize(3)
                .anyMatch(line -> line.matches(gone.getFileName() + " .*succeeded \\| - \\|.*"))
                .anyMatch(line -> line.matches(name(0) + " .*succeeded \\| yes \\|.*"));
        assertThat(story(project, "list", "-o", "json").out()).contains("\"story\" : false", "\"story\" : true");
    }

    @Test
    void saysThatNothingRan() {
        TestProject project = project();

        assertThat(story(project, "list").exitCode()).isZero();
        Outcome last = story(project, "last");
        assertThat(last.exitCode()).isEqualTo(2);
        assertThat(last.err()).contains("no run of 'test' has a story");
        assertThat(folder.resolve(".tarn")).doesNotExist();
    }

    @Test
    void aStoryThatCannotBeWrittenChangesNothing() {
        TestProject project = project().file("reports", "a file");
        project.file("tarn.yaml", "story: {path: reports}\n" + contents("tarn.yaml"));

        Outcome outcome = project.run("-o", "json");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("\"story\" : null", "\"status\" : \"succeeded\"");
        assertThat(outcome.err()).contains("warning: this run has no story");
    }

    private String contents(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void keepsAsManyAsTheProjectSays() {
        TestProject project = project();
        project.file("tarn.yaml", "story: {retention_count: 2, max_sample_rows: 1}\n" + contents("tarn.yaml"));

        for (int i = 0; i < 3; i++) {
            project.run();
        }

        assertThat(stories()).hasSize(2);
    }

    @Test
    void isNotWrittenWhenTheProjectDoesNotWantIt() {
        TestProject project = project();
        project.file("tarn.yaml", "story: {auto_generate: false}\n" + contents("tarn.yaml"));

        assertThat(project.run().out()).doesNotContain("story");
        assertThat(folder.resolve(".tarn/stories")).doesNotExist();
    }

    @Test
    void refusesUnknownKeys() {
        TestProject project = project();
        project.file("tarn.yaml", "story: {retention_day: 2, docs: {enabled: true}}\n" + contents("tarn.yaml"));

        assertThat(project.validate().err())
                .contains("unknown key 'retention_day' in 'story'", "did you mean 'retention_days'?")
                .contains("'docs' is not supported yet");
    }
}
