package dev.tarn.core.select;

import dev.tarn.core.project.Project;
import dev.tarn.core.source.SourceFile;
import java.nio.file.Path;

/** Where a file is, seen from the project's folder: a selector means the same wherever the command is given. */
final class ProjectPath {

    private ProjectPath() {}

    static String of(SourceFile file, Project project) {
        Path absolute = Path.of(file.name()).toAbsolutePath().normalize();
        return project.directory().relativize(absolute).toString().replace('\\', '/');
    }
}
