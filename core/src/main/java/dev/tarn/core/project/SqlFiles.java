package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFileLoader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Loads the SQL files that a project names, relative to the file that names them, with their references replaced. */
final class SqlFiles {

    private final Interpolator interpolator;
    private final Problems problems;

    SqlFiles(Interpolator interpolator, Problems problems) {
        this.interpolator = interpolator;
        this.problems = problems;
    }

    Optional<MappedText> load(Yaml.Scalar file) {
        String declared = file.text().text();
        try {
            Path path =
                    Path.of(file.span().file().name()).resolveSibling(declared).normalize();
            return new SourceFileLoader(problems)
                    .load(path, path.toString(), file.span())
                    .flatMap(source -> interpolator.resolve(MappedText.of(source)))
                    .filter(text -> new SecretPlaces(problems).isFree(text));
        } catch (InvalidPathException e) {
            problems.error(ProblemCode.INVALID_VALUE, file.span(), Names.quoted(declared) + " is not a path");
            return Optional.empty();
        }
    }
}
