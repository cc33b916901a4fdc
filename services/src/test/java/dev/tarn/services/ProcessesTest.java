package dev.tarn.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {

    @TempDir
    Path folder;

    @Test
    void aProcessIsKnownByItsNumberAndItsStart() {
        ProcessId me = ProcessId.of(ProcessHandle.current()).orElseThrow();

        assertThat(ProcessId.parse(me.toString())).hasValue(me);
        assertThat(me.isRunning()).isTrue();
        assertThat(new ProcessId(me.pid(), me.start() + "0").isRunning()).isFalse();
        assertThat(ProcessId.parse("nonsense")).isEmpty();
    }

    @Test
    void anEndedProcessDoesNotRunEvenIfNobodyWaitsForIt() throws Exception {
        // The shell becomes 'sleep' and never waits for its child, which so stays a zombie.
        Process parent = new ProcessBuilder("sh", "-c", "true & echo $!; exec sleep 60").start();
        try {
            long zombie = Long.parseLong(parent.inputReader().readLine());
            long deadline = System.nanoTime() + 10_000_000_000L;
            while (ProcessHandle.of(zombie).flatMap(ProcessId::of).isPresent() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(ProcessHandle.of(zombie).flatMap(ProcessId::of)).isEmpty();
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    void theTreeOfAProcessIsFoundAndMeasured() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "sleep 60 & echo started; wait");
        builder.environment().put(Supervisor.MARK, folder.toString());
        Process parent = builder.start();
        try {
            assertThat(parent.inputReader().readLine()).isEqualTo("started");
            ProcessId root = ProcessId.of(parent.toHandle()).orElseThrow();

            assertThat(ProcessTree.of(root)).hasSize(2).contains(root);
            assertThat(ProcessTree.memory(ProcessTree.of(root))).isPositive();
            assertThat(ProcessTree.withVariable(Supervisor.MARK, folder.toString()))
                    .containsExactlyInAnyOrderElementsOf(ProcessTree.of(root));
            ProcessTree.kill(ProcessTree.of(root));
            parent.waitFor();
            assertThat(root.isRunning()).isFalse();
        } finally {
            parent.descendants().forEach(ProcessHandle::destroyForcibly);
            parent.destroyForcibly();
        }
    }

    @Test
    void aFreePortStaysTheSameUntilSomebodyTakesIt() throws Exception {
        Ports ports = new Ports(folder.resolve("ports.properties"), "orders");
        int first = ports.take("port", OptionalInt.empty());

        assertThat(ports.take("port", OptionalInt.empty())).isEqualTo(first);
        assertThat(ports.take("other", OptionalInt.empty())).isNotEqualTo(first);
        try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ports.take("port", OptionalInt.empty())).isNotEqualTo(first);
            assertThatThrownBy(() -> ports.take("port", OptionalInt.of(taken.getLocalPort())))
                    .isInstanceOf(ServiceException.class)
                    .hasMessage("port " + first + " of 'orders' is taken by process "
                            + ProcessHandle.current().pid() + " (java)");
        }
    }

    @Test
    void filesAreForTheOwnerOnlyAndReplacedAsAWhole() throws Exception {
        Path file = folder.resolve("a.properties");
        Properties properties = new Properties();
        properties.setProperty("key", "ü = 1");
        PropertiesFile.write(file, properties);
        PropertiesFile.write(file, properties);

        assertThat(PropertiesFile.read(file)).isEqualTo(properties);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder).isDirectoryContaining(file::equals).isDirectoryNotContaining(f -> !f.equals(file));
        assertThat(PropertiesFile.read(folder.resolve("none"))).isEmpty();
    }

    @Test
    void credentialsAreMadeByChanceAndKept() throws Exception {
        Credentials one = Credentials.in(folder);
        Credentials other = Credentials.in(Files.createDirectory(folder.resolve("other")));

        assertThat(one.password()).hasSize(24).isNotEqualTo(other.password());
        assertThat(Credentials.in(folder)).isEqualTo(one);
        assertThat(one.toString()).doesNotContain(one.password());
    }

    @Test
    void wordsAreQuotedForAShell() {
        assertThat(Shell.quote("/a/b.c")).isEqualTo("/a/b.c");
        assertThat(Shell.quote("a b's")).isEqualTo("'a b'\\''s'");
    }
}
