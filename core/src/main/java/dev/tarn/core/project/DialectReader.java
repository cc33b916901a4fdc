package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.List;
import java.util.Optional;

/** Reads the SQL dialect of a project or of a node. */
final class DialectReader {

    private final Problems problems;

    DialectReader(Problems problems) {
        this.problems = problems;
    }

    Optional<Dialect> read(MappingReader in) {
        return in.scalar("dialect").flatMap(this::dialect);
    }

    private Optional<Dialect> dialect(Yaml.Scalar scalar) {
        String text = scalar.text().text();
        if (text.equals("spark")) {
            problems.error(
                    ProblemCode.UNSUPPORTED_DIALECT,
                    scalar.span(),
                    "dialect 'spark' is not supported yet",
                    "write SQL that DuckDB understands and use 'duckdb', or 'common' if Spark understands it too");
            return Optional.empty();
        }
        if (text.equals("duckdb") || text.equals("common")) {
            return Optional.of(text.equals("common") ? Dialect.COMMON : Dialect.DUCKDB);
        }
        String help = Names.didYouMean(text, List.of("duckdb", "common")).orElse("allowed: duckdb, common");
        String message = "unknown dialect " + Names.quoted(text);
        problems.error(ProblemCode.UNSUPPORTED_DIALECT, scalar.span(), message, help);
        return Optional.empty();
    }
}
