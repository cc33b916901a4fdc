package dev.tarn.services;

import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import dev.tarn.provision.Request;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The services of one project, as seen from outside: they run in processes of their own, under a supervisor that is a
 * process, too. What this class is told it hands over in files, and what it says it has read from files, so that any
 * number of commands may use a stack at once.
 */
public final class Stack {

    private static final Duration SUPERVISOR_LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 50;

    private final Path project;
    private final Folders folders;
    private final Map<String, String> environment;
    private final List<String> supervisor;
    private final Clock clock;

    /**
     * @param project the folder that has the stack, in {@code .tarn/services}
     * @param environment the environment variables
     * @param supervisor the command that runs {@link SupervisorProcess#run} for the project
     */
    public Stack(Path project, Map<String, String> environment, List<String> supervisor, Clock clock) {
        this.project = project.toAbsolutePath().normalize();
        this.folders = Folders.ofProject(this.project);
        this.environment = Map.copyOf(environment);
        this.supervisor = List.copyOf(supervisor);
        this.clock = clock;
    }

    /** Gets what the services need into the cache. */
    public void fetch(List<ServiceSpec> specs, Provisioner provisioner)
            throws ProvisionException, InterruptedException {
        Installed installed = new Installed(environment);
        for (ServiceSpec spec : specs) {
            for (Request request : spec.type().definition().requests(installed)) {
                provisioner.get(request);
            }
        }
    }

    /**
     * Starts services that do not run, and returns when each is healthy or has failed.
     *
     * @param listener hears each change of a server's state
     */
    public List<ServerStatus> up(List<ServiceSpec> specs, Consumer<ServerStatus> listener)
            throws IOException, InterruptedException, ServiceException {
        folders.create();
        List<Path> requests = new ArrayList<>();
        for (ServiceSpec spec : specs) {
            Properties request = spec.toProperties();
            request.setProperty("action", "up");
            requests.add(send(request));
        }
        awaitAnswers(requests);
        return awaitSettled(specs.stream().map(ServiceSpec::name).toList(), listener);
    }

    /** Starts running services anew; returns when each is healthy or has failed. */
    public List<ServerStatus> restart(List<String> services, Consumer<ServerStatus> listener)
            throws IOException, InterruptedException, ServiceException {
        List<Path> requests = new ArrayList<>();
        for (String service : services) {
            requests.add(send(request("restart", service)));
        }
        awaitAnswers(requests);
        return awaitSettled(services, listener);
    }

    /**
     * Stops services; their data stay unless they shall be removed.
     *
     * @param services all when empty
     */
    public void down(List<String> services, boolean removeData)
            throws IOException, InterruptedException, ServiceException {
        if (Files.notExists(folders.root())) {
            return;
        }
        boolean all = services.isEmpty();
        List<String> names = all ? folders.services() : services;
        List<Path> requests = new ArrayList<>();
        for (String name : names) {
            Properties request = request("down", name);
            request.setProperty("removeData", String.valueOf(removeData));
            requests.add(send(request));
        }
        awaitAnswers(requests);
        if (all || isIdle()) {
            awaitEnd();
        }
        if (all && removeData) {
            folders.remove();
        }
    }

    private boolean isIdle() throws IOException {
        return status().stream().allMatch(s -> s.state() == ServerState.STOPPED || s.state() == ServerState.FAILED);
    }

    private void awaitEnd() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + SUPERVISOR_LIMIT.toNanos();
        while (isSupervised() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** All servers that the stack has or had, by name; a dead process of a dead supervisor counts as stopped. */
    public List<ServerStatus> status() throws IOException {
        List<ServerStatus> all = new ArrayList<>();
        boolean supervised = isSupervised();
        for (String service : folders.services()) {
            all.addAll(status(service, supervised));
        }
        return all;
    }

    private List<ServerStatus> status(String service, boolean supervised) throws IOException {
        List<ServerStatus> found = new ArrayList<>();
        for (Path file : folders.states(service)) {
            ServerStatus.read(file).map(s -> supervised ? s : abandoned(s)).ifPresent(found::add);
        }
        return found;
    }

    private static ServerStatus abandoned(ServerStatus status) {
        if (status.state() == ServerState.FAILED || status.state() == ServerState.STOPPED) {
            return status;
        }
        return status.pid().isPresent()
                ? status.withState(
                        status.state(), "nobody watches it: the supervisor was killed", "'tarn up' watches it again")
                : status.withState(ServerState.STOPPED, "", "");
    }

    /** Whether a supervisor lives: it holds the lock. */
    public boolean isSupervised() throws IOException {
        if (Files.notExists(folders.lock())) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(folders.lock(), StandardOpenOption.WRITE)) {
            return !Supervisor.tryLock(channel);
        }
    }

    private static Properties request(String action, String name) {
        Properties request = new Properties();
        request.setProperty("action", action);
        request.setProperty("name", name);
        return request;
    }

    /** The names sort by time, so that the requests of one command are answered in their order. */
    private Path send(Properties request) throws IOException {
        String name = String.format(
                Locale.ROOT,
                "%013d-%d-%015d.request",
                clock.millis(),
                ProcessHandle.current().pid(),
                Math.floorMod(System.nanoTime(), 1_000_000_000_000_000L));
        Path file = folders.requests().resolve(name);
        PropertiesFile.write(file, request);
        return file;
    }

    /** A supervisor that ends just now may not have seen the request: then another is started. */
    private void awaitAnswers(List<Path> requests) throws IOException, InterruptedException, ServiceException {
        long started = 0;
        while (requests.stream().anyMatch(Files::exists)) {
            boolean none = !isSupervised();
            if (none && (started == 0 || System.nanoTime() - started > SUPERVISOR_LIMIT.toNanos())) {
                if (started != 0) {
                    for (Path request : requests) {
                        Files.deleteIfExists(request);
                    }
                    throw new ServiceException(
                            "the supervisor did not start:\n"
                                    + LogTail.of(folders.supervisorLog()).text(),
                            "see " + folders.supervisorLog());
                }
                started = System.nanoTime();
                startSupervisor();
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** In a session of its own and without our streams: it stays when this process and its terminal are gone. */
    private void startSupervisor() throws IOException {
        List<String> command = new ArrayList<>();
        new Installed(environment).find("setsid").ifPresent(setsid -> command.add(setsid.toString()));
        command.addAll(supervisor);
        new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folders.supervisorLog().toFile()))
                .start();
    }

    private List<ServerStatus> awaitSettled(List<String> services, Consumer<ServerStatus> listener)
            throws IOException, InterruptedException, ServiceException {
        Map<String, ServerState> heard = new java.util.HashMap<>();
        while (true) {
            List<ServerStatus> now = new ArrayList<>();
            boolean supervised = isSupervised();
            for (String service : services) {
                now.addAll(status(service, supervised));
            }
            for (ServerStatus status : now) {
                if (heard.put(status.name(), status.state()) != status.state()) {
                    listener.accept(status);
                }
            }
            if (now.stream().allMatch(status -> status.state().isSettled())) {
                return now;
            }
            if (!supervised) {
                throw new ServiceException(
                        "the supervisor ended:\n"
                                + LogTail.of(folders.supervisorLog()).text(),
                        "'tarn up' tries again; see " + folders.supervisorLog());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** The log of each of a service's servers, by the server's name. */
    public Map<String, Path> logs(String service) throws IOException {
        Map<String, Path> logs = new java.util.TreeMap<>();
        for (ServerStatus status : status(service, true)) {
            logs.put(status.name(), status.log());
        }
        return logs;
    }
}
