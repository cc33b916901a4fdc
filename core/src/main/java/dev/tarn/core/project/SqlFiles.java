package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFileLoader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Loads the SQL files that a project names, relative to its folder, with their references replaced. */
final class SqlFiles {

    private final Path directory;
    private final Path projectFile;
    private final Interpolator interpolator;
    private final Problems problems;

    /** @param projectFile as the user typed it: names of SQL files are shown relative to the same place */
    SqlFiles(Path directory, Path projectFile, Interpolator interpolator, Problems problems) {
        this.directory = directory;
        this.projectFile = projectFile;
        this.interpolator = interpolator;
        this.problems = problems;
    }

    Optional<MappedText> load(Yaml.Scalar file) {
        String declared = file.text().text();
        try {
            String name = projectFile.resolveSibling(declared).normalize().toString();
            return new SourceFileLoader(problems)
                    .load(directory.resolve(declared), name, file.span())
                    .flatMap(source -> interpolator.resolve(MappedText.of(source)));
        } catch (InvalidPathException e) {
            problems.error(ProblemCode.INVALID_VALUE, file.span(), Names.quoted(declared) + " is not a path");
            return Optional.empty();
        }
    }
}
