package dev.tarn.services;

import dev.tarn.provision.FetchListener;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import dev.tarn.provision.Request;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Services that live as long as this process at most: its tests use them, and closing removes them with their data. The
 * supervisor is in this process. Servers of a process that was killed are ended by the next one that starts services.
 */
public final class TestServices implements AutoCloseable {

    private static final String EPHEMERAL = "of-a-test";

    private final Folders folders;
    private final Supervisor supervisor;

    private TestServices(Folders folders, Supervisor supervisor) {
        this.folders = folders;
        this.supervisor = supervisor;
    }

    /**
     * Starts services in a folder of their own; what they need is fetched if it is not in the user's cache.
     *
     * @param folder an empty one
     * @throws ServiceException if one does not become healthy, with its reason
     */
    public static TestServices start(Path folder, List<ServiceSpec> specs)
            throws IOException, InterruptedException, ServiceException, ProvisionException {
        Map<String, String> environment = System.getenv();
        Provisioner provisioner = new Provisioner(
                Provisioner.userCache(environment),
                Provisioner.isOffline(environment),
                environment,
                FetchListener.NONE);
        for (ServiceSpec spec : specs) {
            for (Request request : spec.type().definition().requests(new Installed(environment))) {
                provisioner.get(request);
            }
        }
        endAbandoned();
        Folders folders = Folders.ofProject(folder);
        folders.create();
        Files.writeString(folders.root().resolve(EPHEMERAL), "");
        Supervisor supervisor = Supervisor.take(folder, provisioner, environment, Clock.systemUTC())
                .orElseThrow(() -> new ServiceException(
                        "the services in " + folder + " have a supervisor already",
                        "give each test a folder of its own"));
        TestServices services = new TestServices(folders, supervisor);
        boolean started = false;
        try {
            for (ServiceSpec spec : specs) {
                supervisor.up(spec);
            }
            services.awaitHealthy(specs);
            started = true;
            return services;
        } finally {
            if (!started) {
                services.close();
            }
        }
    }

    private void awaitHealthy(List<ServiceSpec> specs) throws IOException, InterruptedException, ServiceException {
        for (ServiceSpec spec : specs) {
            for (Server server : spec.type().definition().servers(spec)) {
                ServerStatus status = status(server);
                while (!status.state().isSettled()) {
                    TimeUnit.MILLISECONDS.sleep(20);
                    status = status(server);
                }
                if (status.state() != ServerState.HEALTHY) {
                    throw new ServiceException(
                            "service '" + server.name() + "' failed: " + status.reason(), status.help());
                }
            }
        }
    }

    private ServerStatus status(Server server) throws IOException {
        return ServerStatus.read(folders.state(server))
                .orElseThrow(() -> new IllegalStateException("no state of " + server.name()));
    }

    /** How a service is now, with its endpoint. */
    public ServerStatus status(String service) throws IOException {
        return status(new Server(service, service, 0));
    }

    /** The password of a service that has one. */
    public String password(String service) throws IOException {
        return Credentials.in(folders.service(service)).password();
    }

    /** Stops a service's server without a chance to clean up, as a crash would; it is started again. */
    public void kill(String service) throws IOException {
        status(service).pid().ifPresent(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    /** The servers of tests whose process is gone: their folder is no longer there, or nobody has its lock. */
    private static void endAbandoned() {
        List<ProcessId> abandoned = new ArrayList<>();
        ProcessTree.withVariable(Supervisor.MARK, "/").forEach(process -> {
            Path service = Path.of(ProcessTree.variable(process.pid(), Supervisor.MARK));
            if (isAbandoned(service.resolve("../..").normalize())) {
                abandoned.addAll(ProcessTree.of(process));
            }
        });
        ProcessTree.kill(abandoned);
    }

    private static boolean isAbandoned(Path root) {
        if (Files.notExists(root)) {
            return true;
        }
        if (Files.notExists(root.resolve(EPHEMERAL))) {
            return false;
        }
        try (FileChannel lock = FileChannel.open(root.resolve("lock"), StandardOpenOption.WRITE)) {
            return Supervisor.tryLock(lock);
        } catch (IOException gone) {
            return Files.notExists(root);
        }
    }

    @Override
    public void close() throws IOException {
        supervisor.close();
        Folders.delete(folders.root());
    }
}
