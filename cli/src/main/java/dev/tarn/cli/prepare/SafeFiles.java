package dev.tarn.cli.prepare;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are either whole or not there, also after a power cut: the JVM maps them and would crash on half of one. */
final class SafeFiles {
    private SafeFiles() {}

    interface Writer {
        void write(Path temporary) throws IOException;
    }

    static void replace(Path file, Writer writer) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        writer.write(temporary);
        moveInto(file, temporary);
    }

    static void moveInto(Path file, Path temporary) throws IOException {
        // Opened for reading: class archives are written read-only, and on the systems that we start on that suffices.
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.READ)) {
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
