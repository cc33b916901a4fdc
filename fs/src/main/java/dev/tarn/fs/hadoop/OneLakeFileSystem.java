package dev.tarn.fs.hadoop;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Paths of OneLake as folders of this machine, so that code with the paths of production runs unchanged. Set as
 * {@code fs.abfss.impl}; another account's paths are refused, because nothing of it is here.
 */
public final class OneLakeFileSystem extends RawLocalFileSystem {

    private URI uri = URI.create("abfss:///");

    @Override
    public void initialize(URI name, Configuration configuration) throws IOException {
        if (!OneLakePaths.isOneLake(name)) {
            throw new IOException("'" + name + "' cannot be reached from here: only lakehouses of OneLake have folders"
                    + " on this machine");
        }
        uri = URI.create(name.getScheme() + "://" + name.getRawAuthority());
        super.initialize(name, configuration);
        setWorkingDirectory(new Path(uri + "/"));
    }

    @Override
    public URI getUri() {
        return uri;
    }

    @Override
    public String getScheme() {
        return uri.getScheme();
    }

    @Override
    public Path getHomeDirectory() {
        return new Path(uri + "/");
    }

    @Override
    protected Path getInitialWorkingDirectory() {
        return new Path(uri + "/");
    }

    @Override
    public File pathToFile(Path path) {
        try {
            return OneLakePaths.local(makeQualified(path), getConf());
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        Path qualified = makeQualified(path);
        return status(OneLakePaths.local(qualified, getConf()), qualified);
    }

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
        return getFileStatus(path);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        Path qualified = makeQualified(path);
        File file = OneLakePaths.local(qualified, getConf());
        FileStatus own = status(file, qualified);
        if (!own.isDirectory()) {
            return new FileStatus[] {own};
        }
        String[] names = file.list();
        FileStatus[] all = new FileStatus[names == null ? 0 : names.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = status(new File(file, names[i]), new Path(qualified, new Path(null, null, names[i])));
        }
        return all;
    }

    /** Of the file what the real store tells, too, under the path by which it was asked for. */
    private FileStatus status(File file, Path path) throws FileNotFoundException {
        if (!file.exists()) {
            throw new FileNotFoundException("File " + path + " does not exist");
        }
        boolean folder = file.isDirectory();
        return new FileStatus(
                folder ? 0 : file.length(), folder, 1, getDefaultBlockSize(path), file.lastModified(), path);
    }
}
