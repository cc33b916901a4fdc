package dev.tarn.cli.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Unpacks SQLite's native library once. The driver writes it into a temporary file at every start, unless
 * {@code org.sqlite.lib.path} names a folder that has it; without one that fits, it does as always.
 */
final class SqliteNative {

    private SqliteNative() {}

    /** The JVM's option that makes the driver look into a folder first; the launcher gives the same. */
    static String option(Path folder) {
        return "-Dorg.sqlite.lib.path=" + folder;
    }

    static void unpack(Path folder) throws IOException {
        String name = LibraryLoaderUtil.getNativeLibName();
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        try (InputStream library = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (library != null) {
                SafeFiles.replace(folder.resolve(name), temporary -> Files.copy(library, temporary));
            }
        }
    }
}
