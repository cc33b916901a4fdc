package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every service, seen on PostgreSQL: two projects that have one each, in the state that the last test left. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SupervisorIT {

    @TempDir
    static Path scratch;

    private static int port;
    private static LocalStack plain;
    private static LocalStack declared;
    private static LocalStack small;

    @BeforeAll
    static void declare() throws Exception {
        port = freePort();
        plain = new LocalStack(scratch, "plain");
        declared = new LocalStack(scratch, "declared").with("TARN_SERVICE_ORDERS_PORT", String.valueOf(port));
        declared.project("""
                project: declared
                services:
                  orders: {type: postgres, memory: 128m, database: shop, settings: {max_connections: 20}}
                environments:
                  other: {services: {orders: {memory: 160m}}}
                """);
        small = new LocalStack(scratch, "small");
        small.project("project: small\nservices: {azurite: {memory: 64m}}\n");
        small.run("up");
    }

    @AfterAll
    static void end() throws IOException {
        for (LocalStack stack : List.of(plain, declared, small)) {
            stack.close();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void theProjectDeclaresServicesAndTheEnvironmentOverrides() throws Exception {
        declared.succeed("up", "--env", "other");

        assertThat(declared.text("orders", "endpoint")).isEqualTo("postgresql://tarn@127.0.0.1:" + port + "/shop");
        assertThat(declared.text("orders", "memory_limit_bytes")).isEqualTo(String.valueOf(160 << 20));
        assertThat(LocalStack.shell(declared.text("orders", "client") + " -At -c 'show max_connections'"))
                .isEqualToIgnoringNewLines("20");
        assertThat(declared.run("down", "order").err()).contains("did you mean 'orders'?");
        assertThat(declared.succeed("logs", "orders").out()).contains("ready to accept connections");
    }

    @Test
    void twoProjectsDoNotMeet() throws Exception {
        plain.succeed("up", "postgres");
        declared.succeed("up", "--env", "other");

        assertThat(plain.text("postgres", "endpoint")).isNotEqualTo(declared.text("orders", "endpoint"));
        assertThat(Files.readString(Path.of(plain.text("postgres", "credentials"))))
                .isNotEqualTo(Files.readString(Path.of(declared.text("orders", "credentials"))));
        plain.succeed("down", "-v");
        assertThat(plain.folder).isEmptyDirectory();
        assertThat(declared.await("orders", "healthy")).isEqualTo("healthy");
        assertThat(LocalStack.shell(declared.text("orders", "client") + " -At -c 'select 1'"))
                .isEqualToIgnoringNewLines("1");
    }

    @Test
    void theServersOfAKilledSupervisorAreWatchedAgainOrEnded() throws Exception {
        plain.succeed("up", "postgres");
        long server = plain.pid("postgres");

        LocalStack.kill(plain.supervisor());
        assertThat(plain.text("postgres", "reason")).contains("the supervisor was killed");
        plain.succeed("up", "postgres");
        assertThat(plain.pid("postgres")).isEqualTo(server);
        plain.kill("postgres");
        plain.awaitAnother("postgres", server);

        LocalStack.kill(plain.supervisor());
        plain.succeed("down");
        plain.assertNoProcessIsLeft();
    }

    /** The last one, because it takes 40 seconds from {@link #declare} on until the service is given up. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aServiceThatTakesTooMuchMemoryIsGivenUp() throws Exception {
        small.await("azurite", "failed");

        assertThat(small.text("azurite", "reason"))
                .matches("(?s)it used [0-9]+ MB of memory and may use 64 MB; it was started again 3 times[.].*");
        assertThat(small.text("azurite", "help")).isEqualTo("give 'azurite' a larger 'memory'");
    }

    @Test
    void logsFollowUntilTheyAreInterrupted() throws Exception {
        plain.succeed("up", "postgres");
        try (TarnProcess logs = plain.start("logs", "-f", "postgres")) {
            await(() -> logs.out().contains("ready to accept connections"));
            LocalStack.shell(plain.text("postgres", "client") + " -c 'select no_such_column' || true");

            await(() -> logs.out().contains("column \"no_such_column\" does not exist"));

            LocalStack.shell("kill -INT " + logs.pid());
            TarnProcess.Outcome outcome = logs.await(LocalStack.LIMIT);
            assertThat(outcome.exitCode()).isIn(0, 130);
            assertThat(outcome.err()).doesNotContain("Exception");
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + LocalStack.LIMIT.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LocalStack.pause();
        }
    }
}
