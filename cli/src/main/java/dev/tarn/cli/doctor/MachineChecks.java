package dev.tarn.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Looks at what every project needs of the machine. */
public final class MachineChecks {

    private static final int OLDEST_JAVA = 17;

    /** With less than this nothing works. */
    private static final long MEGABYTES_NEEDED = 64;

    /** A run spills what does not fit into memory, and keeps the old version of a table until the new one is whole. */
    private static final long MEGABYTES_WISHED = 1024;

    private final Machine machine;

    public MachineChecks(Machine machine) {
        this.machine = machine;
    }

    public Finding java() {
        String found = "Java " + machine.java() + ", " + machine.javaHome();
        return machine.java().feature() >= OLDEST_JAVA
                ? Finding.ok("java", found)
                : Finding.error(
                        "java",
                        found,
                        "Java " + OLDEST_JAVA + " or later is needed; TARN_JAVA_HOME says which is used");
    }

    /** Loads the engine, with its native library; whatever keeps it from that is the finding. */
    public Finding engine() {
        try {
            return Finding.ok("engine", machine.engine().get());
        } catch (RuntimeException | LinkageError e) {
            return Finding.error(
                    "engine",
                    "DuckDB does not load: " + reason(e),
                    "it needs Linux with glibc, or macOS, on x86-64 or ARM64; check that '" + machine.temporary()
                            + "' is writable, has free space and is not mounted noexec");
        }
    }

    private static String reason(Throwable thrown) {
        Throwable root = thrown;
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return Objects.requireNonNullElse(root.getMessage(), root.getClass().getSimpleName());
    }

    /** The folder with what makes starts fast. */
    public Finding cache() {
        Optional<Path> found = cacheFolder();
        if (found.isEmpty()) {
            return Finding.warning(
                    "cache", "there is no cache folder, so no start is a fast one", "set HOME or TARN_CACHE_DIR");
        }
        Folder folder = new Folder(found.get());
        Optional<String> unwritable = folder.unwritable();
        if (unwritable.isPresent()) {
            return Finding.warning(
                    "cache",
                    unwritable.get() + ", so no start is a fast one",
                    "make it writable, or set TARN_CACHE_DIR to another folder");
        }
        if (machine.start().archive()) {
            return Finding.ok("cache", "'" + folder.path() + "', fast starts are prepared");
        }
        return machine.start().launcher()
                ? Finding.warning(
                        "cache",
                        "'" + folder.path() + "' is writable, but this start was not a fast one",
                        "the next start prepares it; if not, 'TARN_DEBUG=1 tarn doctor' says why")
                : Finding.ok("cache", "'" + folder.path() + "' is writable; the launcher prepares fast starts there");
    }

    /** As the launcher finds it. */
    private Optional<Path> cacheFolder() {
        Map<String, String> env = machine.environment();
        String told = env.getOrDefault("TARN_CACHE_DIR", "");
        String xdg = env.getOrDefault("XDG_CACHE_HOME", "");
        String home = env.getOrDefault("HOME", "");
        if (!told.isEmpty()) {
            return usable(Path.of(told).toAbsolutePath());
        }
        if (!xdg.isEmpty()) {
            return usable(Path.of(xdg, "tarn"));
        }
        if (home.isEmpty()) {
            return Optional.empty();
        }
        Path mac = Path.of(home, "Library", "Caches");
        return usable(Files.isDirectory(mac) ? mac.resolve("tarn") : Path.of(home, ".cache", "tarn"));
    }

    private static Optional<Path> usable(Path folder) {
        return Optional.of(folder)
                .filter(Path::isAbsolute)
                .filter(path -> !path.toString().contains(":"));
    }

    /** The folder for temporary files, and its disk. */
    public List<Finding> temporary() {
        Folder folder = new Folder(machine.temporary());
        List<Finding> findings = new ArrayList<>();
        Optional<String> unwritable = folder.exists()
                ? folder.unwritable()
                : Optional.of("'" + folder.path() + "' is not there, or is not a folder");
        findings.add(unwritable
                .map(why -> Finding.error(
                        "temp folder", why, "make it, or name another: TARN_JAVA_OPTS=-Djava.io.tmpdir=FOLDER"))
                .orElseGet(() -> Finding.ok("temp folder", "'" + folder.path() + "' is writable")));
        findings.add(space("temp space", machine.temporary()));
        return findings;
    }

    /** The free space of the disk that a folder is on, or will be. */
    public Finding space(String check, Path folder) {
        Path place = new Folder(folder).nearest();
        try {
            long free = machine.disk().free(place) >> 20;
            String found = (free < 10 * 1024 ? free + " MB" : (free >> 10) + " GB") + " free for '" + folder + "'";
            if (free < MEGABYTES_NEEDED) {
                return Finding.error(check, found, "free at least " + MEGABYTES_WISHED + " MB on this disk");
            }
            return free < MEGABYTES_WISHED
                    ? Finding.warning(
                            check, found, "a run may need more: free " + MEGABYTES_WISHED + " MB on this disk")
                    : Finding.ok(check, found);
        } catch (IOException e) {
            return Finding.warning(
                    check, "the free space of '" + place + "' is not known: " + e.getMessage(), "see 'df'");
        }
    }

    /** What decides about colours and progress; never wrong. */
    public Finding terminal(boolean terminal, boolean colours) {
        List<String> reasons = new ArrayList<>();
        for (String name : List.of("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM")) {
            String value = machine.environment().getOrDefault(name, "");
            if (!value.isEmpty()) {
                reasons.add(name + "=" + value);
            }
        }
        return Finding.ok(
                "terminal",
                (terminal ? "standard error is a terminal" : "standard error is no terminal")
                        + (colours ? ", colours are on" : ", colours are off")
                        + (reasons.isEmpty() ? "" : " (" + String.join(", ", reasons) + ")"));
    }
}
