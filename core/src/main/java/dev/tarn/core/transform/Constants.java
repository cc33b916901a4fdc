package dev.tarn.core.transform;

import dev.tarn.core.source.Names;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Values of YAML as constants of SQL. */
final class Constants {

    private Constants() {}

    /** What a mapping that is checked has under a key. */
    static Argument.Scalar get(Map<String, Argument.Scalar> mapping, String key) {
        Argument.Scalar value = mapping.get(key);
        if (value == null) {
            throw new IllegalStateException("no '" + key + "' in " + mapping.keySet());
        }
        return value;
    }

    /** A value as one of a column's type, which must fit. */
    static String of(Call call, Argument.Scalar value, Column column) {
        Type type = column.type();
        if (value.value() == null) {
            return type.isUnknown() ? "NULL" : call.cast("NULL", type);
        }
        if (!fits(value, type)) {
            throw call.bad(
                    value.span(),
                    Names.quoted(value.string()) + " is no " + type + ", as column " + Names.quoted(column.name())
                            + " is",
                    Optional.of("cast the column in a step before, with cast_columns, or give another value"));
        }
        String literal = call.literal(call.speakable(value));
        return type.isUnknown() ? literal : call.cast(literal, type);
    }

    private static boolean fits(Argument.Scalar value, Type type) {
        String text = value.string();
        if (type.isNumber()) {
            return isNumber(text, type);
        }
        return switch (type.kind()) {
            case STRING, UNKNOWN -> true;
            case BOOLEAN -> value.value() instanceof Boolean;
            case DATE -> Casts.DATE.matcher(text).matches();
            case TIMESTAMP -> Casts.MOMENT.matcher(text).matches();
            case TIMESTAMP_NTZ -> Casts.WALL_TIME.matcher(text).matches();
            default -> false;
        };
    }

    private static boolean isNumber(String text, Type type) {
        try {
            BigDecimal number = new BigDecimal(text);
            boolean whole = number.stripTrailingZeros().scale() <= 0 && !text.matches(".*[.eE].*");
            return !type.isInteger() || whole;
        } catch (NumberFormatException e) {
            return type.isFloating() && text.equals("NaN");
        }
    }

    /** The type that all of some values have; text where they differ. */
    static Type type(List<Argument.Scalar> values) {
        List<Object> present = values.stream()
                .<Object>flatMap(value -> Stream.ofNullable(value.value()))
                .toList();
        if (!present.isEmpty() && present.stream().allMatch(Boolean.class::isInstance)) {
            return Type.BOOLEAN;
        }
        if (!present.isEmpty() && present.stream().allMatch(Long.class::isInstance)) {
            return Type.BIGINT;
        }
        boolean numbers = present.stream().allMatch(v -> v instanceof Number && !(v instanceof BigInteger));
        return !present.isEmpty() && numbers ? Type.DOUBLE : Type.STRING;
    }
}
