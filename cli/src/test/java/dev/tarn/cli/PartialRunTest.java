package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialRunTest {

    private static final String NODES = """
            - name: orders
              read: {connection: in, format: csv, path: orders.csv}
              write: {connection: lake, format: delta, table: orders}
            - name: big
              depends_on: [orders]
              transform: {steps: [select * from df where amount > 10]}
            - name: total
              depends_on: [big]
              transform: {steps: [select sum(amount) as total from df]}
              write: {connection: lake, format: delta, table: total}
            - name: count
              depends_on: [big, orders]
              transform: {steps: ["select (select count(*) from big) as big, (select count(*) from orders) as n"]}
              write: {connection: lake, format: delta, table: count}
            """;

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder).file("orders.csv", "id,amount\n1,10\n2,20\n3,30\n");
    }

    /** Every file of a table, with its content. */
    private Map<String, String> content(String table) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder.resolve("lake").resolve(table))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(file.toString(), Files.getLastModifiedTime(file) + " " + Files.size(file));
            }
        }
        return content;
    }

    @Test
    void anEarlierCsvFileIsReadAsItWasWritten() {
        project.nodes("""
                - name: written
                  transform:
                    steps:
                      - >-
                        select * from (values ('a;b', '', date '2024-02-01', 1), ('NA', null, null, 2), (null, 'x', null, 3))
                        t(name, note, day, i)
                  write:
                    {connection: lake, format: csv, path: w.csv, options: {sep: ";", nullstr: "NA", dateformat: "%d.%m.%Y"}}
                - name: reader
                  depends_on: [written]
                  transform: {steps: ["select name, note, day, i::int as i from df"]}
                  write: {connection: lake, format: delta, table: reader}
                """);
        assertThat(project.run().exitCode()).isZero();
        List<String> direct = project.table("reader");

        Outcome again = project.run("--select", "reader");

        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(project.table("reader"))
                .isEqualTo(direct)
                .containsExactlyInAnyOrder("a;b||2024-02-01|1", "NA|null|null|2", "null|x|null|3");
    }

    @Test
    void aSelectedNodeReadsTheEarlierTableAndNothingElseIsTouched() throws IOException {
        project.nodes(NODES).run();
        project.file("orders.csv", "id,amount\n1,1000\n");
        Map<String, String> orders = content("orders");
        Map<String, String> total = content("total");

        Outcome outcome = project.run("--select", "count");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(project.table("count")).containsExactly("2|3");
        assertThat(content("orders")).isEqualTo(orders);
        assertThat(content("total")).isEqualTo(total);
        assertThat(outcome.out().lines().filter(line -> line.startsWith("p.")))
                .singleElement()
                .asString()
                .startsWith("p.count  ok");
        assertThat(outcome.out()).contains(": 1 ok");
        assertThat(outcome.err()).contains("test: 1 node and 1 helper, run ").contains("helper  p.big");
    }

    @Test
    void exclusionLeavesTheRestToRun() {
        project.nodes(NODES);

        Outcome outcome = project.run("--exclude", "total");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(project.table("count")).containsExactly("2|3");
        assertThat(project.exists("lake/total")).isFalse();
    }

    @Test
    void saysWhatWasNeverWritten() {
        Outcome outcome = project.nodes(NODES).run("--select", "total");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).isEqualTo("""
                error[TARN-0306]: 'lake:orders' does not exist yet, and node 'p.orders', which writes it, is not selected
                  --> PROJECT/tarn.yaml:12:22
                   |
                   |          depends_on: [orders]
                   |                       ^^^^^^
                help: select 'p.orders' too, or run it before

                1 error
                """);
        assertThat(project.exists("lake")).isFalse();
    }

    @Test
    void saysWhatWasNeverWrittenAndIsReadByItsPlace() {
        Outcome outcome = project.nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: bronze.orders}
                - name: copy
                  read: {connection: lake, format: delta, table: bronze.orders}
                  write: {connection: lake, format: delta, table: copy}
                """).run("--select", "copy");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains(
                        "'lake:bronze.orders' does not exist yet, and node 'p.orders', which writes it, is not selected");
    }

    @Test
    void aHelperThatFailsIsTheReasonWhyANodeWasSkipped() {
        project.nodes("""
                - name: good
                  read: {connection: in, format: csv, path: orders.csv}
                  validation: {tests: [{type: range, column: amount, min: 15}]}
                - name: total
                  depends_on: [good]
                  transform: {steps: [select sum(amount) as total from df]}
                  write: {connection: lake, format: delta, table: total}
                """);

        Outcome outcome = project.run("--select", "total");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("error[TARN-0504]: p.good: range_amount: 1 of 3 rows breaks the rule")
                .contains("skipped p.total  needs p.good, which failed");
        assertThat(outcome.out()).contains("0 ok, 1 failed, 1 skipped");
    }

    @Test
    void earlierRowsAreReadAlthoughTheTableIsAddedToInTheSameRun() {
        String nodes = """
                - name: first
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: all_orders, mode: append}
                - name: more
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: all_orders, mode: append}
                - name: count
                  depends_on: [first]
                  transform: {steps: [select count(*) as n from df]}
                  write: {connection: lake, format: delta, table: count}
                """;
        project.nodes(nodes).run();

        Outcome outcome = project.run("--select", "more count");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(project.table("count")).containsExactly("6");
        assertThat(project.table("all_orders")).hasSize(9);
    }

    @Test
    void dryRunShowsTheSelectedNodesAndTheirHelpers() throws IOException {
        project.nodes(NODES).run();

        Outcome outcome = project.run("--dry-run", "--select", "total");

        assertThat(outcome.out()).isEqualTo("""
                node     runs after  writes
                p.big    -           -
                p.total  p.big       lake:total (delta, overwrite)

                1 node would run; p.big would be computed for it; nothing was touched
                """);
        List<?> nodes = (List<?>) JSON.std
                .mapFrom(project.run("--dry-run", "--select", "total", "-o", "json")
                        .out())
                .get("nodes");
        assertThat(String.valueOf(nodes)).contains("{node=p.big, helper=true").contains("{node=p.total, helper=false");
    }

    @Test
    void aSelectorThatMatchesNothingIsWrongUsage() throws IOException {
        Outcome outcome = project.nodes(NODES).run("--select", "totl", "--exclude", "tag:x", "-o", "json");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).isEqualTo("""
                error: --select 'totl': unknown node 'totl'
                help: did you mean 'total'?
                error: --exclude 'tag:x': no node has the tag 'x'
                help: no node of this project has a tag
                """);
        assertThat(JSON.std.mapFrom(outcome.out()))
                .containsEntry("schema", "tarn/error/v1")
                .containsEntry("kind", "usage")
                .containsEntry(
                        "message", "--select 'totl': unknown node 'totl'; --exclude 'tag:x': no node has the tag 'x'");
    }

    @Test
    void anAtSignIsNoFileOfArguments() throws IOException {
        project.nodes(NODES);
        Path file = Files.createFile(Path.of("orders-of-arguments"));
        try {
            assertThat(project.run("--select", "@orders-of-arguments").err())
                    .contains("--select '@orders-of-arguments': unknown node 'orders-of-arguments'");
        } finally {
            Files.delete(file);
        }
    }
}
