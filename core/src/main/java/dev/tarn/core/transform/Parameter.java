package dev.tarn.core.transform;

import java.util.List;

/**
 * A parameter of a transformer.
 *
 * @param whenAbsent what is taken without it, as a user would write it; empty where that goes without saying
 * @param meaning a clause in Markdown
 */
public record Parameter(String name, Form form, boolean required, String whenAbsent, String meaning) {

    /** What a parameter takes. */
    public sealed interface Form {
        /** A single value, as text. */
        record Text() implements Form {}

        /** A text, or a list of texts. */
        record Texts() implements Form {}

        /** {@code true} or {@code false}. */
        record Flag() implements Form {}

        /** A whole number in a range. */
        record Whole(long min, long max) implements Form {}

        /** A number from 0 to 1. */
        record Share() implements Form {}

        /** One of some words. */
        record Choice(List<String> values) implements Form {
            public Choice {
                values = List.copyOf(values);
            }
        }

        /** A list of some words. */
        record Choices(List<String> values) implements Form {
            public Choices {
                values = List.copyOf(values);
            }
        }

        /** Names of columns, or texts to be replaced, each with a text. */
        record Named() implements Form {}

        /** Names, each with a value of any kind. */
        record NamedValues() implements Form {}

        /** A value of any kind. */
        record Value() implements Form {}

        /** A list of mappings with these keys, all of them required. */
        record Mappings(String title, List<Parameter> keys) implements Form {
            public Mappings {
                keys = List.copyOf(keys);
            }
        }
    }

    static final Form TEXT = new Form.Text();
    static final Form TEXTS = new Form.Texts();
    static final Form FLAG = new Form.Flag();
    static final Form NAMED = new Form.Named();

    static Parameter required(String name, Form form, String meaning) {
        return new Parameter(name, form, true, "", meaning);
    }

    static Parameter optional(String name, Form form, String whenAbsent, String meaning) {
        return new Parameter(name, form, false, whenAbsent, meaning);
    }
}
