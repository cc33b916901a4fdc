package dev.tarn.engine.duckdb;

import dev.tarn.core.check.Check;
import dev.tarn.core.engine.QueryAnalysis;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.Option;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.TransformStep;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reports what in a node DuckDB would refuse, without touching data. */
final class NodeValidator {

    /** COPY's options, which DuckDB does not list itself. Partitioning and naming are Tarn's. */
    private static final Map<Format, Set<String>> WRITE_OPTIONS = Map.of(
            Format.CSV,
                    Set.of(
                            "header",
                            "delim",
                            "delimiter",
                            "sep",
                            "quote",
                            "escape",
                            "nullstr",
                            "null",
                            "dateformat",
                            "timestampformat",
                            "compression",
                            "force_quote"),
            Format.JSON, Set.of("array", "compression", "dateformat", "timestampformat"),
            Format.PARQUET, Set.of("compression", "compression_level", "row_group_size", "row_group_size_bytes"),
            Format.DELTA, Set.of());

    private final Database database;
    private final SqlParser parser;
    private final Problems problems;
    private final Map<Format, Set<String>> readOptions = new EnumMap<>(Format.class);

    NodeValidator(Database database, SqlParser parser, Problems problems) {
        this.database = database;
        this.parser = parser;
        this.problems = problems;
    }

    void validate(List<Node> nodes) {
        parser.prepare(nodes.stream().flatMap(NodeValidator::texts).toList());
        nodes.forEach(this::validate);
    }

    /** All that is parsed of a node, here and by who asks what its steps read. */
    private static Stream<String> texts(Node node) {
        Stream<String> steps = node.steps().stream()
                .flatMap(step ->
                        step instanceof SqlStep query ? Stream.of(query.sql().text()) : Stream.empty());
        Stream<MappedText> filters = node.inputs().stream()
                .flatMap(input ->
                        input instanceof Input.External external ? external.read().filter().stream() : Stream.empty());
        Stream<MappedText> rules = node.validation().checks().stream()
                .flatMap(check -> check instanceof Check.CustomSql rule ? Stream.of(rule.condition()) : Stream.empty());
        Stream<MappedText> expressions = node.steps().stream()
                .flatMap(step -> step instanceof TransformStep transform
                        ? transform.call().expressions().stream()
                        : Stream.empty());
        Stream<String> queries = Stream.concat(steps, node.statements().all().map(MappedText::text));
        return Stream.concat(
                queries,
                Stream.concat(expressions, Stream.concat(filters, rules))
                        .map(condition -> QueryAnalyzer.asColumn(condition.text())));
    }

    private void validate(Node node) {
        for (Input input : node.inputs()) {
            if (input instanceof Input.External external) {
                validate(external.read());
            }
        }
        node.write().ifPresent(this::validate);
        node.validation().quarantine().map(Quarantine::write).ifPresent(this::validate);
        node.validation().checks().forEach(this::validate);
        node.steps().forEach(step -> {
            if (step instanceof TransformStep transform) {
                transform.call().expressions().forEach(this::validateCondition);
            }
        });
        node.statements().all().forEach(this::validateStatement);
    }

    private void validateStatement(MappedText statement) {
        if (new QueryAnalyzer(parser).analyze(statement.text()) instanceof QueryAnalysis.SyntaxError error) {
            problems.error(ProblemCode.SQL_SYNTAX, statement.span(error.index(), error.length()), error.message());
            return;
        }
        StatementText text = StatementText.of(statement);
        Optional<StatementText.Refusal> refusal = text.refusal();
        if (refusal.isPresent()) {
            problems.error(
                    ProblemCode.STATEMENT_REFUSED,
                    statement.span(refusal.get().index(), refusal.get().length()),
                    refusal.get().message(),
                    refusal.get().help());
        }
    }

    private void validate(Read read) {
        if (!read.options().isEmpty()) {
            Set<String> known = readOptions.computeIfAbsent(read.format(), this::readOptions);
            read.options().forEach(option -> validate(option, known, read.format()));
        }
        read.filter().ifPresent(this::validateCondition);
    }

    private Set<String> readOptions(Format format) {
        if (format == Format.DELTA || format == Format.SQL) {
            return Set.of();
        }
        try {
            Set<String> names = new TreeSet<>();
            database.rows("SELECT DISTINCT unnest(parameters) FROM duckdb_functions() WHERE function_name = 'read_"
                            + format.id() + "'")
                    .forEach(row -> names.add(String.valueOf(row.get(0))));
            names.removeAll(Set.of("path", "paths"));
            return names;
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not list its options", e);
        }
    }

    private void validate(Option option, Set<String> known, Format format) {
        if (!known.contains(option.name().toLowerCase(Locale.ROOT))) {
            problems.error(
                    ProblemCode.UNKNOWN_OPTION,
                    option.nameSpan(),
                    "unknown " + format.id() + " option '" + option.name() + "'",
                    Names.didYouMean(option.name(), known)
                            .orElse(
                                    known.isEmpty()
                                            ? "format '" + format.id() + "' has no options"
                                            : "options are " + String.join(", ", new TreeSet<>(known))));
        }
    }

    private void validate(Write write) {
        write.options()
                .forEach(option ->
                        validate(option, WRITE_OPTIONS.getOrDefault(write.format(), Set.of()), write.format()));
        boolean array = write.options().stream()
                .anyMatch(o -> o.name().equalsIgnoreCase("array") && !Boolean.FALSE.equals(o.value()));
        if (array && write.mode() == WriteMode.APPEND) {
            problems.error(
                    ProblemCode.UNSUPPORTED_WRITE,
                    write.span(),
                    "a JSON array cannot be appended to",
                    "remove 'array: true' to write one JSON value a line");
        }
        boolean compressed = write.format() != Format.PARQUET
                && write.options().stream().anyMatch(o -> o.name().equalsIgnoreCase("compression"));
        if (compressed && write.mode() == WriteMode.APPEND) {
            problems.error(
                    ProblemCode.UNSUPPORTED_WRITE,
                    write.span(),
                    "a compressed text file cannot be appended to",
                    "write Parquet or Delta, or use mode: overwrite");
        }
    }

    private void validate(Check check) {
        if (check instanceof Check.CustomSql rule) {
            validateCondition(rule.condition());
        } else if (check instanceof Check.RegexMatch rule) {
            validatePattern(rule.pattern());
        }
    }

    /** A condition must be one expression: {@code a > 1) OR (true} would parse inside brackets. */
    private void validateCondition(MappedText condition) {
        String before = QueryAnalyzer.asColumn("");
        QueryAnalyzer analyzer = new QueryAnalyzer(parser);
        QueryAnalysis analysis = analyzer.analyze(QueryAnalyzer.asColumn(condition.text()));
        if (analysis instanceof QueryAnalysis.SyntaxError error) {
            int index = error.index() - before.length();
            problems.error(ProblemCode.SQL_SYNTAX, condition.span(index, error.length()), error.message());
        } else if (!analyzer.isExpression(condition.text())) {
            problems.error(
                    ProblemCode.SQL_SYNTAX,
                    condition.start(),
                    "a condition must be one SQL expression over the row's columns",
                    "write it as it would stand after WHERE");
        } else if (analysis instanceof QueryAnalysis.Query query
                && !query.tables().isEmpty()) {
            QueryAnalysis.TableReference table = query.tables().get(0);
            problems.error(
                    ProblemCode.UNKNOWN_TABLE,
                    condition.span(table.index() - before.length(), table.length()),
                    "a condition cannot read table '" + table.name() + "'",
                    "add what it needs to the row in a step of 'transform'");
        }
    }

    private void validatePattern(MappedText pattern) {
        try {
            // Alone: inside the brackets that are put around it, "a)|(b" would pass and mean something else.
            database.rows("SELECT regexp_matches('', " + Literal.text(pattern.text()) + ")");
        } catch (SQLException e) {
            problems.error(
                    ProblemCode.INVALID_PATTERN,
                    pattern.start(),
                    Failures.of(e, SqlText.ours("")).failure().message(),
                    "patterns have RE2 syntax: no look-around, no back references");
        }
    }
}
