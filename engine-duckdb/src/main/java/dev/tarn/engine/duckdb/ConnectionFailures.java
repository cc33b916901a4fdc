package dev.tarn.engine.duckdb;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.SourceSpan;
import java.util.Optional;

/** Turns what {@code connect} reports into failures with a place in the project. */
final class ConnectionFailures {

    private ConnectionFailures() {}

    static FailureException ofRead(ConnectionException e, SourceSpan span) {
        return of(e, span, ProblemCode.READ_FAILED);
    }

    static FailureException ofWrite(ConnectionException e, SourceSpan span) {
        return of(e, span, ProblemCode.WRITE_FAILED);
    }

    private static FailureException of(ConnectionException e, SourceSpan span, ProblemCode otherwise) {
        ConnectionException.Kind kind = e.kind();
        boolean quotesRows = kind == ConnectionException.Kind.VALUE || kind == ConnectionException.Kind.STATEMENT;
        return new FailureException(new Failure(
                code(kind, otherwise),
                String.valueOf(e.getMessage()),
                Optional.of(e.help()).filter(help -> !help.isEmpty()),
                Optional.of(span),
                e.isPassing(),
                e,
                quotesRows));
    }

    private static ProblemCode code(ConnectionException.Kind kind, ProblemCode otherwise) {
        return switch (kind) {
            case SECRET -> ProblemCode.SECRET_UNAVAILABLE;
            case UNREACHABLE, REFUSED, TLS -> ProblemCode.CONNECTION_FAILED;
            case NOT_FOUND, STATEMENT -> otherwise;
            case SCHEMA -> ProblemCode.SCHEMA_MISMATCH;
            case VALUE -> ProblemCode.UNSUPPORTED_VALUE;
            case EXISTS -> ProblemCode.TARGET_EXISTS;
            case CONFLICT -> ProblemCode.CONFLICT;
        };
    }
}
