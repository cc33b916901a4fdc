package dev.tarn.cli.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Unpacks DuckDB's native library once. The driver's jar brings one library for each platform (240 MB in all), and the
 * driver unzips the right one into a temporary file at every start, which takes 0.3 s. It does not when its jar has
 * none: then it loads the file of the same name beside its jar (org.duckdb.DuckDBNative), which takes 12 ms.
 *
 * <p>It also keeps the driver from starting Java Flight Recorder, which takes 0.05 s, for events about its memory that
 * nobody records: in the copy the driver looks for a class that is in no JVM, and goes on as it does where there is none.
 */
final class DuckDbNative {
    private static final String LIBRARY = "libduckdb_java.so_";
    private static final String RECORDER_CHECK = "org/duckdb/JfrMemoryMonitor.class";
    private static final String RECORDER = "jdk.jfr.FlightRecorder";
    private static final String NO_RECORDER = "jdk.jfr.NotInUseByTarn";

    private DuckDbNative() {}

    /** Returns the class path with DuckDB's jar replaced by one in {@code folder}; as it is when it has no such jar. */
    static String unpack(String classPath, Path folder) throws IOException {
        List<String> entries = new ArrayList<>(Arrays.asList(classPath.split(":")));
        for (int i = 0; i < entries.size(); i++) {
            Path jar = Path.of(entries.get(i));
            if (jar.getFileName().toString().matches("duckdb_jdbc-.*\\.jar")) {
                entries.set(i, unpackJar(jar, folder).toString());
            }
        }
        return String.join(":", entries);
    }

    private static Path unpackJar(Path jar, Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry library = zip.getEntry(libraryName());
            if (library == null) {
                return jar;
            }
            Path lean = folder.resolve("lean-" + jar.getFileName());
            Path unpacked = folder.resolve(library.getName());
            if (!isUnpacked(jar, lean, library, unpacked)) {
                deleteOthers(folder, Set.of(lean, unpacked));
                SafeFiles.replace(unpacked, temporary -> {
                    try (InputStream content = zip.getInputStream(library)) {
                        Files.copy(content, temporary);
                    }
                });
                SafeFiles.replace(lean, temporary -> {
                    copyWithoutLibraries(zip, temporary);
                    Files.setLastModifiedTime(temporary, Files.getLastModifiedTime(jar));
                });
            }
            return lean;
        }
    }

    /** The copy has the time of its original, so that a rebuilt checkout with the same DuckDB finds its work done. */
    private static boolean isUnpacked(Path jar, Path lean, ZipEntry library, Path unpacked) throws IOException {
        return Files.exists(lean)
                && Files.exists(unpacked)
                && Files.getLastModifiedTime(lean).equals(Files.getLastModifiedTime(jar))
                && Files.size(unpacked) == library.getSize();
    }

    private static void deleteOthers(Path folder, Set<Path> kept) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*duckdb*")) {
            for (Path file : files) {
                if (!kept.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void copyWithoutLibraries(ZipFile zip, Path copy) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
            zip.stream().filter(entry -> !entry.getName().startsWith(LIBRARY)).forEach(entry -> copy(zip, entry, out));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void copy(ZipFile zip, ZipEntry entry, ZipOutputStream out) {
        try (InputStream content = zip.getInputStream(entry)) {
            out.putNextEntry(new ZipEntry(entry.getName()));
            out.write(entry.getName().equals(RECORDER_CHECK) ? withoutRecorder(content) : content.readAllBytes());
            out.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A class file holds the name as it is; another one of the same length leaves all else in its place. */
    private static byte[] withoutRecorder(InputStream content) throws IOException {
        String bytes = new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
        return bytes.replace(RECORDER, NO_RECORDER).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The driver's own naming. */
    private static String libraryName() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return LIBRARY
                + (os.startsWith("mac") ? "macos" : os)
                + "_"
                + (arch.equals("x86_64") ? "amd64" : arch.equals("aarch64") ? "arm64" : arch);
    }
}
