package dev.tarn.core.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A transformer: what it is called, what it takes, an example that is also a test, and the query that it becomes.
 *
 * @param summary a sentence in Markdown
 * @param notes more of them; what is defined where engines differ
 * @param tables the parameters that name other rows
 * @param expressions the parameters that hold SQL of the user's
 */
public record Transformer(
        String name,
        String summary,
        String notes,
        List<Parameter> parameters,
        List<String> tables,
        List<String> expressions,
        String exampleText,
        Function<Call, Query> query) {

    public Transformer {
        parameters = List.copyOf(parameters);
        tables = List.copyOf(tables);
        expressions = List.copyOf(expressions);
    }

    /** The parameter of a name. */
    public Optional<Parameter> parameter(String parameter) {
        return parameters.stream().filter(p -> p.name().equals(parameter)).findFirst();
    }

    /** Read when it is asked for: a run does not need it. */
    public Example example() {
        return Example.parse(exampleText);
    }

    static Builder named(String name, String summary) {
        return new Builder(name, summary);
    }

    /** Collects what a transformer is. */
    static final class Builder {
        private final String name;
        private final String summary;
        private final List<Parameter> parameters = new ArrayList<>();
        private List<String> tables = List.of();
        private List<String> expressions = List.of();
        private String notes = "";
        private String example = "";

        private Builder(String name, String summary) {
            this.name = name;
            this.summary = summary;
        }

        Builder required(String parameter, Parameter.Form form, String meaning) {
            parameters.add(Parameter.required(parameter, form, meaning));
            return this;
        }

        Builder optional(String parameter, Parameter.Form form, String whenAbsent, String meaning) {
            parameters.add(Parameter.optional(parameter, form, whenAbsent, meaning));
            return this;
        }

        Builder reads(String... parametersWithTables) {
            tables = List.of(parametersWithTables);
            return this;
        }

        Builder sql(String... parametersWithSql) {
            expressions = List.of(parametersWithSql);
            return this;
        }

        Builder notes(String text) {
            notes = text.strip();
            return this;
        }

        Builder example(String text) {
            example = text;
            return this;
        }

        Transformer as(Function<Call, Query> query) {
            return new Transformer(name, summary, notes, parameters, tables, expressions, example, query);
        }
    }
}
