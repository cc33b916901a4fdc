package dev.tarn.engine.spark;

import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.source.ProblemCode;
import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.util.Optional;
import org.apache.spark.SparkThrowable;
import org.jspecify.annotations.Nullable;

/** Turns what Spark throws into failures that speak of the user's text. */
final class Failures {

    private Failures() {}

    static FailureException of(Throwable e, Queries queries) {
        return of(e, queries, Optional.empty());
    }

    /** @param query what was being understood, if that is where the error comes from */
    static FailureException of(Throwable e, Queries queries, Optional<SqlText> query) {
        if (e instanceof FailureException ours) {
            return ours;
        }
        Throwable said = telling(e);
        String condition = condition(said);
        return new FailureException(new Failure(
                code(said, condition),
                message(said, condition),
                help(said, condition),
                queries.locate(e, query),
                isConflict(said),
                e,
                !isOfNames(condition)));
    }

    /** A failure of a write: its place is the target, unless it comes from the user's SQL. */
    static FailureException ofWrite(Throwable e, Queries queries, Location target) {
        Failure failure = of(e, queries).failure();
        boolean io = failure.code() == ProblemCode.READ_FAILED;
        Failure placed = io && failure.span().isEmpty()
                ? new Failure(
                        ProblemCode.WRITE_FAILED,
                        "'" + target + "' cannot be written: " + failure.message(),
                        Optional.of("what was there before is unchanged"),
                        Optional.of(target.span()),
                        failure.passing(),
                        e,
                        failure.quotesRows())
                : failure;
        return new FailureException(placed.at(target.span()));
    }

    /** What went wrong, in a few words. */
    static String reason(Throwable e) {
        return message(telling(e), condition(telling(e)));
    }

    /** A message's first line without Spark's marks around it. */
    static String firstLine(Throwable e) {
        String text = String.valueOf(e.getMessage()).strip();
        String first = text.lines().findFirst().orElse(text);
        return decapitalize(first.replaceFirst("^\\[[A-Z0-9_.]+] ", "")
                .replaceFirst(" SQLSTATE: \\w+.*$", "")
                .replaceFirst(" *\\(line \\d+, pos \\d+\\)$", "")
                .replaceFirst("\\.$", "")
                .replace('"', '\''));
    }

    private static String decapitalize(String sentence) {
        boolean acronym = sentence.length() > 1 && !Character.isLowerCase(sentence.charAt(1));
        return sentence.isEmpty() || acronym
                ? sentence
                : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }

    /** The innermost error that Spark has a name for, or else the innermost. "Job aborted" tells nothing. */
    private static Throwable telling(Throwable e) {
        Throwable named = null;
        Throwable last = e;
        for (Throwable each = e; each != null; each = each.getCause()) {
            last = each;
            if (condition(each).length() > 0 && !isWrapping(condition(each))) {
                named = each;
            }
        }
        boolean outside = last instanceof FileNotFoundException
                || last instanceof AccessDeniedException
                || last instanceof OutOfMemoryError
                || isConflict(last);
        return named != null && !outside ? named : last;
    }

    private static boolean isWrapping(String condition) {
        return condition.startsWith("TASK_WRITE_FAILED")
                || condition.startsWith("FAILED_READ_FILE")
                || condition.startsWith("_LEGACY_ERROR_TEMP_");
    }

    /** Spark 3.5 has no other name for it. */
    @SuppressWarnings("deprecation")
    private static String condition(@Nullable Throwable e) {
        if (!(e instanceof SparkThrowable said)) {
            return "";
        }
        String name = said.getErrorClass();
        return name == null ? "" : name;
    }

    private static boolean isConflict(Throwable e) {
        String type = e.getClass().getName();
        return type.startsWith("io.delta.exceptions.") || (type.contains("delta") && type.contains("Concurrent"));
    }

    private static ProblemCode code(Throwable e, String condition) {
        if (isConflict(e)) {
            return ProblemCode.CONFLICT;
        }
        if (e instanceof InterruptedException || String.valueOf(e.getMessage()).contains("cancelled")) {
            return ProblemCode.INTERRUPTED;
        }
        if (e instanceof java.io.IOException) {
            return ProblemCode.READ_FAILED;
        }
        return condition.startsWith("DELTA_") ? deltaCode(condition) : ProblemCode.QUERY_FAILED;
    }

    private static ProblemCode deltaCode(String condition) {
        if (condition.contains("CONSTRAINT") || condition.contains("NOT_NULL")) {
            return ProblemCode.CHECK_FAILED;
        }
        if (condition.contains("UNSUPPORTED_FEATURES") || condition.contains("INVALID_PROTOCOL")) {
            return ProblemCode.UNSUPPORTED_TABLE;
        }
        if (condition.contains("SCHEMA") || condition.contains("MERGE") || condition.contains("METADATA_MISMATCH")) {
            return ProblemCode.SCHEMA_MISMATCH;
        }
        if (condition.contains("UNSUPPORTED_DATA_TYPE") || condition.contains("UNSUPPORTED_TYPE")) {
            return ProblemCode.UNSUPPORTED_TYPE;
        }
        if (condition.contains("PATH_EXISTS") || condition.contains("ALREADY_EXISTS")) {
            return ProblemCode.TARGET_EXISTS;
        }
        return condition.contains("FILE_NOT_FOUND") || condition.contains("LOG")
                ? ProblemCode.CORRUPT_TABLE
                : ProblemCode.WRITE_FAILED;
    }

    private static String message(Throwable e, String condition) {
        if (isUnknownColumn(condition) && e instanceof SparkThrowable said) {
            String name = said.getMessageParameters().getOrDefault("objectName", "");
            if (!name.isEmpty()) {
                return "unknown column '" + name.replace("`", "") + "'";
            }
        }
        if (e instanceof OutOfMemoryError) {
            return "Spark has run out of memory: " + e.getMessage();
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied: " + e.getMessage();
        }
        String line = firstLine(e);
        return condition.isEmpty() && e.getMessage() == null ? e.getClass().getSimpleName() : line;
    }

    private static boolean isUnknownColumn(String condition) {
        return condition.startsWith("UNRESOLVED_COLUMN");
    }

    /** Errors that are found before a row is looked at speak of names and types only. */
    private static boolean isOfNames(String condition) {
        return isUnknownColumn(condition)
                || condition.startsWith("TABLE_OR_VIEW")
                || condition.startsWith("DATATYPE_MISMATCH")
                || condition.startsWith("UNRESOLVED_ROUTINE");
    }

    private static Optional<String> help(Throwable e, String condition) {
        if (isUnknownColumn(condition) && e instanceof SparkThrowable said) {
            String proposal = said.getMessageParameters().getOrDefault("proposal", "");
            return proposal.isEmpty()
                    ? Optional.empty()
                    : Optional.of("did you mean '"
                            + proposal.replaceFirst(",.*", "").replace("`", "").replaceFirst("^.*\\.", "") + "'?");
        }
        if (e instanceof OutOfMemoryError) {
            return Optional.of("give it more: performance: {spark_config: {spark.driver.memory: 4g}}");
        }
        return Optional.empty();
    }
}
