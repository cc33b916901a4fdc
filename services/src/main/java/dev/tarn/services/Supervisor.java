package dev.tarn.services;

import dev.tarn.provision.Provisioner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Runs the services of one stack inside this process. At most one supervisor has a stack at a time: it holds the
 * stack's lock. Closing stops all services. Not thread-safe.
 */
final class Supervisor implements AutoCloseable {

    /** The variable by which a server's process is known when nobody wrote down its number. */
    static final String MARK = "TARN_SERVICE_FOLDER";

    private final Folders folders;
    private final Path project;
    private final Provisioner provisioner;
    private final Installed installed;
    private final Clock clock;
    private final FileChannel channel;
    private final Map<String, List<ServerLoop>> loops = new LinkedHashMap<>();

    private Supervisor(
            Folders folders,
            Path project,
            Provisioner provisioner,
            Map<String, String> environment,
            Clock clock,
            FileChannel channel) {
        this.folders = folders;
        this.project = project;
        this.provisioner = provisioner;
        this.installed = new Installed(environment);
        this.clock = clock;
        this.channel = channel;
    }

    /** Takes a stack, with its servers that a dead supervisor left; empty if another supervisor has it. */
    static Optional<Supervisor> take(
            Path project, Provisioner provisioner, Map<String, String> environment, Clock clock)
            throws IOException, InterruptedException {
        Folders folders = Folders.ofProject(project);
        folders.create();
        FileChannel channel = FileChannel.open(folders.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!tryLock(channel)) {
            channel.close();
            return Optional.empty();
        }
        Supervisor supervisor = new Supervisor(folders, project, provisioner, environment, clock, channel);
        supervisor.adopt();
        return Optional.of(supervisor);
    }

    static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldInThisProcess) {
            return false;
        }
    }

    /** Watches the servers of a dead supervisor again, and ends those that nobody wrote down. */
    private void adopt() throws IOException, InterruptedException {
        List<ProcessId> known = new ArrayList<>();
        for (String service : folders.services()) {
            Optional<ServiceSpec> spec = wanted(service);
            List<ProcessId> running = running(service);
            if (spec.isPresent() && !running.isEmpty()) {
                known.addAll(running);
                start(spec.get());
            } else {
                Files.deleteIfExists(folders.spec(service));
                ProcessTree.kill(running);
            }
        }
        List<ProcessId> stray = ProcessTree.withVariable(MARK, folders.root() + "/").stream()
                .filter(process ->
                        known.stream().noneMatch(root -> ProcessTree.of(root).contains(process)))
                .toList();
        ProcessTree.kill(stray);
    }

    private List<ProcessId> running(String service) throws IOException {
        List<ProcessId> running = new ArrayList<>();
        for (Path state : folders.states(service)) {
            ProcessId.parse(PropertiesFile.read(state).getProperty("process", ""))
                    .filter(ProcessId::isRunning)
                    .ifPresent(running::add);
        }
        return running;
    }

    private Optional<ServiceSpec> wanted(String service) throws IOException {
        Properties properties = PropertiesFile.read(folders.spec(service));
        return properties.isEmpty() ? Optional.empty() : Optional.of(ServiceSpec.of(properties));
    }

    /** Starts a service, or starts it anew if it failed or is wanted in another way. */
    void up(ServiceSpec spec) throws IOException, InterruptedException {
        List<ServerLoop> running = loops.get(spec.name());
        if (running != null) {
            boolean same = running.get(0).spec().equals(spec);
            boolean well = running.stream().noneMatch(loop -> loop.state() == ServerState.FAILED);
            if (same && well) {
                return;
            }
            down(spec.name());
        }
        Folders.makePrivate(folders.service(spec.name()));
        PropertiesFile.write(folders.spec(spec.name()), spec.toProperties());
        start(spec);
    }

    private void start(ServiceSpec spec) throws IOException {
        Site site = new Site(spec, folders, folders.service(spec.name()), project, installed, provisioner);
        List<ServerLoop> started = new ArrayList<>();
        for (Server server : spec.type().definition().servers(spec)) {
            List<ServerLoop> needed = started.stream()
                    .filter(other -> other.server().rank() < server.rank())
                    .toList();
            Optional<ProcessId> adoptable = ProcessId.parse(
                            PropertiesFile.read(folders.state(server)).getProperty("process", ""))
                    .filter(ProcessId::isRunning);
            started.add(new ServerLoop(server, site, needed, adoptable, clock));
        }
        loops.put(spec.name(), started);
        started.forEach(ServerLoop::start);
    }

    /** Stops a service; does nothing if it does not run. */
    void down(String service) throws IOException, InterruptedException {
        List<ServerLoop> stopping = loops.remove(service);
        Files.deleteIfExists(folders.spec(service));
        if (stopping != null) {
            stop(stopping);
        }
    }

    void restart(String service) throws IOException, InterruptedException {
        List<ServerLoop> running = loops.get(service);
        if (running != null) {
            ServiceSpec spec = running.get(0).spec();
            down(service);
            up(spec);
        }
    }

    List<String> services() {
        return List.copyOf(loops.keySet());
    }

    /** Higher ranks first, those of one rank side by side. */
    private static void stop(List<ServerLoop> servers) throws InterruptedException {
        List<Integer> ranks = servers.stream()
                .map(loop -> loop.server().rank())
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        for (int rank : ranks) {
            List<Thread> threads = servers.stream()
                    .filter(loop -> loop.server().rank() == rank)
                    .map(Supervisor::stopping)
                    .toList();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static Thread stopping(ServerLoop loop) {
        Thread thread = new Thread(
                () -> {
                    try {
                        loop.stop();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "stop " + loop.server().name());
        thread.start();
        return thread;
    }

    /** Stops all services and gives the stack back. */
    @Override
    public void close() throws IOException {
        List<ServerLoop> all = loops.values().stream().flatMap(List::stream).toList();
        try {
            for (String service : services()) {
                Files.deleteIfExists(folders.spec(service));
            }
            loops.clear();
            stop(all);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            channel.close();
        }
    }
}
