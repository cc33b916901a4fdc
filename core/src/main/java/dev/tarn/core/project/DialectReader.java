package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the SQL dialect of a project or of a node. */
final class DialectReader {

    static final List<String> ALL = List.of("duckdb", "spark", "common");

    private final Problems problems;

    DialectReader(Problems problems) {
        this.problems = problems;
    }

    Optional<Dialect> read(MappingReader in) {
        return in.scalar("dialect").flatMap(this::dialect);
    }

    private Optional<Dialect> dialect(Yaml.Scalar scalar) {
        String text = scalar.text().text();
        if (ALL.contains(text)) {
            return Optional.of(Dialect.valueOf(text.toUpperCase(Locale.ROOT)));
        }
        String help = Names.didYouMean(text, ALL).orElse("allowed: " + String.join(", ", ALL));
        String message = "unknown dialect " + Names.quoted(text);
        problems.error(ProblemCode.UNSUPPORTED_DIALECT, scalar.span(), message, help);
        return Optional.empty();
    }
}
