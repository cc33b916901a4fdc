package dev.tarn.fs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Replaces a directory by another so that a crash at any point leaves the old or the new one, never a mixture.
 *
 * <p>No call swaps two directories, so it takes two renames. What is on the disk tells how far a swap came, with
 * {@code t} the target:
 *
 * <ol>
 *   <li>{@code t} (old), the new directory under a name of the caller: nothing has happened yet.
 *   <li>{@code t} (old), {@code .t.tarn-new-ID}: the new one is whole and on the disk.
 *   <li>{@code .t.tarn-old-ID}, {@code .t.tarn-new-ID}, no {@code t}: recovery finishes the swap.
 *   <li>{@code t} (new), {@code .t.tarn-old-ID}: recovery deletes the old one.
 * </ol>
 *
 * <p>A lock file beside the target, {@code .t.tarn-lock}, keeps a recovery from taking a swap that is under way for one
 * that was cut. It stays there: deleting it would let two processes lock two files of one name.
 */
public final class DirectorySwap {
    private DirectorySwap() {}

    /** Puts a new directory in the place of the target, which need not exist; both must be in one file system. */
    public static void replaceDirectory(Path newDirectory, Path target) throws IOException {
        if (!Files.isDirectory(newDirectory)) {
            throw new IllegalArgumentException("'" + newDirectory + "' is not a directory");
        }
        LocalFiles.fsyncTree(newDirectory);
        try (FileChannel channel = openLock(target)) {
            lock(channel);
            recover(target);
            swap(newDirectory, target);
        }
    }

    private static void swap(Path newDirectory, Path target) throws IOException {
        String id = UUID.randomUUID().toString();
        Path ready = sibling(target, "new", id);
        Files.move(newDirectory, ready, StandardCopyOption.ATOMIC_MOVE);
        Path parent = LocalFiles.parentOf(target);
        LocalFiles.fsyncDirectory(parent);
        if (Files.exists(target)) {
            Files.move(target, sibling(target, "old", id), StandardCopyOption.ATOMIC_MOVE);
            LocalFiles.fsyncDirectory(parent);
        }
        finish(ready, target);
    }

    private static FileChannel openLock(Path target) throws IOException {
        Path file = LocalFiles.parentOf(target)
                .resolve("." + target.toAbsolutePath().getFileName() + ".tarn-lock");
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /**
     * Holds the lock until the channel is closed. File locks are between processes; threads of one process have to wait
     * for each other here.
     */
    private static void lock(FileChannel channel) throws IOException {
        boolean held = false;
        while (!held) {
            try {
                held = channel.lock().isValid();
            } catch (OverlappingFileLockException heldByAnotherThread) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }

    /** Finishes or rolls back a swap that was cut; to be called before a target is read or replaced. */
    public static void recoverDirectory(Path target) throws IOException {
        if (leftovers(target, "new").isEmpty() && leftovers(target, "old").isEmpty()) {
            return;
        }
        try (FileChannel channel = openLock(target)) {
            lock(channel);
            recover(target);
        }
    }

    private static void recover(Path target) throws IOException {
        List<Path> ready = leftovers(target, "new");
        List<Path> old = leftovers(target, "old");
        if (!Files.exists(target)) {
            restore(target, ready, old);
        }
        // The target is whole now, so whatever else is there was replaced or was never put in place.
        for (Path rest : leftovers(target, "new")) {
            LocalFiles.deleteTree(rest);
        }
        for (Path rest : leftovers(target, "old")) {
            LocalFiles.deleteTree(rest);
        }
    }

    /** With no target a new directory is complete by its name alone: it got that name after its fsync. */
    private static void restore(Path target, List<Path> ready, List<Path> old) throws IOException {
        List<Path> candidates = ready.isEmpty() ? old : ready;
        if (!candidates.isEmpty()) {
            Files.move(newest(candidates), target, StandardCopyOption.ATOMIC_MOVE);
            LocalFiles.fsyncDirectory(LocalFiles.parentOf(target));
        }
    }

    private static void finish(Path ready, Path target) throws IOException {
        Files.move(ready, target, StandardCopyOption.ATOMIC_MOVE);
        LocalFiles.fsyncDirectory(LocalFiles.parentOf(target));
        for (Path old : leftovers(target, "old")) {
            LocalFiles.deleteTree(old);
        }
    }

    private static Path newest(List<Path> candidates) throws IOException {
        Path newest = candidates.get(0);
        for (Path candidate : candidates) {
            if (Files.getLastModifiedTime(candidate).compareTo(Files.getLastModifiedTime(newest)) > 0) {
                newest = candidate;
            }
        }
        return newest;
    }

    private static Path sibling(Path target, String role, String id) {
        return LocalFiles.parentOf(target).resolve(prefix(target, role) + id);
    }

    private static String prefix(Path target, String role) {
        return "." + target.toAbsolutePath().getFileName() + ".tarn-" + role + "-";
    }

    private static List<Path> leftovers(Path target, String role) throws IOException {
        Path parent = LocalFiles.parentOf(target);
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(parent)) {
            return found;
        }
        String prefix = prefix(target, role);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(
                parent, path -> path.getFileName().toString().startsWith(prefix))) {
            all.forEach(found::add);
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }
}
