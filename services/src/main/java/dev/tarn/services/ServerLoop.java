package dev.tarn.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one server running: starts it, watches it, starts it again when it ends or does not answer, and gives up after
 * some restarts. What it does is in the server's state file. One thread runs it; {@link #stop} may come from another.
 */
final class ServerLoop implements Runnable {

    /** How long a server may not answer: after its start, and later. */
    static final Duration HEALTH_LIMIT = Duration.ofSeconds(30);

    static final int RESTARTS = 3;
    /** A server that was well for so long has its restarts forgiven. */
    private static final Duration FORGIVEN = Duration.ofMinutes(5);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final long LOOK_MILLIS = 100;
    private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(5);
    private static final Duration TREE_INTERVAL = Duration.ofSeconds(2);
    private static final int TIMES_OVER_LIMIT = 3;
    private static final String USED = "it used ";
    private static final long LOG_BYTES = 10L << 20;

    /** Why a process is no longer watched. */
    private record Ended(String reason, boolean wasHealthy, Duration healthyFor) {}

    private final Server server;
    private final Site site;
    private final Clock clock;
    private final List<ServerLoop> needed;
    private final Thread thread;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile ServerState state = ServerState.PREPARING;
    private volatile @Nullable ProcessId process;
    private volatile List<ProcessId> tree = List.of();
    private @Nullable Process child;
    private @Nullable Launch launch;
    private int restarts;
    private boolean adopted;

    /**
     * @param needed servers that must be healthy before this one starts
     * @param adoptable a process that an earlier supervisor started and that still runs
     */
    ServerLoop(Server server, Site site, List<ServerLoop> needed, Optional<ProcessId> adoptable, Clock clock) {
        this.server = server;
        this.site = site;
        this.needed = List.copyOf(needed);
        this.clock = clock;
        this.process = adoptable.orElse(null);
        this.adopted = adoptable.isPresent();
        this.thread = new Thread(this, "service " + server.name());
        thread.setDaemon(true);
    }

    Server server() {
        return server;
    }

    ServiceSpec spec() {
        return site.spec();
    }

    ServerState state() {
        return state;
    }

    void start() {
        if (!adopted) {
            record(ServerState.PREPARING, "", "");
        }
        thread.start();
    }

    @Override
    public void run() {
        try {
            keepRunning();
        } catch (InterruptedException stopped) {
            // stop() waits for this thread and ends the process.
        } catch (ServiceException e) {
            fail(String.valueOf(e.getMessage()), e.help());
        } catch (IOException e) {
            fail(reason(e), "check that the disk is not full and that you own " + site.folder());
        } catch (RuntimeException | Error e) {
            // Whoever waits for this server would wait for ever.
            fail("internal error: " + e, "this is a bug in Tarn; please report it");
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException file && file.getReason() == null
                ? e.getClass().getSimpleName() + ": " + e.getMessage()
                : String.valueOf(e.getMessage());
    }

    private void keepRunning() throws ServiceException, IOException, InterruptedException {
        awaitNeeded();
        while (!stopping.get()) {
            Ended ended = runOnce();
            if (stopping.get()) {
                return;
            }
            if (ended.healthyFor().compareTo(FORGIVEN) > 0) {
                restarts = 0;
            }
            LogTail tail = LogTail.of(log());
            boolean retry = ended.wasHealthy() || mayHaveLostItsPort(tail);
            if (!retry || restarts == RESTARTS) {
                giveUp(ended, tail);
                return;
            }
            restarts++;
            record(ServerState.RESTARTING, ended.reason(), "it is started again; see " + log());
            TimeUnit.SECONDS.sleep(1L << (restarts - 1));
        }
    }

    /** A free port can be taken between the choice and the start. */
    private boolean mayHaveLostItsPort(LogTail tail) {
        return site.spec().port().isEmpty() && tail.saysPortTaken();
    }

    private void giveUp(Ended ended, LogTail tail) {
        String times = restarts == 0 ? "" : "; it was started again " + (restarts == 1 ? "once" : restarts + " times");
        boolean tooLarge = ended.reason().startsWith(USED);
        fail(
                ended.reason() + times + ". The last lines of its log:\n" + tail.text(),
                (tooLarge ? Optional.of("give '" + site.spec().name() + "' a larger 'memory'") : tail.hint(site.spec()))
                        .orElse("see " + log() + "; then 'tarn up "
                                + site.spec().name() + "' tries again"));
    }

    private void awaitNeeded() throws ServiceException, InterruptedException {
        for (ServerLoop other : needed) {
            while (other.state() != ServerState.HEALTHY) {
                if (other.state() == ServerState.FAILED || other.state() == ServerState.STOPPED) {
                    throw new ServiceException(
                            "it needs '" + other.server().name() + "', which is "
                                    + other.state().word(),
                            "see the reason of '" + other.server().name() + "'");
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        }
    }

    /** Starts the process, or takes the adopted one, and returns when it has ended or was ended. */
    private Ended runOnce() throws ServiceException, IOException, InterruptedException {
        if (!adopted) {
            Optional<ProcessId> before = Optional.ofNullable(process);
            endTree();
            awaitNumberFree(before);
            record(ServerState.PREPARING, "", "");
            launch = site.spec().type().definition().launch(server, site);
            startProcess(launch);
            record(ServerState.STARTING, "", "");
        } else {
            launch = adoptedLaunch();
        }
        boolean wasAdopted = adopted;
        adopted = false;
        Optional<String> notHealthy = awaitHealth(launch.health());
        if (notHealthy.isPresent()) {
            return new Ended(notHealthy.get(), wasAdopted, Duration.ZERO);
        }
        record(ServerState.HEALTHY, "", "");
        long start = System.nanoTime();
        String reason = watch(launch.health());
        return new Ended(reason, true, Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * The lock file of a database names its process, and the next one refuses to start while that number is taken. An adopted
     * process is a child of the system's first one, which may take seconds to notice its end.
     */
    private static void awaitNumberFree(Optional<ProcessId> before) throws InterruptedException {
        long deadline = System.nanoTime() + HEALTH_LIMIT.toNanos();
        while (before.map(ProcessId::isZombie).orElse(false) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** What the earlier supervisor wrote down says where the process listens. */
    private Launch adoptedLaunch() throws IOException {
        Properties known = PropertiesFile.read(site.folders().state(server));
        int port = Integer.parseInt(known.getProperty("port", "0"));
        Map<String, String> facts = new java.util.TreeMap<>();
        known.stringPropertyNames().stream()
                .filter(key -> key.startsWith("fact."))
                .forEach(key -> facts.put(key.substring("fact.".length()), known.getProperty(key)));
        return new Launch(
                List.of(),
                Map.of(),
                site.folder(),
                port,
                site.spec().type().definition().health(server, site, port),
                known.getProperty("stopSignal", "TERM"),
                known.getProperty("endpoint", ""),
                facts);
    }

    private void startProcess(Launch what) throws IOException {
        Path log = log();
        if (Files.exists(log) && Files.size(log) > LOG_BYTES) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = new ArrayList<>();
        // In a session of its own a server does not get the signals of the terminal.
        site.installed().find("setsid").ifPresent(setsid -> command.add(setsid.toString()));
        command.addAll(what.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(what.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(Site.environment(site.installed().environment()));
        builder.environment().putAll(what.environment());
        builder.environment().put(Supervisor.MARK, site.folder().toString());
        Process started = builder.start();
        child = started;
        process = ProcessId.of(started.toHandle()).orElse(new ProcessId(started.pid(), "ended at once"));
        tree = List.of();
    }

    private Optional<String> awaitHealth(HealthCheck health) throws InterruptedException {
        long deadline = System.nanoTime() + HEALTH_LIMIT.toNanos();
        String last = "no answer";
        while (System.nanoTime() < deadline) {
            if (!isRunning()) {
                return Optional.of(howItEnded());
            }
            try {
                health.check();
                // Somebody else's server may answer in place of one that has just ended.
                if (isRunning()) {
                    return Optional.empty();
                }
            } catch (IOException notYet) {
                last = String.valueOf(notYet.getMessage());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS / 2);
        }
        return Optional.of("it did not answer within " + HEALTH_LIMIT.toSeconds() + " s of its start (" + last + ")");
    }

    private String watch(HealthCheck health) throws InterruptedException {
        long answered = System.nanoTime();
        long nextHealth = answered + HEALTH_INTERVAL.toNanos();
        long nextTree = answered;
        int overLimit = 0;
        while (true) {
            if (!isRunning()) {
                return howItEnded();
            }
            long now = System.nanoTime();
            if (now >= nextTree) {
                nextTree = now + TREE_INTERVAL.toNanos();
                tree = ProcessTree.of(java.util.Objects.requireNonNull(process));
                long used = ProcessTree.memory(tree);
                overLimit = used > memoryLimit() ? overLimit + 1 : 0;
                if (overLimit == TIMES_OVER_LIMIT) {
                    return USED + Memory.text(used) + " of memory and may use " + Memory.text(memoryLimit());
                }
            }
            if (now >= nextHealth) {
                nextHealth = now + HEALTH_INTERVAL.toNanos();
                try {
                    health.check();
                    answered = System.nanoTime();
                } catch (IOException e) {
                    if (System.nanoTime() - answered > HEALTH_LIMIT.toNanos()) {
                        return "it did not answer for " + HEALTH_LIMIT.toSeconds() + " s (" + e.getMessage() + ")";
                    }
                }
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private boolean isRunning() {
        ProcessId current = process;
        Process mine = child;
        return mine != null ? mine.isAlive() : current != null && current.isRunning();
    }

    private String howItEnded() throws InterruptedException {
        Process mine = child;
        if (mine == null) {
            return "it ended";
        }
        int code = mine.waitFor();
        return code > 128 ? "it was ended by signal " + (code - 128) : "it ended with exit code " + code;
    }

    /** Ends what is left of an earlier process: its children may hold its files. */
    private void endTree() throws InterruptedException {
        List<ProcessId> left = new ArrayList<>(tree);
        ProcessId current = process;
        if (current != null) {
            left.addAll(ProcessTree.of(current));
        }
        ProcessTree.kill(left);
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        while (left.stream().anyMatch(ProcessId::isRunning) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS / 5);
        }
        tree = List.of();
        process = null;
        child = null;
    }

    /** Ends the server in an orderly way, and by force if it takes too long. */
    void stop() throws InterruptedException {
        stopping.set(true);
        thread.interrupt();
        thread.join();
        ProcessId current = process;
        if (current != null && isRunning()) {
            record(ServerState.STOPPING, "", "");
            tree = ProcessTree.of(current);
            signal(current, launch == null ? "TERM" : launch.stopSignal());
            long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
            while (isRunning() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS / 5);
            }
        }
        endTree();
        if (Files.exists(site.folder())) {
            record(ServerState.STOPPED, "", "");
        }
        state = ServerState.STOPPED;
    }

    private static void signal(ProcessId process, String name) throws InterruptedException {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            process.handle().ifPresent(ProcessHandle::destroy);
        }
    }

    private long memoryLimit() {
        return site.spec().type().definition().memory(server, site.spec());
    }

    private Path log() {
        return site.folders().log(server);
    }

    private void fail(String reason, String help) {
        try {
            endTree();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        record(ServerState.FAILED, reason, help);
    }

    private void record(ServerState newState, String reason, String help) {
        Properties p = new Properties();
        p.setProperty("name", server.name());
        p.setProperty("service", server.service());
        p.setProperty("type", site.spec().type().id());
        p.setProperty("state", newState.word());
        p.setProperty("reason", reason);
        p.setProperty("help", help);
        p.setProperty("memoryLimit", String.valueOf(memoryLimit()));
        p.setProperty("restarts", String.valueOf(restarts));
        p.setProperty("since", String.valueOf(clock.millis()));
        p.setProperty("log", log().toString());
        ProcessId current = process;
        if (current != null) {
            p.setProperty("process", current.toString());
        }
        Launch started = launch;
        if (started != null) {
            p.setProperty("port", String.valueOf(started.port()));
            p.setProperty("endpoint", started.endpoint());
            p.setProperty("stopSignal", started.stopSignal());
            started.facts().forEach((key, value) -> p.setProperty("fact." + key, value));
        }
        try {
            PropertiesFile.write(site.folders().state(server), p);
        } catch (IOException unwritable) {
            // The folder is gone or the disk is full: the processes are looked after all the same.
        }
        state = newState;
    }
}
