package dev.tarn.core.project;

import java.util.Collection;
import java.util.List;

/** What a key's value may be. Whatever it is, {@code ${...}} may stand for it. */
sealed interface Kind {

    /** For the table of keys in the documentation: {@code list}. */
    String word();

    /** A single value, taken as it is written. */
    record Text() implements Kind {
        @Override
        public String word() {
            return "text";
        }
    }

    record Flag() implements Kind {
        @Override
        public String word() {
            return "`true` or `false`";
        }
    }

    record Whole(long min, long max) implements Kind {
        @Override
        public String word() {
            return "whole number from " + min + (max == Long.MAX_VALUE ? "" : " to " + max);
        }
    }

    /** A number from 0 to 1. */
    record Share() implements Kind {
        @Override
        public String word() {
            return "number from 0 to 1";
        }
    }

    /** A number, or a text such as a date. */
    record Bound() implements Kind {
        @Override
        public String word() {
            return "number or text";
        }
    }

    record Choice(List<String> values) implements Kind {
        Choice(Collection<String> values) {
            this(List.copyOf(values));
        }

        @Override
        public String word() {
            return "`" + String.join("`, `", values) + "`";
        }
    }

    /** A text, or a list of texts. */
    record Texts() implements Kind {
        @Override
        public String word() {
            return "text or list of texts";
        }
    }

    record ListOf(Kind item) implements Kind {
        @Override
        public String word() {
            return "list of: " + item.word();
        }
    }

    /** A mapping with keys that the model knows. */
    record Of(Shape shape) implements Kind {
        @Override
        public String word() {
            return "[" + shape.title() + "](#" + shape.anchor() + ")";
        }
    }

    /** One of the mappings, by the value of one of their keys. */
    record ByType(String key, List<Shape> shapes) implements Kind {
        @Override
        public String word() {
            return "[" + shapes.get(0).title() + "](#" + shapes.get(0).anchor() + ") or another `" + key + "`";
        }
    }

    /** A mapping whose keys are names that the user gives. */
    record Named(Kind value) implements Kind {
        @Override
        public String word() {
            return "name to " + value.word();
        }
    }

    record Either(List<Kind> kinds) implements Kind {
        Either(Kind one, Kind other) {
            this(List.of(one, other));
        }

        @Override
        public String word() {
            return String.join(" or ", kinds.stream().map(Kind::word).toList());
        }
    }

    /** The name of a transformer. */
    record TransformerName() implements Kind {
        @Override
        public String word() {
            return "one of the [transformers](transformers.md)";
        }
    }

    /** Any value. */
    record Any() implements Kind {
        @Override
        public String word() {
            return "anything";
        }
    }

    Kind TEXT = new Text();
    Kind FLAG = new Flag();
    Kind TEXTS = new Texts();
    Kind ANY = new Any();
    Kind TRANSFORMER = new TransformerName();
}
