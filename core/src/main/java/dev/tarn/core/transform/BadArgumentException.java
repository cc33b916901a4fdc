package dev.tarn.core.transform;

import dev.tarn.core.source.SourceSpan;
import java.util.Optional;

/** Says what is wrong with an argument of a transformer, and where it stands. */
public final class BadArgumentException extends RuntimeException {

    private final transient SourceSpan span;
    private final transient Optional<String> help;

    BadArgumentException(SourceSpan span, String message, Optional<String> help) {
        super(message);
        this.span = span;
        this.help = help;
    }

    public SourceSpan span() {
        return span;
    }

    public Optional<String> help() {
        return help;
    }

    /** The message, which is always there. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
