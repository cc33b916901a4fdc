package dev.tarn.engine.duckdb;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.SourceSpan;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what DuckDB throws into failures that speak of the user's text. */
final class Failures {

    private static final Pattern NO_ACCESS = Pattern.compile(
            "(?i)cannot open|no such file|permission denied|too many open|input/output error|could not read from file");

    private Failures() {}

    /** What DuckDB said, read from its JSON. */
    private record Report(
            String type, String message, @Nullable Integer position, Map<String, Object> details) {

        Optional<String> detail(String key) {
            return Optional.ofNullable(details.get(key)).map(Object::toString).filter(s -> !s.isBlank());
        }
    }

    /**
     * @param sql the query that was sent, for positions
     * @param shift how many characters stood before it in the statement
     */
    static FailureException of(SQLException e, SqlText sql, int shift, String statement) {
        Report report = report(e);
        Optional<FileErrors.Said> file = FileErrors.of(report.message());
        if (file.isPresent()) {
            return ofFile(file.get(), sql, report, e);
        }
        if (sql.text().contains("_parquet(")) {
            Optional<SqlText.Place> place = sql.onlyPlaceOf("_parquet(");
            Optional<FileErrors.Said> damage = damage(
                    report, place.map(SqlText.Place::text).map(Failures::files).orElse(""));
            if (damage.isPresent()) {
                return new FailureException(new Failure(
                        ProblemCode.READ_FAILED,
                        damage.get().message(),
                        Optional.of(damage.get().help()),
                        place.map(SqlText.Place::span),
                        false,
                        e));
            }
        }
        Optional<SourceSpan> span = Optional.ofNullable(report.position())
                .map(bytes -> new Utf8Positions(statement).index(bytes) - shift)
                .flatMap(index -> sql.locate(index, length(report)));
        return new FailureException(new Failure(
                code(report), message(report), help(report), span, isPassing(report), e, quotesRows(report)));
    }

    /** DuckDB has a thousand words for bytes that make no sense; what it says while reading a file is of one of them. */
    private static Optional<FileErrors.Said> damage(Report report, String files) {
        boolean reading = report.message().regionMatches(true, 0, "failed to read file", 0, 19);
        return reading
                ? Optional.of(FileErrors.damaged(report.message(), files))
                : FileErrors.ofDamage(report.message(), files);
    }

    /** What kept us from reading what Parquet files say of themselves; no text of a user's is in that query. */
    static FailureException ofParquet(SQLException e, String files, SourceSpan place) {
        Report report = report(e);
        boolean content = !isPassing(report)
                && !List.of("interrupt", "permission", "out of memory").contains(report.type())
                && !NO_ACCESS.matcher(report.message()).find();
        FileErrors.Said said =
                FileErrors.of(report.message()).orElseGet(() -> FileErrors.damaged(report.message(), files));
        return content
                ? new FailureException(new Failure(
                        ProblemCode.READ_FAILED,
                        said.message(),
                        Optional.of(said.help()),
                        Optional.of(place),
                        false,
                        e,
                        said.quotesRows()))
                : new FailureException(of(e, SqlText.ours("")).failure().at(place));
    }

    /** The files in a call that reads them. */
    private static String files(String call) {
        return call.substring(call.indexOf('(') + 1);
    }

    private static FailureException ofFile(FileErrors.Said said, SqlText sql, Report report, SQLException e) {
        Optional<SourceSpan> read = sql.placeOf(Literal.file(said.file()));
        return new FailureException(new Failure(
                ProblemCode.READ_FAILED,
                said.message(),
                Optional.of(said.help()),
                read,
                isPassing(report),
                e,
                said.quotesRows()));
    }

    /** A file error while a target is written: its own, unless it speaks of another file. */
    static FailureException ofWrite(FailureException e, Location target, String written) {
        Failure failure = e.failure();
        boolean file = failure.code() == ProblemCode.READ_FAILED || failure.code() == ProblemCode.WRITE_FAILED;
        String message = failure.message().toLowerCase(Locale.ROOT);
        boolean ours = failure.message().contains(written) || message.contains("write") || message.contains("no space");
        return file && ours
                ? new FailureException(new Failure(
                        ProblemCode.WRITE_FAILED,
                        "'" + target + "' cannot be written: " + failure.message(),
                        Optional.of("what was there before is unchanged"),
                        Optional.of(target.span()),
                        failure.passing(),
                        e,
                        failure.quotesRows()))
                : e;
    }

    static FailureException of(SQLException e, SqlText sql) {
        return of(e, sql, 0, sql.text());
    }

    private static int length(Report report) {
        return report.detail("name").map(String::length).orElse(1);
    }

    private static ProblemCode code(Report report) {
        return switch (report.type()) {
            case "interrupt" -> ProblemCode.INTERRUPTED;
            case "io", "permission" ->
                report.message().toLowerCase(Locale.ROOT).contains("write")
                        ? ProblemCode.WRITE_FAILED
                        : ProblemCode.READ_FAILED;
            default -> ProblemCode.QUERY_FAILED;
        };
    }

    private static String message(Report report) {
        Optional<String> name = report.detail("name");
        if ("COLUMN_NOT_FOUND".equals(report.details().get("error_subtype")) && name.isPresent()) {
            return "unknown column '" + name.get() + "'";
        }
        String first = report.message().lines().findFirst().orElse(report.message());
        return decapitalize(first.replace('"', '\''));
    }

    private static String decapitalize(String sentence) {
        boolean acronym = sentence.length() > 1 && Character.isUpperCase(sentence.charAt(1));
        return sentence.isEmpty() || acronym
                ? sentence
                : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }

    private static Optional<String> help(Report report) {
        if ("COLUMN_NOT_FOUND".equals(report.details().get("error_subtype"))) {
            return report.detail("candidates")
                    .map(c -> "did you mean '" + c.replaceFirst(",.*", "").strip() + "'?");
        }
        String rest =
                String.join("\n", report.message().lines().skip(1).toList()).strip();
        return rest.isEmpty()
                ? Optional.empty()
                : Optional.of(rest.startsWith("Did you mean") ? decapitalize(rest.replace('"', '\'')) : rest);
    }

    /** What is found before a row is looked at speaks of names and paths; all else may quote what it was computing. */
    private static boolean quotesRows(Report report) {
        return !List.of("binder", "catalog", "parser", "syntax", "interrupt", "permission", "io")
                        .contains(report.type())
                && !"COLUMN_NOT_FOUND".equals(report.details().get("error_subtype"));
    }

    /** Only what can go away by itself: the machine is short of something for a moment. */
    private static boolean isPassing(Report report) {
        String message = report.message().toLowerCase(Locale.ROOT);
        return report.type().equals("io")
                && (message.contains("too many open files")
                        || message.contains("temporarily unavailable")
                        || message.contains("interrupted system call"));
    }

    private static Report report(SQLException e) {
        String text = String.valueOf(e.getMessage());
        int json = text.indexOf('{');
        if (json >= 0) {
            try {
                return report(JSON.std.mapFrom(text.substring(json)));
            } catch (IOException notJson) {
                // An exception of the driver itself; its text is all there is.
            }
        }
        String type = text.startsWith("INTERRUPT") ? "interrupt" : "other";
        return new Report(type, text, null, Map.of());
    }

    /** An error of a background writer comes as JSON inside the message. */
    private static String unwrapped(String message) {
        int json = message.indexOf("{\"exception_type\"");
        if (json < 0) {
            return message;
        }
        try {
            return String.valueOf(JSON.std.mapFrom(message.substring(json)).get("exception_message"));
        } catch (IOException cut) {
            return message;
        }
    }

    private static Report report(Map<String, Object> json) {
        Object position = json.get("position");
        return new Report(
                String.valueOf(json.get("exception_type")).toLowerCase(Locale.ROOT),
                unwrapped(String.valueOf(json.get("exception_message"))),
                position == null ? null : Integer.valueOf(position.toString()),
                json);
    }
}
