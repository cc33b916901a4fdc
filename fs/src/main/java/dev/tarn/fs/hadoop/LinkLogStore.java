package dev.tarn.fs.hadoop;

import dev.tarn.fs.LocalFiles;
import io.delta.storage.CloseableIterator;
import io.delta.storage.LineCloseableIterator;
import io.delta.storage.LogStore;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Objects;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Commits of Spark sessions to Delta tables on local disks: of any number of threads and processes that write one version
 * exactly one wins, the others get {@link FileAlreadyExistsException}, and what has won is on the disk.
 *
 * <p>Delta's own store for local paths looks whether the file is there and then renames over it. That holds within one
 * process only: of 3000 versions by four processes it lost two of three commits. This one is for sessions that have
 * {@link #SETTING} set to its name, with Delta 3.2 and later; it suits module {@code lake}, which commits in the same way.
 */
public final class LinkLogStore extends LogStore {
    /** Spark's setting that takes the class name; it is Delta's for paths of scheme {@code file}, which all local ones have. */
    public static final String SETTING = "spark.delta.logStore.file.impl";

    /** As module {@code lake} calls its own, so that it sweeps these, too, when their writer died. */
    private static final String TEMP_PREFIX = ".tarn-";

    /** Called by Delta. */
    public LinkLogStore(Configuration configuration) {
        super(configuration);
    }

    @Override
    public CloseableIterator<String> read(Path path, Configuration configuration) throws IOException {
        // Through Hadoop, so that a checksum that Delta's own store has left is looked at.
        return new LineCloseableIterator(new BufferedReader(
                new InputStreamReader(path.getFileSystem(configuration).open(path), StandardCharsets.UTF_8)));
    }

    /**
     * Puts a file into the log, whole or not at all.
     *
     * @param overwrite whether it may be there already; readers then see the old or the new one
     * @throws FileAlreadyExistsException if another writer was first
     * @throws FileNotFoundException if the log's directory is not there
     */
    @Override
    public void write(Path path, Iterator<String> lines, Boolean overwrite, Configuration configuration)
            throws IOException {
        java.nio.file.Path target = local(path);
        java.nio.file.Path directory = Objects.requireNonNull(target.getParent(), "a file in a log has a directory");
        if (!Files.isDirectory(directory)) {
            throw new FileNotFoundException("No such file or directory: " + directory);
        }
        if (!overwrite && Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        java.nio.file.Path temp = directory.resolve(TEMP_PREFIX + UUID.randomUUID() + ".tmp");
        try {
            writeLines(temp, lines);
            // Delta's own store lets Hadoop leave a checksum beside each file, which does not fit the new one.
            Files.deleteIfExists(target.resolveSibling("." + target.getFileName() + ".crc"));
            if (overwrite) {
                LocalFiles.replace(temp, target);
            } else {
                publish(temp, target);
            }
        } finally {
            Files.deleteIfExists(temp);
        }
    }

    private static void writeLines(java.nio.file.Path file, Iterator<String> lines) throws IOException {
        try (BufferedWriter out =
                Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW)) {
            while (lines.hasNext()) {
                out.write(lines.next());
                out.write('\n');
            }
        }
    }

    private static void publish(java.nio.file.Path temp, java.nio.file.Path target) throws IOException {
        Object ours = key(temp);
        LocalFiles.publishNew(temp, target);
        if (ours != null && !ours.equals(key(target))) {
            // A session without this store has renamed its commit over ours, which it believed to be absent.
            throw new FileAlreadyExistsException(target.toString());
        }
    }

    /** What tells a file from all others that are there; null where the file system does not say, or when it is gone. */
    private static @Nullable Object key(java.nio.file.Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    @Override
    public Iterator<FileStatus> listFrom(Path path, Configuration configuration) throws IOException {
        FileSystem files = path.getFileSystem(configuration);
        Path directory = path.getParent();
        if (!files.exists(directory)) {
            throw new FileNotFoundException("No such file or directory: " + directory);
        }
        return Arrays.stream(files.listStatus(directory))
                .filter(each -> each.getPath().getName().compareTo(path.getName()) >= 0)
                .sorted(Comparator.comparing(each -> each.getPath().getName()))
                .iterator();
    }

    @Override
    public Path resolvePathOnPhysicalStorage(Path path, Configuration configuration) throws IOException {
        return path.getFileSystem(configuration).makeQualified(path);
    }

    /**
     * Always true. Nothing that {@link #write} writes is ever seen in part, but Delta asks for the files that it writes past
     * the store, checkpoints, and would give those their final names from the start.
     */
    @Override
    public Boolean isPartialWriteVisible(Path path, Configuration configuration) {
        return true;
    }

    private static java.nio.file.Path local(Path path) {
        String scheme = path.toUri().getScheme();
        if (scheme != null && !scheme.equalsIgnoreCase("file")) {
            throw new IllegalArgumentException("'" + path + "' is not on a local disk");
        }
        return new File(path.toUri().getPath()).toPath().toAbsolutePath();
    }
}
