package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.provision.Provisioner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with local services, and what {@code tarn up} and {@code tarn status} say of it. */
class ServicesTroubleIT {

    @TempDir
    Path scratch;

    @Test
    void aMissingLibraryIsNamed() throws Exception {
        Path packages = Provisioner.userCache(System.getenv()).resolve("provision/debian");
        assumeTrue(Files.notExists(Path.of("/usr/sbin/mariadbd")), "MariaDB is installed and not unpacked");
        try (LocalStack stack = new LocalStack(scratch, "incomplete")) {
            stack.succeed("up", "--fetch", "mariadb");
            Path copy = Files.createDirectories(scratch.resolve("cache/provision/debian"));
            Path original = unpackedLibrary(packages);
            Path unpacked = packages.resolve(packages.relativize(original).getName(0));
            // Links, where the file system lets them: MariaDB is 150 MB.
            LocalStack.shell("cp -al '" + unpacked + "' '" + copy + "' || cp -a '" + unpacked + "' '" + copy + "'");
            Path library = copy.resolve(packages.relativize(original));
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
            TarnProcess.Outcome outcome = stack.run("up", "postgres", "mariadb");

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err())
                    .containsPattern(
                            "service 'postgres' failed: .*\\n.*the disk is full: make room, then run 'tarn up' again")
                    .containsPattern(
                            "service 'mariadb' failed: .*\\n.*the disk is full: make room, then run 'tarn up' again");
        }
    }
}
