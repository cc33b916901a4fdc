package dev.tarn.core.transform;

import dev.tarn.core.source.MappedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Understands {@code order_by}: terms with a direction, whose NULLs come last unless it says otherwise. */
final class Order {

    private static final Pattern TERM =
            Pattern.compile("(?is)(?<value>.*?)(\\s+(?<direction>asc|desc))?(\\s+nulls\\s+(?<nulls>first|last))?\\s*");

    private Order() {}

    /** The terms of a parameter; none where it is not given. */
    static List<String> of(Call call, String parameter) {
        List<String> terms = new ArrayList<>();
        for (Argument.Scalar scalar : call.scalars(parameter)) {
            if (call.columns().stream()
                    .anyMatch(column -> column.is(scalar.string().strip()))) {
                terms.add(
                        call.name(call.column(scalar.string().strip(), scalar.span(), call.df())) + " ASC NULLS LAST");
            } else {
                split(scalar.text()).forEach(term -> terms.add(term(call, term)));
            }
        }
        return terms;
    }

    private static String term(Call call, MappedText term) {
        Matcher parts = TERM.matcher(term.text());
        if (!parts.matches() || parts.group("value").isBlank()) {
            throw call.bad(term.start(), "an empty term", java.util.Optional.of("write columns with commas between"));
        }
        String direction = parts.group("direction") == null
                ? "ASC"
                : parts.group("direction").toUpperCase(Locale.ROOT);
        String nulls =
                parts.group("nulls") == null ? "LAST" : parts.group("nulls").toUpperCase(Locale.ROOT);
        int from = parts.start("value");
        String name = parts.group("value").strip();
        boolean plain = name.matches("[\\p{L}_][\\p{L}\\p{N}_]*");
        String value = plain || call.columns().stream().anyMatch(column -> column.is(name))
                ? call.name(call.column(name, term.start(), call.df()))
                : "(" + call.raw(term.slice(from, parts.end("value"))) + "\n)";
        return value + " " + direction + " NULLS " + nulls;
    }

    /** The parts between commas that stand in no brackets and no quotes. */
    private static List<MappedText> split(MappedText text) {
        List<MappedText> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        char quote = 0;
        for (int i = 0; i < text.text().length(); i++) {
            char c = text.text().charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"' || c == '`') {
                quote = c;
            } else if (c == '(' || c == '[') {
                depth++;
            } else if (c == ')' || c == ']') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(text.slice(start, i));
                start = i + 1;
            }
        }
        parts.add(text.slice(start, text.text().length()));
        return parts;
    }
}
