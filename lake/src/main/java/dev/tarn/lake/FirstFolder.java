package dev.tarn.lake;

import dev.tarn.fs.LocalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * The folder that a table's first write makes: gone again if nothing comes of the write.
 *
 * <p>A file in it keeps the folder while the write goes on, because another first write that fails may not take it away:
 * DuckDB would then write a file of the folder's name.
 */
final class FirstFolder {
    private static final int TRIES = 100;

    private final Path folder;
    private final boolean made;
    private final Optional<Path> mark;

    private FirstFolder(Path folder, boolean made, Optional<Path> mark) {
        this.folder = folder;
        this.made = made;
        this.mark = mark;
    }

    /** Of a table that is there already. */
    static FirstFolder standing(Path folder) {
        return new FirstFolder(folder, false, Optional.empty());
    }

    static FirstFolder hold(Path folder) throws IOException {
        Path mark = folder.resolve(DataFiles.PREFIX + UUID.randomUUID() + ".first");
        boolean made = false;
        for (int tries = 1; ; tries++) {
            made |= !Files.isDirectory(folder);
            LocalFiles.createDirectories(folder);
            try {
                Files.createFile(mark);
                return new FirstFolder(folder, made, Optional.of(mark));
            } catch (NoSuchFileException takenAway) {
                if (tries == TRIES) {
                    throw takenAway;
                }
            } catch (IOException refused) {
                removeIfEmpty(made, folder);
                throw refused;
            }
        }
    }

    /** The write is at its end. A folder with anything in it stays. */
    void release() {
        mark.ifPresent(DataFiles::delete);
        removeIfEmpty(made, folder);
    }

    private static void removeIfEmpty(boolean made, Path folder) {
        if (made) {
            try {
                Files.deleteIfExists(folder);
            } catch (IOException filled) {
                // There is a table now, or another write is at work.
            }
        }
    }
}
