package dev.tarn.core.transform;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a project gives for a parameter, and where it stands. */
public sealed interface Argument {

    SourceSpan span();

    /**
     * A single value.
     *
     * @param value a String, Long, BigInteger, Double, Boolean or null
     * @param text the same as it is written
     */
    record Scalar(
            SourceSpan span, MappedText text, @Nullable Object value) implements Argument {

        /** The value as text, whatever it was written as. */
        public String string() {
            return text.text();
        }
    }

    /** A list. */
    record Items(SourceSpan span, List<Argument> items) implements Argument {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** Keys and values, in the order of the file. */
    record Entries(SourceSpan span, Map<String, Entry> entries) implements Argument {
        public Entries {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }

    /** One key and its value. */
    record Entry(SourceSpan keySpan, Argument value) {}
}
