package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.transform.Argument;
import dev.tarn.core.transform.Parameter;
import dev.tarn.core.transform.Parameter.Form;
import dev.tarn.core.transform.TransformCall;
import dev.tarn.core.transform.Transformer;
import dev.tarn.core.transform.Transformers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the use of a transformer: its name and its parameters. */
final class TransformReader {

    private final Problems problems;

    TransformReader(Problems problems) {
        this.problems = problems;
    }

    /** @param in the mapping with the name under {@code key}, and maybe with {@code params} */
    Optional<TransformStep> read(MappingReader in, String key) {
        Optional<Yaml.Scalar> name = in.scalar(key);
        Optional<Transformer> transformer = name.flatMap(this::find);
        if (name.isEmpty() || transformer.isEmpty()) {
            in.has("params");
            return Optional.empty();
        }
        Optional<MappingReader> params = in.mapping("params");
        if (in.has("params") && params.isEmpty()) {
            return Optional.empty();
        }
        String what = "'params' of " + transformer.get().name();
        MappingReader given = params.map(p -> p.as(TransformShapes.of(transformer.get()), what))
                .orElseGet(() -> new MappingReader(
                        new Yaml.Mapping(name.get().span(), Map.of()),
                        TransformShapes.of(transformer.get()),
                        what,
                        name.get().span(),
                        problems));
        return arguments(given, transformer.get())
                .map(arguments -> new TransformStep(new TransformCall(name.get().text(), arguments), Dialect.COMMON));
    }

    private Optional<Transformer> find(Yaml.Scalar name) {
        String text = name.text().text();
        Optional<Transformer> found = Transformers.find(text);
        Optional<String> instead = Transformers.insteadOf(text);
        if (found.isEmpty() && instead.isPresent()) {
            String message = "transformer " + Names.quoted(text) + " is not supported";
            problems.error(ProblemCode.UNSUPPORTED_KEY, name.span(), message, instead.get());
        } else if (found.isEmpty()) {
            problems.error(
                    ProblemCode.UNKNOWN_TRANSFORMER,
                    name.span(),
                    "unknown transformer " + Names.quoted(text),
                    Names.didYouMean(text, Transformers.names()).orElse("'tarn explain transformers' lists them"));
        }
        return found;
    }

    private Optional<Map<String, Argument>> arguments(MappingReader in, Transformer transformer) {
        Map<String, Argument> arguments = new LinkedHashMap<>();
        boolean right = true;
        for (Parameter parameter : transformer.parameters()) {
            if (parameter.required()) {
                in.require(parameter.name());
            }
            Optional<Argument> argument = argument(in, parameter);
            argument.ifPresent(a -> arguments.put(parameter.name(), a));
            right &= argument.isPresent() || (!in.has(parameter.name()) && !parameter.required());
        }
        return in.finish() && right ? Optional.of(arguments) : Optional.empty();
    }

    private Optional<Argument> argument(MappingReader in, Parameter parameter) {
        String key = parameter.name();
        Form form = parameter.form();
        if (form instanceof Form.Flag) {
            return in.scalar(key).filter(s -> isFlag(in, key, s)).map(TransformReader::scalar);
        }
        if (form instanceof Form.Whole whole) {
            return in.whole(key, whole.min(), whole.max()).isPresent()
                    ? in.scalar(key).map(TransformReader::scalar)
                    : Optional.empty();
        }
        if (form instanceof Form.Share) {
            return in.scalar(key).filter(s -> isShare(key, s)).map(TransformReader::scalar);
        }
        if (form instanceof Form.Choice choice) {
            return in.choice(key, choices(key, choice.values()))
                    .flatMap(v -> in.scalar(key))
                    .map(TransformReader::scalar);
        }
        if (form instanceof Form.Texts || form instanceof Form.Choices) {
            return texts(in, key, form);
        }
        if (form instanceof Form.Named || form instanceof Form.NamedValues) {
            return in.mapping(key).flatMap(m -> named(m, key, form instanceof Form.NamedValues));
        }
        return form instanceof Form.Mappings mappings
                ? mappings(in, key, mappings)
                : in.scalar(key).map(TransformReader::scalar);
    }

    private static Choices<String> choices(String key, List<String> values) {
        Map<String, String> all = new LinkedHashMap<>();
        values.forEach(value -> all.put(value, value));
        return new Choices<>(key, all, java.util.Set.of());
    }

    private static boolean isFlag(MappingReader in, String key, Yaml.Scalar scalar) {
        in.flag(key, false);
        return scalar.value() instanceof Boolean;
    }

    private boolean isShare(String key, Yaml.Scalar scalar) {
        boolean share =
                scalar.value() instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1;
        if (!share) {
            problems.error(
                    ProblemCode.INVALID_VALUE,
                    scalar.span(),
                    "'" + key + "' takes a number from 0 to 1, not " + scalar.text());
        }
        return share;
    }

    private Optional<Argument> texts(MappingReader in, String key, Form form) {
        Optional<Yaml.Entry> entry = in.entry(key);
        List<Yaml.Scalar> texts = in.texts(key);
        boolean whole = !(entry.isPresent() && entry.get().value() instanceof Yaml.Sequence list)
                || list.items().size() == texts.size();
        if (entry.isEmpty() || (texts.isEmpty() && !(entry.get().value() instanceof Yaml.Sequence)) || !whole) {
            return Optional.empty();
        }
        if (form instanceof Form.Choices allowed
                && !texts.stream()
                        .allMatch(t ->
                                choices(key, allowed.values()).read(t, problems).isPresent())) {
            return Optional.empty();
        }
        return Optional.of(new Argument.Items(
                entry.get().value().span(),
                texts.stream().map(TransformReader::scalar).toList()));
    }

    private Optional<Argument> named(MappingReader in, String key, boolean nulls) {
        Map<String, Argument.Entry> entries = new LinkedHashMap<>();
        boolean right = true;
        for (Yaml.Entry entry : in.entries()) {
            if (entry.value() instanceof Yaml.Scalar scalar && (nulls || !scalar.isNull())) {
                entries.put(entry.key(), new Argument.Entry(entry.keySpan(), scalar(scalar)));
            } else {
                right = false;
                wrongValue(key, entry.value());
            }
        }
        return right ? Optional.of(new Argument.Entries(in.where(), entries)) : Optional.empty();
    }

    private void wrongValue(String key, Yaml value) {
        if (!(value instanceof Yaml.Unresolved)) {
            problems.error(
                    ProblemCode.WRONG_TYPE, value.span(), "the values of '" + key + "' are texts, not " + value.kind());
        }
    }

    private Optional<Argument> mappings(MappingReader in, String key, Form.Mappings form) {
        List<Argument> items = new ArrayList<>();
        boolean right = true;
        List<Yaml> list = in.list(key).orElse(List.of());
        List<MappingReader> readers =
                MappingReader.mappings(list, TransformShapes.of(form), "a " + form.title(), problems);
        for (MappingReader item : readers) {
            Map<String, Argument.Entry> entries = new LinkedHashMap<>();
            for (Parameter parameter : form.keys()) {
                item.require(parameter.name());
                item.scalar(parameter.name())
                        .ifPresent(s -> entries.put(parameter.name(), new Argument.Entry(s.span(), scalar(s))));
            }
            right &= item.finish() && entries.size() == form.keys().size();
            items.add(new Argument.Entries(item.where(), entries));
        }
        boolean complete = right && readers.size() == list.size() && in.has(key);
        return complete ? in.keySpan(key).map(span -> new Argument.Items(span, items)) : Optional.empty();
    }

    private static Argument scalar(Yaml.Scalar scalar) {
        return new Argument.Scalar(scalar.span(), scalar.text(), scalar.value());
    }
}
