package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.provision.Provisioner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with local services, and what {@code tarn up} and {@code tarn status} say of it. */
class ServicesTroubleIT {

    @TempDir
    Path scratch;

    /** All at the same time, because each is waited for longer after each kill; PostgreSQL is tried on its own. */
    @Test
    void eachServiceThatIsKilledComesBackThreeTimesAndThenIsGivenUp() throws Exception {
        List<String> services = List.of("mariadb", "kafka", "prometheus", "alertmanager", "azurite", "s3", "spark");
        try (LocalStack stack = new LocalStack(scratch, "killed")) {
            stack.project(
                    "project: killed\nservices: {" + String.join(": , ", services) + ": {worker_memory: 600m}}\n");
            stack.succeed("up");
            Map<String, Long> pids = stack.pids();
            assertThat(pids).hasSize(services.size() + 1);
            for (int i = 0; i < 3; i++) {
                killAll(pids);
                pids = stack.awaitAllOthers(pids);
            }
            String mariadb = stack.text("mariadb", "client") + " -N -e ";
            assertThat(LocalStack.shell(mariadb + "'select 1'")).isEqualToIgnoringNewLines("1");
            assertThat(stack.run("status").exitCode()).isZero();

            killAll(pids);

            for (String server : pids.keySet()) {
                stack.await(server, "failed");
                assertThat(stack.text(server, "reason"))
                        .as(server)
                        .startsWith("it was ended by signal 9; it was started again 3 times.");
            }
            assertThat(stack.run("status").exitCode()).isEqualTo(1);
            stack.succeed("up", "alertmanager");
        }
    }

    private static void killAll(Map<String, Long> pids) throws Exception {
        for (long pid : pids.values()) {
            LocalStack.kill(pid);
        }
    }

    @Test
    void aServiceThatTakesTooMuchMemoryIsGivenUp() throws Exception {
        try (LocalStack stack = new LocalStack(scratch, "small")) {
            stack.project("project: small\nservices: {azurite: {memory: 64m}}\n");
            stack.run("up");

            stack.await("azurite", "failed");

            assertThat(stack.text("azurite", "reason"))
                    .matches("(?s)it used [0-9]+ MB of memory and may use 64 MB; it was started again 3 times[.].*");
            assertThat(stack.text("azurite", "help")).isEqualTo("give 'azurite' a larger 'memory'");
        }
    }

    @Test
    void logsFollowUntilTheyAreInterrupted() throws Exception {
        try (LocalStack stack = new LocalStack(scratch, "followed")) {
            stack.succeed("up", "postgres");
            try (TarnProcess logs = stack.start("logs", "-f", "postgres")) {
                await(() -> logs.out().contains("ready to accept connections"));
                LocalStack.shell(stack.text("postgres", "client") + " -c 'select no_such_column' || true");

                await(() -> logs.out().contains("column \"no_such_column\" does not exist"));

                LocalStack.shell("kill -INT " + logs.pid());
                TarnProcess.Outcome outcome = logs.await(LocalStack.LIMIT);
                assertThat(outcome.exitCode()).isIn(0, 130);
                assertThat(outcome.err()).doesNotContain("Exception");
            }
        }
    }

    @Test
    void aMissingLibraryIsNamed() throws Exception {
        Path packages = Provisioner.userCache(System.getenv()).resolve("provision/debian");
        assumeTrue(Files.notExists(Path.of("/usr/sbin/mariadbd")), "MariaDB is installed and not unpacked");
        try (LocalStack stack = new LocalStack(scratch, "incomplete")) {
            stack.succeed("up", "--fetch", "mariadb");
            LocalStack.shell("mkdir -p cache/provision && cp -a '" + packages + "' cache/provision/", scratch);
            Path library = unpackedLibrary(scratch.resolve("cache/provision/debian"));
            Files.delete(library);
            stack.with("TARN_CACHE_DIR", scratch.resolve("cache").toString());

            TarnProcess.Outcome outcome = stack.run("up", "mariadb");

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err())
                    .contains("a library is missing: install the package that has " + library.getFileName());
        }
    }

    private static Path unpackedLibrary(Path packages) throws IOException {
        try (Stream<Path> files = Files.walk(packages)) {
            return files.filter(file -> file.getFileName().toString().startsWith("liburing.so.2"))
                    .filter(Files::isSymbolicLink)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aDatabaseOutlivesADiskThatFills() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(scratch.resolve("disk"), "120m");
                LocalStack stack = new LocalStack(disk.folder(), "full", disk.prefix())) {
            LocalStack.shell(disk.enter() + " mkdir '" + stack.folder + "'");
            stack.succeed("up", "postgres");
            String psql = disk.enter() + " env " + stack.text("postgres", "client") + " -At -c ";
            String ballast = "'" + disk.folder() + "/ballast'";
            LocalStack.shell(disk.enter() + " dd if=/dev/zero bs=1M of=" + ballast + " || true");

            assertThat(LocalStack.shell(psql + "'create table t as select generate_series(1, 1000000)' || true"))
                    .contains("No space left on device");

            LocalStack.shell(disk.enter() + " rm " + ballast);
            stack.await("postgres", "healthy");
            LocalStack.shell(psql + "'create table t as select generate_series(1, 100000)'");
            assertThat(LocalStack.shell(psql + "'select count(*) from t'")).isEqualToIgnoringNewLines("100000");
        }
    }

    @Test
    void aDiskThatIsFullFromTheStartIsNamed() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(scratch.resolve("disk"), "12m");
                LocalStack stack = new LocalStack(disk.folder(), "full", disk.prefix())) {
            LocalStack.shell(disk.enter() + " mkdir '" + stack.folder + "'");
            TarnProcess.Outcome outcome = stack.run("up", "postgres");

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).contains("the disk is full: make room, then run 'tarn up' again");
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + LocalStack.LIMIT.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
