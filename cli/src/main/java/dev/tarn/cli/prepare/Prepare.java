package dev.tarn.cli.prepare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

/**
 * Fills the folder of one installation in the user's cache and prints the class path to start with from then on.
 * Arguments: the folder, the installation's class path, then the flags that every start gives the JVM.
 */
final class Prepare {
    /** DuckDB's native library and the archive take about 100 MB; a disk that has little more is left alone. */
    private static final long BYTES_NEEDED = 300L << 20;

    private Prepare() {}

    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    private static int run(PrintStream out, PrintStream err, String... args) {
        Path folder = Path.of(args[0]);
        String classPath = args[1];
        List<String> flags = Arrays.asList(args).subList(2, args.length);
        try {
            new UnusedFolders(Clock.systemUTC()).deleteBeside(folder);
            requireSpace(folder);
            String prepared = DuckDbNative.unpack(classPath, folder);
            SqliteNative.unpack(folder);
            new ClassArchive(folder, prepared, flags).make();
            out.println(prepared);
            return 0;
        } catch (IOException e) {
            // The launcher then starts plainly; why is asked for with TARN_DEBUG.
            if (!System.getenv().getOrDefault("TARN_DEBUG", "").isEmpty()) {
                err.println("tarn: " + e);
            }
            return 1;
        } catch (InterruptedException e) {
            return 130;
        }
    }

    private static void requireSpace(Path folder) throws IOException {
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < BYTES_NEEDED) {
            throw new IOException(
                    "%s has %d MB free, and %d MB are needed".formatted(folder, usable >> 20, BYTES_NEEDED >> 20));
        }
    }
}
