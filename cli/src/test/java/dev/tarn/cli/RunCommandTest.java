package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder).file("orders.csv", "id,amount\n1,10\n2,\n3,30\n");
    }

    @Test
    void readsTransformsAndWritesATable() {
        Outcome outcome = project.nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: bronze.orders}
                - name: total
                  depends_on: [orders]
                  transform:
                    steps:
                      - select sum(amount) as total, count(*) as n from df
                  write: {connection: lake, format: delta, table: gold.total}
                """).run();

        assertThat(outcome.err()).contains("ok      p.orders  3 rows");
        assertThat(outcome.exitCode()).isZero();
        assertThat(project.table("gold/total")).containsExactly("40|3");
        assertThat(outcome.out().lines().toList().get(0))
                .isEqualTo("node      status  rows in  rows out  rejected  seconds");
        assertThat(outcome.out()).contains("run succeeded in ").contains(": 2 ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read_csv('%s/lake/made.csv')",
                "'%s/lake/*.csv'",
                "read_csv(['%s/orders.csv', '%s/lake/made.csv'])"
            })
    void waitsForTheFileThatItsSqlReadsByItself(String table) {
        project.nodes("""
                - name: slow
                  read: {connection: in, format: csv, path: orders.csv}
                  transform: {steps: ["select max(id) as id, 7 as amount from df, range(3000000)"]}
                  write: {connection: lake, format: csv, path: made.csv}
                - name: total
                  transform: {steps: ["select max(amount) as most from %s"]}
                  write: {connection: lake, format: delta, table: total}
                """.formatted(table.replace("%s", folder.toString())));

        assertThat(project.run().exitCode()).isZero();
        assertThat(project.table("total")).containsExactly(table.contains("orders.csv") ? "30" : "7");
        assertThat(project.tarn("ls", folder.toString(), "--select", "+total").out())
                .isEqualTo("p.slow\np.total\n");
    }

    @Test
    void computesACachedNodeInItsOwnTurn() {
        String nodes = """
                - name: first
                  cache: %s
                  transform: {steps: ["select error('broken') as x"]}
                - name: second
                  depends_on: [first]
                  write: {connection: lake, format: csv, path: out.csv}
                """;

        assertThat(project.nodes(nodes.formatted(false)).run().err()).contains("ok      p.first", "failed  p.second");
        assertThat(project.nodes(nodes.formatted(true)).run().err()).contains("failed  p.first", "skipped p.second");
    }

    @Test
    void leavesNothingBehindButTablesAndItsStateFolder() throws IOException {
        project.nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: orders}
                """).run();

        assertThat(project.files(".tarn").stream().filter(file -> !file.startsWith("stories/")))
                .containsExactly(".gitignore", "history.db", "tmp/lock");
    }

    @Test
    void aSecondRunGivesTheSameTables() {
        project.nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  validation:
                    tests: [{type: not_null, columns: amount, on_fail: quarantine}]
                    quarantine: {connection: lake, table: rejected, add_columns: {rejected_at: false, source_batch_id: false}}
                  write: {connection: lake, format: delta, table: orders}
                """);
        project.run();
        List<String> orders = project.table("orders");
        List<String> rejected = project.table("rejected");

        Outcome second = project.run();

        assertThat(second.exitCode()).isZero();
        assertThat(project.table("orders")).isEqualTo(orders).containsExactly("1|10", "3|30");
        assertThat(project.table("rejected"))
                .isEqualTo(rejected)
                .containsExactly("2|null|'amount' must not be NULL|not_null_amount");
    }

    @Test
    void dfInATextStaysText() {
        project.nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  transform:
                    steps:
                      - "select id, 'df' as df, df.amount from df -- df"
                      - "with df as (select * from df where id > 1) select df.df || '!' as word, id from df;"
                  write: {connection: lake, format: delta, table: words}
                """).run();

        assertThat(project.table("words")).containsExactly("df!|2", "df!|3");
    }

    @Test
    void sqlMayNameOtherNodesOfThePipeline() {
        Outcome outcome = project.nodes("""
                - name: double_amounts
                  transform: {steps: ["select id, amount * 2 as amount from orders"]}
                - name: result
                  transform: {steps: ["select o.id, d.amount from Orders o join double_amounts d using (id)"]}
                  write: {connection: lake, format: delta, table: result}
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                """).run();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(project.table("result")).containsExactly("1|20", "2|null", "3|60");
    }

    @Test
    void aNodeNamedLikeAKeywordWorks() {
        Outcome outcome = project.nodes("""
                - name: select
                  read: {connection: in, format: csv, path: orders.csv}
                - name: from
                  depends_on: [select]
                  transform: {steps: ["select count(*) as n from \\"select\\""]}
                  write: {connection: lake, format: delta, table: result}
                """).run();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(project.table("result")).containsExactly("3");
    }

    @Test
    void readsTablesOfEarlierNodesByTheirPlaceAndInOrder() {
        Outcome outcome = project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: a}
                - name: b
                  read: {connection: lake, format: delta, table: a}
                  write: {connection: lake, format: parquet, path: b.parquet}
                - name: c
                  read: {connection: lake, format: parquet, path: "*.parquet"}
                  write: {connection: lake, format: delta, table: c}
                """).run();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(project.table("c")).hasSize(3);
    }

    @Test
    void randomRowsAreTheSameForAllWhoReadThem() {
        project.nodes("""
                - name: dice
                  transform: {steps: ["select i, random() as r from range(1000) t(i)"]}
                - name: one
                  depends_on: [dice]
                  write: {connection: lake, format: delta, table: one}
                - name: two
                  depends_on: [dice]
                  write: {connection: lake, format: delta, table: two}
                - name: pairs
                  depends_on: [dice]
                  transform: {steps: ["select count(*) as n from dice a join dice b using (i) where a.r = b.r"]}
                  write: {connection: lake, format: delta, table: pairs}
                """).run();

        assertThat(project.table("one")).isEqualTo(project.table("two")).hasSize(1000);
        assertThat(project.table("pairs")).containsExactly("1000");
    }

    @Test
    void aFailingQueryPointsIntoTheUsersText() {
        project.file("sql/total.sql", "select id,\n       sum(amuont) as total\nfrom df\ngroup by id\n");
        Outcome outcome = project.nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: orders}
                - name: total
                  depends_on: [orders]
                  transform: {steps: [{sql_file: sql/total.sql}]}
                  write: {connection: lake, format: delta, table: total}
                - name: after
                  depends_on: [total]
                  write: {connection: lake, format: delta, table: after}
                """).run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("""
                error[TARN-0501]: p.total: unknown column 'amuont'
                  --> PROJECT/sql/total.sql:2:12
                   |
                   |         sum(amuont) as total
                   |             ^^^^^^
                help: did you mean 'amount'?
                """);
        assertThat(outcome.err())
                .contains("skipped p.after  needs p.total, which failed")
                .doesNotContain("\tat ");
        assertThat(outcome.out()).contains("run failed in").contains("1 ok, 1 failed, 1 skipped");
        assertThat(project.exists("lake/total/_delta_log")).isFalse();
    }

    @Test
    void aValueThatCannotBeConvertedPointsAtTheConversion() {
        Outcome outcome = project.file("bad.csv", "id\na\n").nodes("""
                - name: bad
                  read: {connection: in, format: csv, path: bad.csv, options: {all_varchar: true}}
                  transform:
                    steps:
                      - select upper(id) as id from df
                      - |
                        select
                          cast(id as integer) as number
                        from df
                  write: {connection: lake, format: delta, table: bad}
                """).run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("could not convert string 'A' to INT32")
                .contains("tarn.yaml:15:17");
    }

    @Test
    void aFailedCheckWritesNothingAndKeepsWhatWasThere() {
        String nodes = """
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  validation: {tests: [{type: not_null, columns: [%s]}]}
                  write: {connection: lake, format: delta, table: orders}
                """;
        project.nodes(nodes.formatted("id")).run();

        Outcome outcome = project.nodes(nodes.formatted("amount")).run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("p.orders: not_null_amount: 1 of 3 rows breaks the rule: 'amount' must not be NULL");
        assertThat(project.table("orders")).hasSize(3);
    }

    @Test
    void warningsAreShownAndDoNotFail() {
        Outcome outcome = project.nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  validation:
                    tests:
                      - {type: not_null, columns: [amount], on_fail: warn}
                      - {type: row_count, min: 5, on_fail: warn}
                  write: {connection: lake, format: delta, table: orders}
                """).run();

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err())
                .contains("warning: p.orders: not_null_amount: 1 of 3 rows breaks the rule")
                .contains("the number of rows must be at least 5, and is 3");
        assertThat(project.table("orders")).hasSize(3);
    }

    @Test
    void dryRunShowsThePlanAndTouchesNothing() throws IOException {
        project.nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: orders}
                - name: copy
                  depends_on: [orders]
                  write: {connection: lake, format: csv, path: copy.csv}
                """);
        List<String> before = project.files(".");

        Outcome outcome = project.run("--dry-run");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).isEqualTo("""
                node      runs after  writes
                p.orders  -           lake:orders (delta, overwrite)
                p.copy    p.orders    lake:copy.csv (csv, overwrite)

                2 nodes would run; nothing was touched
                """);
        assertThat(project.files(".")).isEqualTo(before);
    }

    private static List<?> list(Map<?, ?> json, String key) {
        return (List<?>) Objects.requireNonNull(json.get(key));
    }

    private static Map<?, ?> map(Map<?, ?> json, String key) {
        return (Map<?, ?>) Objects.requireNonNull(json.get(key));
    }

    @Test
    void jsonIsTheWholeResultAlsoOfAFailure() throws IOException {
        Outcome outcome = project.nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  transform: {steps: [select amuont from df]}
                  write: {connection: lake, format: delta, table: orders}
                """).run("-o", "json");

        Map<String, Object> json = JSON.std.mapFrom(outcome.out());
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(json).containsEntry("schema", "tarn/run/v1").containsEntry("status", "failed");
        Map<?, ?> node = (Map<?, ?>) list(json, "nodes").get(0);
        assertThat(node.get("status")).isEqualTo("failed");
        assertThat(map(node, "failure").get("code")).isEqualTo("TARN-0501");
        assertThat(map(node, "failure").get("line")).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "validate"})
    void jsonIsValidForAProjectThatIsNot(String command) throws IOException {
        project.file("tarn.yaml", "project: x\nconections: {}\n");

        Outcome outcome = project.tarn(command, folder.toString(), "--output=json");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(JSON.std.mapFrom(outcome.out())).containsEntry("status", "invalid");
    }

    @Test
    void jsonIsValidForWrongUsage() throws IOException {
        Outcome outcome = project.tarn("run", "--wrokers", "3", "-o", "json");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(JSON.std.mapFrom(outcome.out())).containsEntry("schema", "tarn/error/v1");
    }

    @Test
    void rowsAreCountedOnTheWayInAndOut() throws IOException {
        Outcome outcome = project.nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: orders}
                - name: big
                  depends_on: [orders]
                  transform: {steps: [select * from df where amount > 10]}
                  write: {connection: lake, format: delta, table: big}
                """).run("-o", "json");

        List<?> nodes = list(JSON.std.mapFrom(outcome.out()), "nodes");
        assertThat(nodes.stream().<Object>map(n -> ((Map<?, ?>) n).get("rows_in")))
                .containsExactly(3, 3);
        assertThat(nodes.stream().<Object>map(n -> ((Map<?, ?>) n).get("rows_out")))
                .containsExactly(3, 1);
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaidPlainly() throws IOException {
        project.nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: orders}
                """);
        Files.writeString(folder.resolve(".tarn"), "a file where the folder should be");

        Outcome outcome = project.run();

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("error[TARN-0512]: ")
                .contains("/.tarn/tmp: Not a directory)")
                .doesNotContain("\tat ");
    }

    @Test
    void workersMustBeAtLeastOne() {
        assertThat(project.run("--workers", "0").exitCode()).isEqualTo(2);
    }

    @Test
    void aMistypedCommandOrOptionIsGuessed() {
        assertThat(project.tarn("rnu").err()).contains("help: did you mean 'run'?");
        assertThat(project.tarn("run", "--wrokers", "2").err()).contains("help: did you mean '--workers'?");
    }
}
