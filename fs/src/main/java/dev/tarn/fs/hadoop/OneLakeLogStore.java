package dev.tarn.fs.hadoop;

import io.delta.storage.CloseableIterator;
import io.delta.storage.LogStore;
import java.io.IOException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Commits to Delta tables by paths of OneLake as {@link LinkLogStore} commits to them by their local paths. */
public final class OneLakeLogStore extends LogStore {

    private final LinkLogStore local;

    /** Called by Delta. */
    public OneLakeLogStore(Configuration configuration) {
        super(configuration);
        local = new LinkLogStore(configuration);
    }

    @Override
    public CloseableIterator<String> read(Path path, Configuration configuration) throws IOException {
        return local.read(path, configuration);
    }

    @Override
    public void write(Path path, Iterator<String> lines, Boolean overwrite, Configuration configuration)
            throws IOException {
        local.write(new Path(OneLakePaths.local(path, configuration).toURI()), lines, overwrite, configuration);
    }

    @Override
    public Iterator<FileStatus> listFrom(Path path, Configuration configuration) throws IOException {
        return local.listFrom(path, configuration);
    }

    @Override
    public Path resolvePathOnPhysicalStorage(Path path, Configuration configuration) throws IOException {
        return local.resolvePathOnPhysicalStorage(path, configuration);
    }

    @Override
    public Boolean isPartialWriteVisible(Path path, Configuration configuration) {
        return local.isPartialWriteVisible(path, configuration);
    }
}
