package dev.tarn.core.transform;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A transformer with its arguments, as a project uses it. The names of the arguments are known to be the transformer's, and
 * each to be of the form that its parameter asks for.
 *
 * @param name the transformer's, where it stands
 */
public record TransformCall(MappedText name, Map<String, Argument> arguments) {

    public TransformCall {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }

    public SourceSpan span() {
        return name.start();
    }

    private Transformer transformer() {
        return Transformers.find(name.text())
                .orElseThrow(() -> new IllegalStateException("no transformer " + name.text()));
    }

    /** The texts, beside {@code df}, that name rows. */
    public List<MappedText> tables() {
        return transformer().tables().stream()
                .flatMap(this::scalars)
                .map(Argument.Scalar::text)
                .toList();
    }

    /** The user's SQL in it, each an expression; an order's terms are not among them. */
    public List<MappedText> expressions() {
        return transformer().expressions().stream()
                .filter(parameter -> !parameter.equals("order_by"))
                .flatMap(this::scalars)
                .map(Argument.Scalar::text)
                .toList();
    }

    private java.util.stream.Stream<Argument.Scalar> scalars(String parameter) {
        List<Argument.Scalar> found = new ArrayList<>();
        Argument argument = arguments.get(parameter);
        if (argument != null) {
            collect(argument, found);
        }
        return found.stream();
    }

    private static void collect(Argument argument, List<Argument.Scalar> found) {
        if (argument instanceof Argument.Scalar scalar) {
            found.add(scalar);
        } else if (argument instanceof Argument.Items items) {
            items.items().forEach(item -> collect(item, found));
        } else if (argument instanceof Argument.Entries entries) {
            entries.entries().values().forEach(entry -> collect(entry.value(), found));
        }
    }

    /**
     * The query that it becomes, over {@code df} and the tables that it names.
     *
     * @param tables what is known of rows by their names
     * @throws BadArgumentException if an argument does not fit the rows
     */
    public MappedText sql(SqlDialect dialect, Function<String, Table> tables) {
        Call call = call(dialect, tables);
        return call.mapped(transformer().query().apply(call).sql(), name);
    }

    /**
     * The names of the columns that it gives, where they are known before the run.
     *
     * @throws BadArgumentException if an argument does not fit what is known
     */
    public Optional<List<String>> columns(Function<String, Table> tables) {
        return transformer().query().apply(call(SqlDialect.DUCKDB, tables)).columns();
    }

    /** For people: the name, and each argument in a line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name.text());
        arguments.forEach(
                (key, argument) -> text.append("\n  ").append(key).append(": ").append(shown(argument)));
        return text.toString();
    }

    private static String shown(Argument argument) {
        if (argument instanceof Argument.Items items) {
            return items.items().stream().map(TransformCall::shown).collect(Collectors.joining(", ", "[", "]"));
        }
        if (argument instanceof Argument.Entries entries) {
            return entries.entries().entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + shown(entry.getValue().value()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return ((Argument.Scalar) argument).string();
    }

    private Call call(SqlDialect dialect, Function<String, Table> tables) {
        return new Call(transformer(), arguments, span(), dialect, tables);
    }
}
