package dev.tarn.services;

import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import dev.tarn.provision.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where a service is set up, and what it may use there.
 *
 * @param folder the service's own folder
 * @param project the project's folder, where relative paths of options begin
 */
record Site(
        ServiceSpec spec, Folders folders, Path folder, Path project, Installed installed, Provisioner provisioner) {

    private static final int SETUP_MINUTES = 2;

    Path data() {
        return folder.resolve("data");
    }

    Credentials credentials() throws IOException {
        return Credentials.in(folder);
    }

    int port() throws ServiceException, IOException {
        return port("port", true);
    }

    /**
     * A further port.
     *
     * @param fixable whether the declared port is meant
     */
    int port(String what, boolean fixable) throws ServiceException, IOException {
        return new Ports(folder.resolve("ports.properties"), spec.name())
                .take(what, fixable ? spec.port() : java.util.OptionalInt.empty());
    }

    long memory() {
        return spec.memoryOr(spec.type().definition().defaultMemory());
    }

    /** The file that an option names, if it does. */
    Optional<Path> file(String option) throws ServiceException {
        Optional<Path> file = spec.list(option).stream().findFirst().map(project::resolve);
        if (file.isPresent() && !Files.isReadable(file.get())) {
            throw new ServiceException(
                    "'" + option + "' of '" + spec.name() + "' names a file that is not there: " + file.get(),
                    "relative paths start at the project's folder");
        }
        return file;
    }

    Path fetched(Request request) throws ServiceException, InterruptedException {
        try {
            return provisioner.get(request);
        } catch (ProvisionException e) {
            throw new ServiceException(String.valueOf(e.getMessage()), e.help());
        }
    }

    /** The Java that runs this process, for servers in Java. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The variables that each process gets: no setting of the user's for other databases leaks in. */
    static Map<String, String> environment(Map<String, String> all) {
        Map<String, String> few = new java.util.TreeMap<>();
        for (String name : List.of("PATH", "HOME", "USER", "TMPDIR", "TZ")) {
            String value = all.get(name);
            if (value != null) {
                few.put(name, value);
            }
        }
        few.put("LC_ALL", "C.UTF-8");
        return few;
    }

    /**
     * Runs a program of the set-up to its end.
     *
     * @throws ServiceException with its last lines if it fails
     */
    void run(String what, List<String> command, Map<String, String> environment, String input)
            throws ServiceException, IOException, InterruptedException {
        Path log = folder.resolve("setup.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment(installed.environment()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            try (var out = process.outputWriter()) {
                out.write(input);
            }
            if (!process.waitFor(SETUP_MINUTES, TimeUnit.MINUTES)) {
                throw new ServiceException(what + " did not end within " + SETUP_MINUTES + " minutes", "see " + log);
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw LogTail.failure(what, log, spec);
        }
    }

    /** Makes a folder by a program, so that it is there as a whole or not at all. */
    void makeOnce(Path target, Making making) throws ServiceException, IOException, InterruptedException {
        if (Files.exists(target)) {
            return;
        }
        Path half = target.resolveSibling(target.getFileName() + ".new");
        Folders.delete(half);
        making.make(half);
        Files.move(half, target);
    }

    interface Making {
        void make(Path folder) throws ServiceException, IOException, InterruptedException;
    }

    /** A list of arguments that is put together in parts. */
    static List<String> command(List<String> first, List<String> more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(more);
        return all;
    }
}
