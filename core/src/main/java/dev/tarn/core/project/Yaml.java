package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A YAML document as a tree that knows where each part stands. */
sealed interface Yaml {

    SourceSpan span();

    /** What it is, for messages: {@code a list}. */
    String kind();

    /**
     * Keys and their values.
     *
     * @param entries by key, in the order of the file
     */
    record Mapping(SourceSpan span, Map<String, Entry> entries) implements Yaml {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** One key and its value. */
    record Entry(String key, SourceSpan keySpan, Yaml value) {}

    /** A list. */
    record Sequence(SourceSpan span, List<Yaml> items) implements Yaml {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /**
     * A single value.
     *
     * @param plain whether it was written without quotes, so that it may be a number, true, false or null
     */
    record Scalar(SourceSpan span, MappedText text, boolean plain) implements Yaml {

        /** A String, Long, BigInteger (too large for Long), Double, Boolean or null. */
        @Nullable
        Object value() {
            return plain ? CoreSchema.typed(text.text()) : text.text();
        }

        boolean isNull() {
            return value() == null;
        }

        @Override
        public String kind() {
            Object value = value();
            if (value instanceof Boolean) {
                return value.toString();
            }
            return value == null ? "nothing" : value instanceof Number ? "a number" : "text";
        }
    }

    /** A value with a variable that could not be resolved; the problem is already reported. */
    record Unresolved(SourceSpan span) implements Yaml {
        @Override
        public String kind() {
            return "an unresolved variable";
        }
    }
}
