package dev.tarn.services;

import dev.tarn.provision.FetchListener;
import dev.tarn.provision.Provisioner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The process that stays behind after {@code tarn up}. It does what the files under {@code requests} say, in the order of
 * their names, and ends when no service is left. What must be fetched has been fetched by {@code tarn up}.
 */
public final class SupervisorProcess {

    private static final long LOOK_MILLIS = 100;

    private SupervisorProcess() {}

    /**
     * Runs until no service is left, the project's folder is gone, or it shall end; then stops all services. Returns at once
     * if the project has a supervisor already.
     *
     * @param shallEnd whether the process was asked to end, by a signal
     */
    public static void run(Path project, Map<String, String> environment, Clock clock, BooleanSupplier shallEnd)
            throws IOException, InterruptedException {
        Provisioner cacheOnly =
                new Provisioner(Provisioner.userCache(environment), true, environment, FetchListener.NONE);
        Optional<Supervisor> taken = Supervisor.take(project, cacheOnly, environment, clock);
        if (taken.isEmpty()) {
            return;
        }
        Folders folders = Folders.ofProject(project);
        try (Supervisor supervisor = taken.get()) {
            boolean asked = false;
            while (!shallEnd.getAsBoolean() && Files.isDirectory(folders.requests())) {
                List<Path> requests = requests(folders);
                for (Path request : requests) {
                    answer(supervisor, folders, request);
                }
                asked |= !requests.isEmpty();
                // A supervisor that adopted services may have been started for nothing else than to end them.
                if (requests.isEmpty() && supervisor.services().isEmpty() && asked) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        }
    }

    static List<Path> requests(Folders folders) throws IOException {
        try (Stream<Path> files = Files.list(folders.requests())) {
            return files.filter(file -> file.getFileName().toString().endsWith(".request"))
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static void answer(Supervisor supervisor, Folders folders, Path request)
            throws IOException, InterruptedException {
        Properties wanted = PropertiesFile.read(request);
        switch (wanted.getProperty("action")) {
            case "up" -> supervisor.up(ServiceSpec.of(wanted));
            case "down" -> {
                supervisor.down(wanted.getProperty("name"));
                if (Boolean.parseBoolean(wanted.getProperty("removeData"))) {
                    Folders.delete(folders.service(wanted.getProperty("name")));
                }
            }
            case "restart" -> supervisor.restart(wanted.getProperty("name"));
            default -> throw new IllegalStateException("unknown request in " + request);
        }
        Files.deleteIfExists(request);
    }
}
