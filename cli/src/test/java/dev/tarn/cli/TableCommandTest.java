package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableCommandTest {
    @TempDir
    Path folder;

    private TestProject project;
    private String orders;

    /** A table of two versions with rows: 1 a, 2 NULL; then 2 b, 3 c. */
    @BeforeEach
    void run() {
        project =
                new TestProject(folder).file("orders.csv", "id,name\n1,a\n2,\n").nodes("""
                        - name: orders
                          read: {connection: in, format: csv, path: orders.csv}
                          write: {connection: lake, format: delta, table: raw.orders, mode: overwrite}
                        """);
        assertThat(project.run().exitCode()).isZero();
        project.file("orders.csv", "id,name\n2,b\n3,c\n");
        assertThat(project.run().exitCode()).isZero();
        orders = folder.resolve("lake/raw/orders").toString();
    }

    private Outcome table(String action, String... more) {
        List<String> args = new ArrayList<>(List.of("table", action));
        args.addAll(Arrays.asList(more));
        return project.tarn(args.toArray(String[]::new));
    }

    private Map<String, Object> json(String action, String... more) throws IOException {
        List<String> args = new ArrayList<>(Arrays.asList(more));
        args.addAll(List.of("-o", "json"));
        Outcome outcome = table(action, args.toArray(String[]::new));
        assertThat(outcome.err()).isEmpty();
        return JSON.std.mapFrom(outcome.out());
    }

    @Test
    void describesATable() throws Exception {
        assertThat(table("describe", orders).out())
                .containsPattern("table +" + orders)
                .containsPattern("version +1 of 20")
                .containsPattern("rows +2\n")
                .containsPattern("files +1 file, \\d+ bytes")
                .containsPattern("protocol +reader 1, writer 2\n")
                .contains("column  type    null  comment\nid      bigint\nname    string\n");
        assertThat(json("describe", orders))
                .containsEntry("schema", "tarn/table-describe/v1")
                .containsEntry("status", "described")
                .containsEntry("version", 1)
                .containsEntry("rows", 2)
                .containsEntry("files", 1)
                .containsEntry("partition_columns", List.of())
                .containsEntry("features", List.of("appendOnly", "invariants"));
    }

    @Test
    void listsTheHistory() throws Exception {
        assertThat(table("history", orders).out())
                .containsPattern("version +time +operation +what +by\n1 +20\\S+Z +WRITE +files 1, output rows 2, "
                        + "removed files 1 +Tarn");
        List<?> commits = (List<?>)
                Objects.requireNonNull(json("history", orders, "-n", "1").get("commits"));
        assertThat(commits).hasSize(1);
        assertThat(((Map<?, ?>) commits.get(0)).get("version")).isEqualTo(1);
        assertThat(table("history", orders, "-n", "0").err())
                .isEqualTo("error: '--limit' is 0\nhelp: give a number from 1\n");
    }

    @Test
    void printsRows() throws Exception {
        assertThat(table("head", orders, "--at", "0").out()).isEqualTo("id  name\n1   a\n2   NULL\n");
        assertThat(table("head", orders, "--columns", "NAME,id", "--where", "id > 2", "-o", "csv")
                        .out())
                .isEqualTo("name,id\nc,3\n");
        assertThat(json("head", orders, "-n", "1"))
                .containsEntry("schema", "tarn/table-head/v1")
                .containsEntry("rows", List.of(Map.of("id", 2, "name", "b")))
                .containsEntry("truncated", true);
        assertThat(table("head", orders, "-n", "1").err()).isEqualTo("more rows follow; --limit shows them\n");
        assertThat(table("head", orders, "--at", "9").err()).isEqualTo("""
                        error: Table 'PROJECT/lake/raw/orders' has no version 9.
                        help: It has the versions 0 to 1.
                        """);
        assertThat(table("head", orders, "--at", "soon").exitCode()).isEqualTo(2);
    }

    @Test
    void writesRowsToFiles() {
        Path file = folder.resolve("rows.parquet");

        Outcome outcome = table("head", orders, "--out", file.toString());

        assertThat(outcome).isEqualTo(new Outcome(0, "", "2 rows written to PROJECT/rows.parquet\n"));
        assertThat(project.query("FROM '" + file + "'")).containsExactly("2|b", "3|c");
        assertThat(table("head", orders, "-o", "parquet").err()).contains("Parquet cannot be printed");
        assertThat(table("head", orders, "--out", folder.resolve("no/rows.csv").toString()))
                .isEqualTo(new Outcome(2, "", """
                        error: The folder of 'PROJECT/no/rows.csv' is not there.
                        help: Name a file in a folder that is there.
                        """));
    }

    @Test
    void showsHowVersionsDiffer() throws Exception {
        assertThat(table("diff", orders, "--key", "id").out()).isEqualTo("""
                        _change  id  name
                        removed  1   a
                        before   2   NULL
                        after    2   b
                        added    3   c

                        1 row added, 1 removed, 1 changed; 2 before, 2 after
                        """);
        Map<String, Object> json = json("diff", orders, orders, "--from", "0", "--to", "1");
        assertThat(json)
                .containsEntry("status", "different")
                .containsEntry("added", 2)
                .containsEntry("removed", 2)
                .containsEntry("changed", 0);
        assertThat(table("diff", orders, orders, "--exit-code").exitCode()).isZero();
        assertThat(table("diff", orders, "--exit-code").exitCode()).isEqualTo(1);
    }

    @Test
    void changesNeedTheFeed() {
        assertThat(table("changes", orders, "--from", "1"))
                .isEqualTo(
                        new Outcome(
                                2,
                                "",
                                "error: Table 'PROJECT/lake/raw/orders' has recorded no changes in version 1:"
                                        + " 'delta.enableChangeDataFeed' was not true.\n"
                                        + "help: Set it to true to record the changes to come; a diff compares versions without it.\n"));
    }

    @Test
    void printsChanges() throws Exception {
        Path table = folder.resolve("feed");
        dev.tarn.lake.DeltaTable.create(table)
                .column("id", dev.tarn.lake.DeltaType.Primitive.LONG)
                .property("delta.enableChangeDataFeed", "true")
                .create();
        try (java.sql.Connection duckdb = java.sql.DriverManager.getConnection("jdbc:duckdb:")) {
            dev.tarn.lake.DeltaTable.forPath(table).append(duckdb, "SELECT 7 AS id");
        }

        assertThat(json("changes", table.toString(), "--from", "1"))
                .containsEntry("schema", "tarn/table-changes/v1")
                .containsEntry("from_version", 1)
                .containsEntry("to_version", 1)
                .extractingByKey("rows")
                .asString()
                .contains("id=7", "_change_type=insert");
    }

    @Test
    void optimizesRestoresAndVacuums() throws Exception {
        assertThat(table("optimize", orders).out()).isEqualTo("nothing to do for 1 file\n");
        assertThat(table("restore", orders, "--to", "0").out())
                .isEqualTo("version 2 is as version 0: 1 file restored, 1 removed\n");
        assertThat(project.table("raw/orders")).containsExactly("1|a", "2|null");
        assertThat(json("restore", orders, "--to", "1"))
                .containsEntry("schema", "tarn/table-restore/v1")
                .containsEntry("status", "restored")
                .containsEntry("version", 3);
        Files.writeString(Path.of(orders, "garbage.parquet"), "x");
        Outcome refused = table("vacuum", orders, "--retain", "0s");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("keeps files for 7 days", "help: Retain at least 7 days");
        assertThat(table("vacuum", orders, "--dry-run").out())
                .startsWith("0 files (0 bytes) would be deleted: older than 7 days and needed by no version since 20");
        assertThat(json("vacuum", orders, "--retain", "0s", "--force"))
                .containsEntry("schema", "tarn/table-vacuum/v1")
                .containsEntry("status", "done")
                .extractingByKey("files")
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains("garbage.parquet");
        assertThat(project.table("raw/orders")).containsExactly("2|b", "3|c");
        assertThat(table("head", orders, "--at", "0"))
                .extracting(Outcome::exitCode, Outcome::err)
                .satisfies(outcome -> assertThat(outcome.toString())
                        .contains("is missing, though the log has it", "vacuum may have deleted the file"));
    }

    @Test
    void checksATable() throws Exception {
        assertThat(table("check", orders))
                .isEqualTo(new Outcome(0, "the table is healthy; version 1, 1 file and their rows\n", ""));
        Path hint = Files.writeString(Path.of(orders, "_delta_log", "_last_checkpoint"), "{\"version\":7}");

        Outcome damaged = table("check", orders, "--no-rows");

        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.out())
                .isEqualTo("error[dangling-checkpoint-hint]: '_delta_log/_last_checkpoint': it names the checkpoint of"
                        + " version 7, which is not there\n"
                        + "help: dangling-checkpoint-hint: Delete it; --repair does. It is only a hint.\n\n"
                        + "the table is damaged: 1 error; version 1, 1 file, without rows\n");
        assertThat(json("check", orders, "--repair"))
                .containsEntry("schema", "tarn/table-check/v1")
                .containsEntry("status", "healthy")
                .containsEntry("findings", List.of())
                .extractingByKey("repaired")
                .asString()
                .contains("code=dangling-checkpoint-hint", "severity=error", "repairable=true");
        assertThat(Files.readString(hint)).contains("\"version\":1");
    }

    @Test
    void saysWhatIsWrongAsJson() throws Exception {
        Outcome outcome = table("head", orders, "--where", "nix = 1", "-o", "json");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(JSON.std.mapFrom(outcome.out()))
                .containsEntry("schema", "tarn/error/v1")
                .containsEntry("kind", "table");
        assertThat(table("").err()).startsWith("error: 'tarn table' has no command ''");
        assertThat(table("optimize", orders, "--target-size", "much").err())
                .isEqualTo("error: 'much' is no size of a file\nhelp: write for example 128MB or 1GB\n");
    }
}
