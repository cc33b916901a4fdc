package dev.tarn.core.project;

import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code options}, whose values are passed to the engine as they are. */
final class OptionReader {

    private final Problems problems;

    OptionReader(Problems problems) {
        this.problems = problems;
    }

    List<Option> read(MappingReader in) {
        List<Yaml.Entry> entries =
                in.mapping("options").map(MappingReader::entries).orElse(List.of());
        return entries.stream().flatMap(e -> option(e).stream()).toList();
    }

    private Optional<Option> option(Yaml.Entry entry) {
        return entry.value() instanceof Yaml.Unresolved
                ? Optional.empty()
                : Optional.of(new Option(
                        entry.key(),
                        plain(entry.value()),
                        entry.keySpan(),
                        entry.value().span()));
    }

    private @Nullable Object plain(Yaml value) {
        if (value instanceof Yaml.Scalar scalar) {
            return scalar(scalar);
        }
        if (value instanceof Yaml.Sequence sequence) {
            List<@Nullable Object> items = new ArrayList<>();
            sequence.items().forEach(item -> items.add(plain(item)));
            return items;
        }
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        if (value instanceof Yaml.Mapping mapping) {
            mapping.entries().values().forEach(e -> entries.put(e.key(), plain(e.value())));
        }
        return entries;
    }

    private @Nullable Object scalar(Yaml.Scalar scalar) {
        Object value = scalar.value();
        if (value instanceof BigInteger) {
            problems.error(
                    ProblemCode.INVALID_VALUE,
                    scalar.span(),
                    "the number has more than 64 bits",
                    "put it in quotes if it is meant as text");
            return scalar.text().text();
        }
        return value;
    }
}
