package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import dev.tarn.lake.DeltaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that ends between a commit and its record: the table knows more than the history, and that is believed. */
class ResumeAfterKillTest {

    private static final String NODES = """
            - name: orders
              read: {connection: in, format: csv, path: orders.csv}
              validation:
                tests: [{type: range, column: amount, min: 0, on_fail: quarantine}]
                quarantine: {connection: lake, table: rejected}
              write: {connection: lake, format: delta, table: orders, mode: append}
            - name: doubled
              depends_on: [orders]
              transform: {steps: ["select id, amount * 2 as amount from orders"]}
              write: {connection: lake, format: delta, table: doubled, mode: append}
            """;

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder)
                .file("orders.csv", "id,amount\n1,10\n2,20\n3,-1\n")
                .nodes(NODES);
    }

    private Outcome run() {
        Outcome outcome = project.run();
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return outcome;
    }

    private Outcome resume() {
        Outcome outcome = project.run("--resume");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return outcome;
    }

    private static List<String> ran(Outcome outcome) {
        return outcome.err()
                .lines()
                .filter(line -> line.startsWith("  ok  "))
                .map(line -> line.replaceFirst("^  ok +p\\.(\\w+).*", "$1"))
                .sorted()
                .toList();
    }

    /** Makes the history as it is when the newest run is killed before these nodes' records are stored. */
    private void forget(String... nodes) throws SQLException {
        String newest = "(SELECT id FROM run ORDER BY started_at DESC LIMIT 1)";
        for (String node : nodes) {
            history("UPDATE node_result SET status = 'planned', finished_at = NULL, duration_ms = NULL, made_by = NULL"
                    + " WHERE node = '" + node + "' AND run_id = " + newest);
            history("DELETE FROM table_version WHERE node = '" + node + "' AND run_id = " + newest);
        }
        history("UPDATE run SET status = 'running', duration_ms = NULL WHERE id = " + newest);
    }

    private void history(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(".tarn/history.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> ask(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(".tarn/history.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    /** Takes back the newest commit of a table, as if the process had been killed before it. */
    private void takeBack(String table) throws IOException {
        DeltaTable delta = DeltaTable.forPath(folder.resolve("lake").resolve(table));
        Files.delete(delta.commitFile(delta.newestVersion().orElseThrow()));
    }

    @Test
    void whatWasCommittedIsRecordedAndNotAppendedAgain() throws Exception {
        run();
        forget("orders", "doubled");

        Outcome outcome = resume();

        assertThat(ran(outcome)).isEmpty();
        assertThat(outcome.err()).contains("note: p.orders was done in run ").contains("which ended before it said so");
        assertThat(project.table("orders")).containsExactly("1|10", "2|20");
        assertThat(project.table("doubled")).containsExactly("1|20", "2|40");
        assertThat(project.table("rejected")).hasSize(1);
        assertThat(ask("SELECT DISTINCT status FROM node_result WHERE status <> 'up_to_date'"))
                .containsExactly("succeeded");
        assertThat(ask("SELECT target || ' ' || version FROM table_version ORDER BY 1"))
                .containsExactly("lake:doubled 0", "lake:orders 0", "lake:rejected 0");
        assertThat(resume().err()).doesNotContain("was done in run");
    }

    @Test
    void whoReadsTheNodeGetsTheRowsOfTheKilledRunOnly() throws Exception {
        run();
        run();
        forget("orders", "doubled");
        takeBack("doubled");

        Outcome outcome = resume();

        assertThat(ran(outcome)).containsExactly("doubled");
        assertThat(project.table("orders")).containsExactly("1|10", "1|10", "2|20", "2|20");
        assertThat(project.table("doubled")).containsExactly("1|20", "1|20", "2|40", "2|40");
    }

    @Test
    void rejectedRowsThatWereCommittedAloneAreNotAppendedAgainHoweverOftenItIsResumed() throws Exception {
        run();
        for (int kill = 0; kill < 3; kill++) {
            forget("orders", "doubled");
            takeBack("orders");
            takeBack("doubled");

            Outcome outcome = resume();

            assertThat(ran(outcome)).containsExactly("doubled", "orders");
            assertThat(outcome.err()).contains("note: p.orders had written 'lake:rejected' before it was stopped");
            assertThat(project.table("rejected")).hasSize(1);
            assertThat(project.table("orders")).containsExactly("1|10", "2|20");
        }
        assertThat(ran(resume())).isEmpty();
    }

    @Test
    void aNodeThatHasChangedSinceIsAnotherOne() throws Exception {
        run();
        forget("doubled");
        project.nodes(NODES.replace("* 2", "* 3"));

        Outcome outcome = resume();

        assertThat(ran(outcome)).containsExactly("doubled");
        assertThat(project.table("doubled")).containsExactly("1|20", "1|30", "2|40", "2|60");
    }

    @Test
    void aRunThatWasNotResumedIsWorkOfItsOwn() throws Exception {
        run();
        forget("orders", "doubled");
        run();
        forget("orders", "doubled");
        takeBack("orders");
        takeBack("doubled");
        takeBack("rejected");

        Outcome outcome = resume();

        assertThat(ran(outcome)).containsExactly("doubled", "orders");
        assertThat(project.table("orders")).containsExactly("1|10", "1|10", "2|20", "2|20");
        assertThat(project.table("rejected")).hasSize(2);
    }

    @Test
    void aLogThatNoLongerReachesBackIsNotGuessedAt() throws Exception {
        run();
        run();
        forget("orders");
        DeltaTable orders = DeltaTable.forPath(folder.resolve("lake/orders"));
        orders.checkpoint();
        Files.delete(orders.commitFile(0));
        Files.delete(orders.commitFile(1));

        Outcome outcome = project.run("--resume");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("error[TARN-0513]: --resume does not know what ran before: whether 'p.orders' had written to"
                        + " 'lake:orders' before it was stopped cannot be told: the table's log no longer has the commits"
                        + " since ")
                .contains("or run without --resume. Nothing was run");
        assertThat(project.table("orders")).hasSize(4);
    }
}
