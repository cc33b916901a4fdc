package dev.tarn.notebook.json;

import dev.tarn.core.source.SourceSpan;

/** Says what is not JSON, and where. */
public final class JsonException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient SourceSpan span;

    JsonException(SourceSpan span, String message) {
        super(message);
        this.span = span;
    }

    public SourceSpan span() {
        return span;
    }
}
