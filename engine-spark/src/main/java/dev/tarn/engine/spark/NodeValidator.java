package dev.tarn.engine.spark;

import dev.tarn.core.check.Check;
import dev.tarn.core.engine.QueryAnalysis;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.Option;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.TransformStep;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reports what in a node Spark would refuse, without touching data. */
final class NodeValidator {

    /** What Java's patterns have and RE2's have not: a project's patterns are the same on every engine. */
    private static final Pattern NOT_RE2 = Pattern.compile("\\(\\?(=|!|<=|<!|>)|\\\\[1-9]|\\\\k<|[*+?}]\\+");

    private final QueryAnalyzer analyzer;
    private final Problems problems;

    NodeValidator(QueryAnalyzer analyzer, Problems problems) {
        this.analyzer = analyzer;
        this.problems = problems;
    }

    void validate(Node node) {
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
        node.statements()
                .all()
                .findFirst()
                .ifPresent(statement -> problems.error(
                        ProblemCode.STATEMENT_REFUSED,
                        statement.start(),
                        "the engine 'spark' runs no statements around a node",
                        "write them as WITH in a step, or run the node with --engine duckdb"));
    }

    private void validate(Read read) {
        refuseDatabase(read.format(), read.span());
        validate(read.options(), read.format(), true);
        read.filter().ifPresent(this::validateCondition);
    }

    private void validate(Write write) {
        refuseDatabase(write.format(), write.span());
        validate(write.options(), write.format(), false);
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

    private void refuseDatabase(Format format, SourceSpan span) {
        if (format == Format.SQL) {
            problems.error(
                    ProblemCode.UNSUPPORTED_WRITE,
                    span,
                    "the engine 'spark' does not read or write databases",
                    "run this node with --engine duckdb, which stores its rows as a Delta table that Spark reads");
        }
    }

    private void validate(List<Option> options, Format format, boolean reading) {
        for (Option option : options) {
            String name = option.name().toLowerCase(Locale.ROOT);
            if (!FileOptions.names(format, reading).containsKey(name)) {
                problems.error(
                        ProblemCode.UNKNOWN_OPTION,
                        option.nameSpan(),
                        "unknown " + format.id() + " option '" + option.name() + "' for the engine 'spark'",
                        Names.didYouMean(option.name(), FileOptions.proposals(format, reading))
                                .or(() -> Optional.of(
                                        FileOptions.proposals(format, reading).isEmpty()
                                                ? "format '" + format.id() + "' has no options"
                                                : "options are "
                                                        + String.join(", ", FileOptions.proposals(format, reading)))));
            }
        }
    }

    private void validate(Check check) {
        if (check instanceof Check.CustomSql rule) {
            validateCondition(rule.condition());
        } else if (check instanceof Check.RegexMatch rule) {
            validatePattern(rule.pattern());
        }
    }

    private void validateCondition(MappedText condition) {
        Optional<QueryAnalysis.SyntaxError> error = analyzer.expressionError(condition.text());
        if (error.isPresent()) {
            problems.error(
                    ProblemCode.SQL_SYNTAX,
                    condition.span(error.get().index(), error.get().length()),
                    error.get().message(),
                    "write one SQL expression, as it would stand after WHERE");
            return;
        }
        for (QueryAnalysis.TableReference table : analyzer.tablesOfCondition(condition.text())) {
            problems.error(
                    ProblemCode.UNKNOWN_TABLE,
                    condition.span(table.index(), table.length()),
                    "a condition cannot read table '" + table.name() + "'",
                    "add what it needs to the row in a step of 'transform'");
        }
    }

    private void validatePattern(MappedText pattern) {
        String help = "patterns have RE2 syntax: no look-around, no back references";
        try {
            Pattern.compile(pattern.text());
            Matcher foreign = NOT_RE2.matcher(pattern.text());
            if (foreign.find()) {
                problems.error(
                        ProblemCode.INVALID_PATTERN,
                        pattern.span(foreign.start(), foreign.end() - foreign.start()),
                        "'" + foreign.group() + "' is not known in patterns",
                        help);
            }
        } catch (PatternSyntaxException e) {
            problems.error(ProblemCode.INVALID_PATTERN, pattern.start(), e.getDescription(), help);
        }
    }
}
