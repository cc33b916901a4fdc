package dev.tarn.provision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Hands out what was asked for, from the cache if it is there.
 *
 * <p>Each thing has a folder that is named by the hash of its request. A folder counts only with its file
 * {@code ready}, which is written last; a lock beside it keeps two processes from filling it at once. A process that is
 * killed in between leaves a folder without {@code ready}, and the next one begins again. Safe for use by several threads.
 */
public final class Provisioner {

    private static final String READY = "ready";

    private final Path cache;
    private final boolean offline;
    private final Map<String, String> environment;
    private final FetchListener listener;

    /**
     * @param cache folder that is made if it is not there
     * @param offline hand out what is in the cache (and in Maven's local repository), and fetch nothing
     * @param environment the environment variables, for {@code PATH}, {@code HOME} and Maven's settings
     */
    public Provisioner(Path cache, boolean offline, Map<String, String> environment, FetchListener listener) {
        this.cache = cache.toAbsolutePath().normalize();
        this.offline = offline;
        this.environment = Map.copyOf(environment);
        this.listener = listener;
    }

    /**
     * The user's cache: {@code $TARN_CACHE_DIR}, {@code $XDG_CACHE_HOME/tarn}, {@code ~/Library/Caches/tarn} where there
     * is such a folder, else {@code ~/.cache/tarn}; the launcher uses the same.
     */
    public static Path userCache(Map<String, String> environment) {
        String own = environment.getOrDefault("TARN_CACHE_DIR", "");
        if (!own.isEmpty()) {
            return Path.of(own).toAbsolutePath();
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (xdg.startsWith("/")) {
            return Path.of(xdg, "tarn");
        }
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
        Path mac = home.resolve("Library/Caches");
        return (Files.isDirectory(mac) ? mac : home.resolve(".cache")).resolve("tarn");
    }

    /** Whether the environment asks for offline mode: {@code TARN_OFFLINE} is set to anything but 0 or false. */
    public static boolean isOffline(Map<String, String> environment) {
        return !List.of("", "0", "false").contains(environment.getOrDefault("TARN_OFFLINE", ""));
    }

    /**
     * The folder with what was asked for.
     *
     * @throws ProvisionException if it is not there and cannot be had
     */
    public Path get(Request request) throws ProvisionException, InterruptedException {
        Path folder = folder(request);
        if (Files.exists(folder.resolve(READY))) {
            return folder;
        }
        try {
            return fetch(request, folder);
        } catch (IOException | UncheckedIOException e) {
            throw new ProvisionException(
                    request.what() + " could not be stored in " + folder + ": " + e.getMessage(),
                    "check that the disk is not full and that you may write there;"
                            + " XDG_CACHE_HOME or TARN_CACHE_DIR names another place",
                    e);
        }
    }

    /** The folder, if it is there already; nothing is fetched. */
    public Optional<Path> find(Request request) {
        Path folder = folder(request);
        return Files.exists(folder.resolve(READY)) ? Optional.of(folder) : Optional.empty();
    }

    private Path folder(Request request) {
        return cache.resolve("provision").resolve(request.kind()).resolve(hash(request.content()));
    }

    private Path fetch(Request request, Path folder) throws ProvisionException, IOException, InterruptedException {
        Files.createDirectories(folder.getParent());
        Path lockFile = folder.resolveSibling(folder.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock lock = lock(channel);
            try {
                if (!Files.exists(folder.resolve(READY))) {
                    fill(request, folder);
                }
                return folder;
            } finally {
                lock.release();
            }
        }
    }

    private void fill(Request request, Path folder) throws ProvisionException, IOException, InterruptedException {
        delete(folder);
        Files.createDirectories(folder);
        listener.started(request.what());
        boolean filled = false;
        try {
            request.fill(folder, new Fetching(cache, offline, environment, listener, request.what()));
            filled = true;
        } finally {
            if (!filled) {
                delete(folder);
            }
        }
        Files.writeString(folder.resolve(READY + ".new"), request.what() + "\n" + request.content() + "\n");
        Files.move(folder.resolve(READY + ".new"), folder.resolve(READY));
        listener.finished(request.what());
    }

    /** File locks are between processes; threads of this one wait for each other here. */
    private static FileLock lock(FileChannel channel) throws IOException, InterruptedException {
        while (true) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException heldByAnotherThread) {
                // Asked again below.
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static String hash(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
