package dev.tarn.core.transform;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The type of a column, the same whatever engine has it.
 *
 * @param precision of a decimal, else 0
 * @param scale of a decimal, else 0
 * @param fields of a struct; the one of a list; key and value of a map
 * @param text of a type that is none of these, the engine's own name
 */
public record Type(Kind kind, int precision, int scale, List<Field> fields, String text) {

    /** Families of types; {@code TIMESTAMP} is a moment, {@code TIMESTAMP_NTZ} what a clock on a wall shows. */
    public enum Kind {
        BOOLEAN,
        TINYINT,
        SMALLINT,
        INT,
        BIGINT,
        FLOAT,
        DOUBLE,
        DECIMAL,
        STRING,
        DATE,
        TIMESTAMP,
        TIMESTAMP_NTZ,
        BINARY,
        ARRAY,
        STRUCT,
        MAP,
        OTHER,
        /** Not known before the run. */
        UNKNOWN
    }

    /** A part of a nested type. */
    public record Field(String name, Type type) {}

    static final Type UNKNOWN = of(Kind.UNKNOWN);
    static final Type BOOLEAN = of(Kind.BOOLEAN);
    static final Type INT = of(Kind.INT);
    static final Type BIGINT = of(Kind.BIGINT);
    static final Type DOUBLE = of(Kind.DOUBLE);
    static final Type STRING = of(Kind.STRING);
    static final Type DATE = of(Kind.DATE);
    static final Type TIMESTAMP = of(Kind.TIMESTAMP);
    static final Type TIMESTAMP_NTZ = of(Kind.TIMESTAMP_NTZ);

    public Type {
        fields = List.copyOf(fields);
    }

    static Type of(Kind kind) {
        return new Type(kind, 0, 0, List.of(), "");
    }

    static Type decimal(int precision, int scale) {
        return new Type(Kind.DECIMAL, precision, scale, List.of(), "");
    }

    static Type nested(Kind kind, List<Field> fields) {
        return new Type(kind, 0, 0, fields, "");
    }

    static Type other(String text) {
        return new Type(Kind.OTHER, 0, 0, List.of(), text);
    }

    /** Reads a type as an engine writes it. */
    public static Type parse(String text, SqlDialect dialect) {
        return new TypeParser(text, dialect == SqlDialect.DUCKDB).parse();
    }

    boolean isUnknown() {
        return kind == Kind.UNKNOWN;
    }

    boolean isInteger() {
        return kind == Kind.TINYINT || kind == Kind.SMALLINT || kind == Kind.INT || kind == Kind.BIGINT || isHuge();
    }

    private boolean isHuge() {
        return kind == Kind.OTHER && text.matches("U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?");
    }

    boolean isFloating() {
        return kind == Kind.FLOAT || kind == Kind.DOUBLE;
    }

    boolean isNumber() {
        return isInteger() || isFloating() || kind == Kind.DECIMAL;
    }

    boolean isText() {
        return kind == Kind.STRING;
    }

    boolean isTime() {
        return kind == Kind.DATE || kind == Kind.TIMESTAMP || kind == Kind.TIMESTAMP_NTZ;
    }

    boolean isNested() {
        return kind == Kind.ARRAY || kind == Kind.STRUCT || kind == Kind.MAP;
    }

    /** Whether every engine can sort by it. */
    boolean isOrderable() {
        return kind != Kind.MAP
                && fields.stream().allMatch(field -> field.type().isOrderable());
    }

    /** The narrowest type that holds the values of both without loss of meaning; empty where there is none. */
    Optional<Type> common(Type other) {
        if (equals(other) || other.isUnknown()) {
            return Optional.of(this);
        }
        if (isUnknown()) {
            return Optional.of(other);
        }
        if (isNumber() && other.isNumber()) {
            return Optional.of(isFloating() || other.isFloating() ? DOUBLE : exact(other));
        }
        if (isTime() && other.isTime()) {
            boolean wall = kind == Kind.TIMESTAMP_NTZ || other.kind == Kind.TIMESTAMP_NTZ;
            boolean moment = kind == Kind.TIMESTAMP || other.kind == Kind.TIMESTAMP;
            return wall && moment ? Optional.empty() : Optional.of(wall ? TIMESTAMP_NTZ : TIMESTAMP);
        }
        return Optional.empty();
    }

    private Type exact(Type other) {
        if (kind != Kind.DECIMAL && other.kind != Kind.DECIMAL) {
            return kind.compareTo(other.kind) >= 0 ? this : other;
        }
        int digits = Math.max(wholeDigits(), other.wholeDigits());
        int scaled = Math.max(scale, other.scale);
        return decimal(Math.min(38, digits + scaled), scaled);
    }

    private int wholeDigits() {
        return switch (kind) {
            case TINYINT -> 3;
            case SMALLINT -> 5;
            case INT -> 10;
            case DECIMAL -> precision - scale;
            default -> 19;
        };
    }

    /** The name that users write and documentation shows: {@code decimal(10,2)}, {@code array<int>}. */
    @Override
    public String toString() {
        return switch (kind) {
            case DECIMAL -> "decimal(" + precision + "," + scale + ")";
            case ARRAY -> "array<" + fields.get(0).type() + ">";
            case MAP -> "map<" + fields.get(0).type() + "," + fields.get(1).type() + ">";
            case STRUCT ->
                fields.stream()
                        .map(field -> field.name() + ":" + field.type())
                        .collect(Collectors.joining(",", "struct<", ">"));
            case OTHER -> text;
            default -> kind.name().toLowerCase(Locale.ROOT);
        };
    }
}
