package dev.tarn.core.engine;

import dev.tarn.core.connection.Redaction;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.SourceSpan;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong while a run went on.
 *
 * @param span where in the project its reason stands, if that is known
 * @param passing whether it may go away by itself, so that trying again makes sense
 * @param cause for {@code --trace}
 * @param quotesRows whether message or help may show values of rows
 */
public record Failure(
        ProblemCode code,
        String message,
        Optional<String> help,
        Optional<SourceSpan> span,
        boolean passing,
        @Nullable Throwable cause,
        boolean quotesRows) {

    /** A failure whose texts show no values of rows. */
    public Failure(
            ProblemCode code,
            String message,
            Optional<String> help,
            Optional<SourceSpan> span,
            boolean passing,
            @Nullable Throwable cause) {
        this(code, message, help, span, passing, cause, false);
    }

    /** A failure that trying again cannot mend. */
    public static Failure lasting(ProblemCode code, String message, Optional<SourceSpan> span) {
        return new Failure(code, message, Optional.empty(), span, false, null);
    }

    /** The same failure with a place for it, if it has none. */
    public Failure at(SourceSpan place) {
        return span.isPresent()
                ? this
                : new Failure(code, message, help, Optional.of(place), passing, cause, quotesRows);
    }

    /** The same failure without secrets in its texts. */
    public Failure redacted(Redaction redaction) {
        return new Failure(code, redaction.apply(message), redaction.apply(help), span, passing, cause, quotesRows);
    }

    /** The same failure, not to be tried again. */
    public Failure lasting() {
        return new Failure(code, message, help, span, false, cause, quotesRows);
    }
}
