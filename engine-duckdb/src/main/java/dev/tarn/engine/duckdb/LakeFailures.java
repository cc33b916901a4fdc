package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.SourceSpan;
import dev.tarn.lake.LakeException;
import java.util.Optional;

/** Turns what {@code lake} refuses into failures with a place in the project. */
final class LakeFailures {

    private LakeFailures() {}

    static FailureException of(LakeException e, SourceSpan span) {
        return new FailureException(new Failure(
                code(e.kind()),
                e.getMessage(),
                Optional.of(e.help()),
                Optional.of(span),
                e.kind() == LakeException.Kind.CONFLICT,
                e,
                e.kind() == LakeException.Kind.UNSUPPORTED_VALUE));
    }

    private static ProblemCode code(LakeException.Kind kind) {
        return switch (kind) {
            case INVALID_WRITE -> ProblemCode.UNSUPPORTED_WRITE;
            case SCHEMA_MISMATCH -> ProblemCode.SCHEMA_MISMATCH;
            case UNSUPPORTED_TYPE, UNSUPPORTED_VALUE -> ProblemCode.UNSUPPORTED_TYPE;
            case NOT_NULL, CONSTRAINT, MULTIPLE_MATCHES -> ProblemCode.CHECK_FAILED;
            case UNSUPPORTED_FEATURE -> ProblemCode.UNSUPPORTED_TABLE;
            case TABLE_EXISTS -> ProblemCode.TARGET_EXISTS;
            case TABLE_NOT_FOUND, VERSION_NOT_FOUND, INVALID_SQL -> ProblemCode.READ_FAILED;
            case CORRUPT_TABLE -> ProblemCode.CORRUPT_TABLE;
            case CONFLICT -> ProblemCode.CONFLICT;
            case IO -> ProblemCode.WRITE_FAILED;
        };
    }
}
