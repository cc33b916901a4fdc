package dev.tarn.it.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.Snapshot;
import dev.tarn.services.ServiceType;
import dev.tarn.services.junit.ServicesExtension;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stream does not follow stops it, by name; it never goes on with other values or fewer rows. */
class StreamTroubleIT {

    @RegisterExtension
    static final ServicesExtension SERVICES = ServicesExtension.with(ServiceType.POSTGRES);

    @TempDir
    private Path scratch;

    private static Connection connect() throws Exception {
        URI uri = URI.create(SERVICES.endpoint(ServiceType.POSTGRES));
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + uri.getPort() + uri.getPath(),
                uri.getUserInfo(),
                SERVICES.password(ServiceType.POSTGRES));
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private StreamRun start(String name, String more) throws Exception {
        return start(name, more, "");
    }

    private StreamRun start(String name, String more, String halt) throws Exception {
        URI uri = URI.create(SERVICES.endpoint(ServiceType.POSTGRES));
        return StreamRun.start(
                scratch,
                "name=%s\nhost=127.0.0.1\nport=%s\ndatabase=%s\nuser=%s\npassword=%s\ntables=public.%s\ntarget=%s\nwork=%s\nbatch.millis=200\n%s"
                        .formatted(
                                name,
                                uri.getPort(),
                                uri.getPath().substring(1),
                                uri.getUserInfo(),
                                SERVICES.password(ServiceType.POSTGRES),
                                name,
                                scratch.resolve("lake"),
                                scratch.resolve("work-" + name),
                                more),
                halt);
    }

    private String rows(String table) throws Exception {
        return rows(table, "id");
    }

    private String rows(String table, String value) throws Exception {
        Path folder = scratch.resolve("lake").resolve(table);
        if (!DeltaTable.isDeltaTable(folder)) {
            return "";
        }
        Snapshot snapshot = DeltaTable.forPath(folder).snapshot().orElseThrow();
        if (value.endsWith("d")
                && !value.equals("id")
                && snapshot.schema().fields().stream().noneMatch(f -> f.name().equals("d"))) {
            return "";
        }
        String select = snapshot.toSql();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet row = duck.createStatement()
                        .executeQuery("SELECT coalesce(string_agg(" + value + ", ',' ORDER BY id), '') FROM (" + select
                                + ")")) {
            row.next();
            return row.getString(1);
        }
    }

    private void await(StreamRun run, String table, String rows) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!rows(table).equals(rows)) {
            assertThat(run.isAlive()).as(run.log()).isTrue();
            assertThat(System.nanoTime()).as(rows(table) + " " + run.log()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            truncated  | TRUNCATE truncated                                   | table 'public.truncated' was truncated
            wider      | ALTER TABLE wider ADD COLUMN more int; INSERT INTO wider (id) VALUES (9) | the columns of table 'public.wider' have changed
            nan        | INSERT INTO nan (id, amount) VALUES (9, 'NaN')       | column 'amount' of table 'public.nan' has a value that Delta cannot hold
            """)
    void itStopsAndTheTableStaysAsItWas(String table, String trouble, String message) throws Exception {
        execute("CREATE TABLE " + table
                + " (id int PRIMARY KEY, amount numeric(9,2), d date, ts timestamp, at timestamptz);"
                + " INSERT INTO " + table + " (id) VALUES (1), (2)");
        try (StreamRun run = start(table, "")) {
            await(run, table, "1,2");
            execute("INSERT INTO " + table + " (id, amount, d, ts, at) VALUES (3, 1.5, '2020-02-29', now(), now())");
            await(run, table, "1,2,3");

            execute(trouble);

            assertThat(run.await(60)).isEqualTo(1);
            assertThat(run.log()).contains("error: " + message).contains("help: ");
        }
        assertThat(rows(table)).isEqualTo("1,2,3");
    }

    /** It begins again with the new columns, wherever it is killed meanwhile; what it would have to guess stops it. */
    @Test
    void columnsThatComeAndGoAreFollowed() throws Exception {
        String evolve = "schema.changes=evolve";
        execute("CREATE TABLE grown (id int PRIMARY KEY, a text, b int); INSERT INTO grown VALUES (1, 'x', 1)");
        try (StreamRun run = start("grown", evolve)) {
            await(run, "grown", "1");
            execute("BEGIN; INSERT INTO grown VALUES (2, 'y', 2); ALTER TABLE grown ADD COLUMN c text;"
                    + " INSERT INTO grown VALUES (3, 'z', 3, 'new'); UPDATE grown SET c = 'late' WHERE id = 1; COMMIT;"
                    + " ALTER TABLE grown DROP COLUMN b; INSERT INTO grown VALUES (4, 'w', 'newer')");
            assertThat(run.await(60)).isEqualTo(3);
            assertThat(run.log()).contains("the columns of table 'public.grown' have changed");
        }
        try (StreamRun run = start("grown", evolve, "STAGED:1")) {
            assertThat(run.await(60)).isEqualTo(137);
        }
        try (StreamRun run = start("grown", evolve)) {
            await(run, "grown", "1,2,3,4");
            assertThat(rows("grown", "concat_ws('-', id, a, c)")).isEqualTo("1-x-late,2-y,3-z-new,4-w-newer");
            execute("ALTER TABLE grown RENAME COLUMN c TO d; UPDATE grown SET d = 'last'");
            assertThat(run.await(60)).isEqualTo(3);
        }
        try (StreamRun run = start("grown", evolve)) {
            assertThat(run.await(60)).isEqualTo(1);
            assertThat(run.log()).contains("column 'c' was renamed to 'd'").contains("tarn stream resync grown");
        }
        try (StreamRun run = start("grown", "resync=true")) {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (!rows("grown", "id || d").equals("1last,2last,3last,4last")) {
                assertThat(System.nanoTime()).as(run.log()).isLessThan(deadline);
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    @Test
    void aLostSlotIsNoSilentGap() throws Exception {
        execute("CREATE TABLE lost (id int PRIMARY KEY); INSERT INTO lost VALUES (1)");
        try (StreamRun run = start("lost", "")) {
            await(run, "lost", "1");
            run.terminate();
            run.await(60);
        }
        dropSlot("tarn_lost");
        execute("INSERT INTO lost VALUES (2); DELETE FROM lost WHERE id = 1");

        try (StreamRun run = start("lost", "")) {
            assertThat(run.await(60)).isEqualTo(1);
            assertThat(run.log())
                    .contains("replication slot 'tarn_lost' is gone")
                    .contains("tarn stream resync lost");
        }
        execute("SELECT pg_create_logical_replication_slot('tarn_lost', 'pgoutput')");
        try (StreamRun run = start("lost", "")) {
            assertThat(run.await(60)).isEqualTo(1);
            assertThat(run.log()).contains("is another than the one that was followed");
        }
        assertThat(rows("lost")).isEqualTo("1");

        try (StreamRun run = start("lost", "resync=true")) {
            await(run, "lost", "2");
            execute("INSERT INTO lost VALUES (3)");
            await(run, "lost", "2,3");
        }
    }

    private static void dropSlot(String name) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (true) {
            try {
                execute("SELECT pg_drop_replication_slot('" + name + "')");
                return;
            } catch (java.sql.SQLException e) {
                // It takes the server a moment to see that the stream is gone.
                assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(deadline);
            }
        }
    }

    @Test
    void whatCannotBeFollowedIsRefusedAtTheStart() throws Exception {
        execute("CREATE TABLE keyless (id int); CREATE TABLE odd (id int PRIMARY KEY, i interval)");

        for (String[] each : new String[][] {
            {"keyless", "table 'public.keyless' has no primary key"},
            {"odd", "column 'i' of table 'public.odd' is of type interval"},
            {"nowhere", "there is no table 'public.nowhere'"}
        }) {
            try (StreamRun run = start(each[0], "")) {
                assertThat(run.await(60)).isEqualTo(1);
                assertThat(run.log()).contains("error: " + each[1]);
            }
        }
    }
}
