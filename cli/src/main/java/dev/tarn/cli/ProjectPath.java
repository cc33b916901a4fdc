package dev.tarn.cli;

import java.nio.file.Path;
import java.util.Optional;

/** Where the project is that a command line names, by an argument of its own or by {@code -p}. */
final class ProjectPath {

    static final String DESCRIPTION = "Project file, or a folder with a tarn.yaml (default: this folder).";

    private ProjectPath() {}

    static Path of(Optional<Path> argument, Optional<Path> option) {
        if (argument.isPresent() && option.isPresent()) {
            throw new UsageException(
                    "the project is named twice: '" + argument.get() + "' and -p '" + option.get() + "'",
                    "name it once");
        }
        return option.or(() -> argument).orElse(Path.of("."));
    }
}
