package dev.tarn.core.project;

import dev.tarn.core.check.Check;
import dev.tarn.core.check.OnFail;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the checks of one node. Knows the names it has seen; not thread-safe. */
final class CheckReader {

    private static final Choices<OnFail> ON_FAIL = Choices.of("on_fail", OnFail.class);
    private static final Choices<Kind> KINDS =
            new Choices<>("test type", kinds(), Set.of("volume_drop", "schema", "distribution", "freshness"));

    private final OnFail mode;
    private final boolean hasQuarantine;
    private final Problems problems;
    private final Set<String> taken = new HashSet<>();

    /** Reads the keys of one type of test. */
    private interface Kind {
        Optional<Check> read(CheckReader reader, Test test);
    }

    /**
     * A test whose common keys are read.
     *
     * @param number its place in the list, from 1
     */
    private record Test(MappingReader in, String type, int number, OnFail onFail) {
        SourceSpan span() {
            return in.scalar("type").map(Yaml.Scalar::span).orElse(in.where());
        }
    }

    /** @param mode what a test without {@code on_fail} does */
    CheckReader(OnFail mode, boolean hasQuarantine, Problems problems) {
        this.mode = mode;
        this.hasQuarantine = hasQuarantine;
        this.problems = problems;
    }

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        kinds.put("not_null", CheckReader::notNull);
        kinds.put("unique", CheckReader::unique);
        kinds.put("accepted_values", CheckReader::acceptedValues);
        kinds.put("range", CheckReader::range);
        kinds.put("regex_match", CheckReader::regexMatch);
        kinds.put("row_count", CheckReader::rowCount);
        kinds.put("custom_sql", CheckReader::customSql);
        return kinds;
    }

    List<Check> readAll(List<MappingReader> tests) {
        checkNames(tests);
        List<Check> checks = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            read(tests.get(i), i + 1).ifPresent(checks::add);
        }
        return checks;
    }

    /** Given names go first, so that a made one gives way to them wherever they stand. */
    private void checkNames(List<MappingReader> tests) {
        Identifiers names = new Identifiers("test", problems);
        for (MappingReader test : tests) {
            test.scalar("name").ifPresent(name -> {
                names.isFirst(name.text().text(), name.span());
                taken.add(name.text().text().toLowerCase(Locale.ROOT));
            });
        }
    }

    private Optional<Check> read(MappingReader unnamed, int number) {
        MappingReader in = unnamed.text("type")
                .flatMap(type -> Model.TESTS.stream()
                        .filter(shape -> shape.title().equals("test " + type))
                        .findFirst()
                        .map(shape -> unnamed.as(shape, "the " + type + " test")))
                .orElse(unnamed);
        in.require("type");
        OnFail onFail = in.choice("on_fail", ON_FAIL).orElse(mode);
        // The keys of an unknown type are not known, so that they are not checked.
        return in.choice("type", KINDS).flatMap(kind -> {
            Test test = new Test(in, in.text("type").orElse(""), number, onFail);
            checkOnFail(test);
            Optional<Check> check = kind.read(this, test);
            in.finish();
            return check;
        });
    }

    private void checkOnFail(Test test) {
        Optional<Yaml.Scalar> given = test.in().scalar("on_fail");
        if (test.onFail() != OnFail.QUARANTINE || given.isEmpty()) {
            return;
        }
        if (test.type().equals("row_count")) {
            problems.error(
                    ProblemCode.INVALID_VALUE,
                    given.get().span(),
                    "a row_count test cannot quarantine: no single row breaks it",
                    "use fail or warn");
        } else if (!hasQuarantine) {
            problems.error(
                    ProblemCode.MISSING_KEY,
                    given.get().span(),
                    "'on_fail: quarantine' needs 'quarantine' in 'validation'",
                    "add quarantine: {connection: ..., path: ...}");
        }
    }

    private Optional<Check> notNull(Test test) {
        List<String> columns = columns(test);
        String name = name(test, columns);
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of(new Check.NotNull(name, test.onFail(), test.span(), columns));
    }

    private Optional<Check> unique(Test test) {
        List<String> columns = columns(test);
        String name = name(test, columns);
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of(new Check.Unique(name, test.onFail(), test.span(), columns));
    }

    private Optional<Check> acceptedValues(Test test) {
        Optional<String> column = column(test);
        String name = name(test, column.stream().toList());
        test.in().require("values");
        Optional<List<Yaml>> items = test.in().list("values");
        List<Object> values = new ArrayList<>();
        items.orElse(List.of()).forEach(item -> value(item).ifPresent(values::add));
        if (items.isPresent() && items.get().isEmpty()) {
            invalid(test.in().keySpan("values").orElse(test.span()), "'values' is empty", "list the accepted values");
        }
        return column.filter(c -> !values.isEmpty())
                .map(c -> new Check.AcceptedValues(name, test.onFail(), test.span(), c, List.copyOf(values)));
    }

    private Optional<Object> value(Yaml item) {
        if (item instanceof Yaml.Unresolved) {
            return Optional.empty();
        }
        Object value = item instanceof Yaml.Scalar scalar ? scalar.value() : null;
        if (value == null || value instanceof BigInteger) {
            invalid(item.span(), "an accepted value is a text, a number, true or false", "NULL is never accepted");
            return Optional.empty();
        }
        return Optional.of(value);
    }

    private Optional<Check> range(Test test) {
        Optional<String> column = column(test);
        String name = name(test, column.stream().toList());
        Optional<Object> min = bound(test, "min");
        Optional<Object> max = bound(test, "max");
        boolean right = hasBound(test) && areInOrder(test, min, max);
        return column.filter(c -> right)
                .map(c -> new Check.Range(name, test.onFail(), test.span(), c, min.orElse(null), max.orElse(null)));
    }

    private Optional<Object> bound(Test test, String key) {
        Optional<Yaml.Scalar> scalar = test.in().scalar(key);
        Optional<Object> value = scalar.map(Yaml.Scalar::value);
        boolean wrong = value.isPresent()
                && (value.get() instanceof Boolean
                        || value.get() instanceof BigInteger
                        || (value.get() instanceof Double d && d.isNaN()));
        if (wrong) {
            invalid(
                    scalar.get().span(),
                    "'" + key + "' takes a number or a date, not "
                            + scalar.get().text(),
                    "");
        }
        return value.filter(v -> !wrong);
    }

    private boolean hasBound(Test test) {
        if (!test.in().has("min") && !test.in().has("max")) {
            String message = test.in().what() + " has neither 'min' nor 'max'";
            problems.error(ProblemCode.MISSING_KEY, test.span(), message, "add one or both");
            return false;
        }
        return true;
    }

    private boolean areInOrder(Test test, Optional<?> min, Optional<?> max) {
        if (min.isEmpty() || max.isEmpty()) {
            return min.isPresent() || max.isPresent();
        }
        SourceSpan span = test.in().keySpan("max").orElse(test.span());
        if (min.get() instanceof String != max.get() instanceof String) {
            invalid(span, "'min' and 'max' are of different kinds", "use two numbers or two texts");
            return false;
        }
        if (min.get() instanceof Number low && max.get() instanceof Number high && isGreater(low, high)) {
            invalid(span, "'max' " + high + " is less than 'min' " + low, "no value is between them");
            return false;
        }
        return true;
    }

    private static boolean isGreater(Number low, Number high) {
        return (low instanceof Long a && high instanceof Long b) ? a > b : low.doubleValue() > high.doubleValue();
    }

    private Optional<Check> regexMatch(Test test) {
        Optional<String> column = column(test);
        String name = name(test, column.stream().toList());
        Optional<MappedText> pattern = test.in().requiredScalar("pattern").map(Yaml.Scalar::text);
        return column.flatMap(c -> pattern.map(p -> new Check.RegexMatch(name, test.onFail(), test.span(), c, p)));
    }

    private Optional<Check> rowCount(Test test) {
        String name = name(test, List.of());
        OptionalLong min = test.in().whole("min", 0, Long.MAX_VALUE);
        OptionalLong max = test.in().whole("max", 0, Long.MAX_VALUE);
        boolean right = hasBound(test)
                && areInOrder(
                        test,
                        min.stream().boxed().findFirst(),
                        max.stream().boxed().findFirst())
                && test.onFail() != OnFail.QUARANTINE;
        return right ? Optional.of(new Check.RowCount(name, test.onFail(), test.span(), min, max)) : Optional.empty();
    }

    private Optional<Check> customSql(Test test) {
        String name = name(test, List.of(String.valueOf(test.number())));
        Optional<Yaml.Scalar> condition = test.in().requiredScalar("condition");
        double threshold = test.in().scalar("threshold").map(this::share).orElse(0.0);
        return condition.map(c -> new Check.CustomSql(name, test.onFail(), test.span(), c.text(), threshold));
    }

    private double share(Yaml.Scalar scalar) {
        if (scalar.value() instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1) {
            return number.doubleValue();
        }
        String message = "'threshold' takes a number from 0 to 1, not "
                + Names.quoted(scalar.text().text());
        invalid(scalar.span(), message, "it is the share of rows that may break the rule");
        return 0;
    }

    /** {@code columns}, or {@code column} where a list is not needed. */
    private List<String> columns(Test test) {
        test.in().exclusive("columns", "column");
        String key = test.in().has("columns") ? "columns" : "column";
        if (!test.in().has(key)) {
            test.in().require("columns");
        }
        Identifiers names = new Identifiers("column", problems);
        List<String> columns = test.in().texts(key).stream()
                .filter(c -> names.isFirst(c.text().text(), c.span()))
                .map(c -> c.text().text())
                .toList();
        boolean emptyList = test.in()
                .entry(key)
                .filter(e -> e.value() instanceof Yaml.Sequence s && s.items().isEmpty())
                .isPresent();
        if (emptyList) {
            invalid(test.in().keySpan(key).orElse(test.span()), "'" + key + "' is empty", "name a column");
        }
        return columns;
    }

    private static Optional<String> column(Test test) {
        return test.in().requiredScalar("column").map(c -> c.text().text());
    }

    private String name(Test test, List<String> details) {
        return test.in().text("name").orElseGet(() -> {
            List<String> parts = new ArrayList<>(List.of(test.type()));
            parts.addAll(details);
            return unique(String.join("_", parts));
        });
    }

    private String unique(String name) {
        String free = name;
        for (int i = 2; !taken.add(free.toLowerCase(Locale.ROOT)); i++) {
            free = name + "_" + i;
        }
        return free;
    }

    private void invalid(SourceSpan span, String message, String help) {
        problems.error(ProblemCode.INVALID_VALUE, span, message, help.isEmpty() ? Optional.empty() : Optional.of(help));
    }
}
