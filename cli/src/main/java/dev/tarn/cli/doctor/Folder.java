package dev.tarn.cli.doctor;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** A folder that may not be there yet. */
record Folder(Path path) {

    Folder {
        path = path.toAbsolutePath().normalize();
    }

    boolean exists() {
        return Files.isDirectory(path);
    }

    /** Why nothing can be read from it; empty if it can. */
    Optional<String> unreadable() {
        if (Files.notExists(path)) {
            return Optional.of("'" + path + "' does not exist");
        }
        if (!Files.isDirectory(path)) {
            return Optional.of("'" + path + "' is not a folder");
        }
        return Files.isReadable(path) && Files.isExecutable(path)
                ? Optional.empty()
                : Optional.of("'" + path + "' is not readable");
    }

    /** Why nothing can be written to it, nor it be made; empty if it can. */
    Optional<String> unwritable() {
        Path nearest = nearest();
        if (!Files.isDirectory(nearest)) {
            return Optional.of(
                    nearest.equals(path)
                            ? "'" + path + "' is not a folder"
                            : "'" + path + "' cannot be made: '" + nearest + "' is not a folder");
        }
        return Files.isWritable(nearest) && Files.isExecutable(nearest)
                ? Optional.empty()
                : Optional.of("'" + nearest + "' is not writable");
    }

    /** The folder, or the first above it that is there. A link to nowhere is there: nothing can be made in its place. */
    Path nearest() {
        Path nearest = path;
        while (!Files.exists(nearest, LinkOption.NOFOLLOW_LINKS)) {
            Path parent = nearest.getParent();
            if (parent == null) {
                return nearest;
            }
            nearest = parent;
        }
        return nearest;
    }
}
