package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Says in a user's words what the YAML parser found wrong. */
final class YamlSyntax {

    static final String TOO_DEEP = "nested deeper than " + YamlParser.MAX_DEPTH + " levels";
    static final String TOO_LARGE = "aliases make the file grow too large";

    private static final String QUOTE_IT = "put the value in quotes";
    private static final String SAME_COLUMN = "entries of one mapping or list start in the same column";
    private static final Pattern COLON_WITHOUT_SPACE = Pattern.compile("\\s*(- )?[\\w.-]+:[^\\s/].*");

    private final SourceFile file;
    private final YamlMarks marks;
    private final Problems problems;

    YamlSyntax(SourceFile file, YamlMarks marks, Problems problems) {
        this.file = file;
        this.marks = marks;
        this.problems = problems;
    }

    void report(YamlEngineException e) {
        if (e instanceof MarkedYamlEngineException marked) {
            report(marked);
        } else {
            error(
                    file.start(),
                    "the YAML version or a directive is not supported",
                    "remove the line that starts with %");
        }
    }

    private void report(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem());
        SourceSpan at = span(e.getProblemMark());
        SourceSpan context = e.getContextMark().isPresent() ? span(e.getContextMark()) : at;
        if (problem.equals(TOO_DEEP) || problem.equals(TOO_LARGE)) {
            error(at, problem, "no project needs that: check brackets, anchors and aliases");
        } else if (problem.contains("cannot start any token")) {
            badStart(e, at);
        } else if (problem.equals("mapping values are not allowed here")) {
            unexpectedColon(at);
        } else if (problem.startsWith("expected <block end>")) {
            leftOver(problem, at);
        } else if (problem.startsWith("expected ',' or")) {
            brokenFlow(e, problem, at, context);
        } else {
            quotesAndOthers(e, problem, at, context);
        }
    }

    private void badStart(MarkedYamlEngineException e, SourceSpan at) {
        if (characterAt(e.getProblemMark()) == '\t') {
            error(at, "a tab is used for indentation", "YAML is indented with spaces only");
        } else {
            String character = Character.toString(characterAt(e.getProblemMark()));
            error(at, "a value cannot start with " + Names.quoted(character), QUOTE_IT);
        }
    }

    private void unexpectedColon(SourceSpan at) {
        if (at.line() > 1
                && COLON_WITHOUT_SPACE.matcher(file.line(at.line() - 1)).matches()) {
            error(at, "unexpected ':'", "the key in line " + (at.line() - 1) + " needs a space after its colon");
        } else {
            error(at, "unexpected ':'", "put a value that holds ': ' in quotes; " + SAME_COLUMN);
        }
    }

    private void leftOver(String problem, SourceSpan at) {
        boolean firstOnLine =
                file.line(at.line()).codePoints().limit(at.column() - 1).allMatch(c -> c == ' ' || c == '-');
        if (firstOnLine) {
            error(at, "the indentation fits nothing above", SAME_COLUMN);
        } else if (problem.contains("<scalar>")) {
            error(at, "text after the end of a value", "put the whole value in one pair of quotes");
        } else {
            error(at, "unexpected text", SAME_COLUMN);
        }
    }

    private void brokenFlow(MarkedYamlEngineException e, String problem, SourceSpan at, SourceSpan context) {
        String close = problem.contains("']'") ? "]" : "}";
        if (characterAt(e.getProblemMark()) == '{') {
            error(at, "'{' inside a list or mapping in brackets", "put ${...} in quotes here: \"${...}\"");
        } else if (at.line() > context.line()) {
            String opening = close.equals("]") ? "[" : "{";
            error(context, "'" + opening + "' is not closed", "add '" + close + "', or a ',' between the entries");
        } else {
            error(
                    at,
                    "expected ',' or '" + close + "'",
                    "separate entries with ',' and put text with special characters in quotes");
        }
    }

    private void quotesAndOthers(MarkedYamlEngineException e, String problem, SourceSpan at, SourceSpan context) {
        String during = String.valueOf(e.getContext());
        if (during.contains("quoted scalar") && problem.contains("end of stream")) {
            error(context, "the quote is not closed", "add the closing quote; inside '...' write '' for a quote");
        } else if (during.contains("quoted scalar") && problem.contains("escape")) {
            error(at, "unknown escape in double quotes", "write \\\\ for a backslash, or use single quotes");
        } else if (during.contains("block scalar")) {
            error(at, "unexpected text after '|' or '>'", "the text starts on the next line, indented");
        } else if (during.contains("simple key")) {
            error(context, "expected 'key: value'", "a key needs a colon and a space; " + SAME_COLUMN);
        } else {
            rest(problem, at);
        }
    }

    private void rest(String problem, SourceSpan at) {
        if (problem.equals("sequence entries are not allowed here")) {
            error(at, "a list item cannot start here", "start the list on a line of its own, one '- ' for each item");
        } else if (problem.startsWith("expected the node content")) {
            error(at, "a value cannot start here", QUOTE_IT);
        } else if (problem.startsWith("expected '<document start>'")) {
            error(at, "unexpected text after the end of the document", SAME_COLUMN);
        } else {
            error(at, "not valid YAML: " + problem.lines().findFirst().orElse(""), SAME_COLUMN);
        }
    }

    private SourceSpan span(Optional<Mark> mark) {
        return file.spanAt(marks.offset(mark), 1);
    }

    private int characterAt(Optional<Mark> mark) {
        int offset = marks.offset(mark);
        return offset < file.text().length() ? file.text().codePointAt(offset) : ' ';
    }

    private void error(SourceSpan span, String message, String help) {
        problems.error(ProblemCode.YAML_SYNTAX, span, message, help);
    }
}
