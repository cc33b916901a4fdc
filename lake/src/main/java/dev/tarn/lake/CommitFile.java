package dev.tarn.lake;

import dev.tarn.fs.LocalFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Puts a commit into the log, whole and only if its version is free. */
final class CommitFile {
    /** Hidden, so that no reader of the log takes it for a commit. */
    static final String TEMP_PREFIX = ".tarn-";

    /** No commit takes so long between its temporary file and its link; an older file is from a writer that died. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    /** The sweep looks at every name in the log, of which there may be thousands. */
    private static final int SWEEP_INTERVAL = 10;

    /** Says that the commit is in the log, but maybe not on the disk. */
    static final class UncertainException extends IOException {
        UncertainException(IOException cause) {
            super(LakeException.reason(cause), cause);
        }
    }

    private final TableLog log;
    private final Clock clock;

    CommitFile(TableLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /** Fails with {@link FileAlreadyExistsException} when another writer has the version. */
    void publish(long version, List<Map<String, ?>> actions) throws IOException {
        LocalFiles.createDirectories(log.directory());
        if (version % SWEEP_INTERVAL == 0) {
            sweep();
        }
        StringBuilder text = new StringBuilder();
        actions.forEach(action -> text.append(Json.text(action)).append('\n'));
        byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
        Path target = log.commitFile(version);
        Path temp = log.directory().resolve(TEMP_PREFIX + UUID.randomUUID() + ".tmp");
        try {
            Files.write(temp, content);
            LocalFiles.publishNew(temp, target);
        } catch (FileAlreadyExistsException taken) {
            // On NFS a link that worked may be answered so when its first answer was lost. The content has a unique id.
            if (!isThere(target, content)) {
                throw taken;
            }
            LocalFiles.fsyncDirectory(log.directory());
        } catch (IOException failure) {
            Files.deleteIfExists(temp);
            throw isThere(target, content) ? new UncertainException(failure) : failure;
        }
        if (!isThere(target, content)) {
            // Spark's local log store renames over a file that it believes to be absent.
            throw new FileAlreadyExistsException(target.toString());
        }
        if (version > 0 && isInDeletedPart(version)) {
            throw new UncertainException(new IOException("the log was cleaned up to a later version meanwhile"));
        }
    }

    /** The old part of a log is deleted from its beginning: where the version before is, this one was never deleted. */
    private boolean isInDeletedPart(long version) {
        return Files.notExists(log.commitFile(version - 1))
                && !LogListing.of(log.table(), log.directory()).checkpoints().containsKey(version - 1);
    }

    /** Whether the commit is in the log; if that cannot be told, its files must stay as if it were. */
    private static boolean isThere(Path target, byte[] content) throws UncertainException {
        try {
            return !Files.notExists(target) && Arrays.equals(Files.readAllBytes(target), content);
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException unreadable) {
            throw new UncertainException(unreadable);
        }
    }

    private void sweep() throws IOException {
        Instant limit = clock.instant().minus(ABANDONED);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(log.directory(), TEMP_PREFIX + "*.tmp")) {
            for (Path leftover : leftovers) {
                if (modified(leftover).isBefore(limit)) {
                    Files.deleteIfExists(leftover);
                }
            }
        }
    }

    private static Instant modified(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException gone) {
            return Instant.MAX;
        }
    }
}
