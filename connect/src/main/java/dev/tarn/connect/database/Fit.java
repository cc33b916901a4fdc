package dev.tarn.connect.database;

import dev.tarn.connect.database.ColumnType.Kind;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.DatabaseConnection;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Brings values of one column into the form that a server reads, and refuses those that it would change without a word:
 * digits that are rounded away, spaces that are cut off.
 */
final class Fit {

    private static final Set<String> WHOLE = Set.of("smallint", "integer", "bigint", "tinyint", "mediumint", "int");
    private static final Set<String> EXACT = Set.of("numeric", "decimal");
    private static final Set<String> TEXTS =
            Set.of("text", "character varying", "character", "varchar", "char", "tinytext", "mediumtext", "longtext");
    /** What is no text, so that a text must be converted by the user first. */
    private static final Set<String> NOT_OF_TEXT = Set.of(
            "boolean",
            "smallint",
            "integer",
            "bigint",
            "tinyint",
            "mediumint",
            "int",
            "numeric",
            "decimal",
            "real",
            "double precision",
            "float",
            "double",
            "bytea",
            "binary",
            "varbinary",
            "tinyblob",
            "blob",
            "mediumblob",
            "longblob",
            "date",
            "time",
            "datetime",
            "timestamp",
            "time without time zone",
            "time with time zone",
            "timestamp without time zone",
            "timestamp with time zone",
            "year",
            "bit",
            "bit varying",
            "money",
            "oid");

    private static final Map<Kind, Set<String>> OTHERS = Map.of(
            Kind.BOOLEAN, Set.of("boolean", "tinyint"),
            Kind.FLOAT, Set.of("real", "double precision", "float", "double"),
            Kind.DOUBLE, Set.of("real", "double precision", "float", "double"),
            Kind.BYTES, Set.of("bytea", "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"),
            Kind.DATE, Set.of("date"),
            Kind.TIME, Set.of("time", "time without time zone"),
            Kind.TIMESTAMP, Set.of("datetime", "timestamp without time zone"),
            Kind.INSTANT, Set.of("timestamp", "datetime", "timestamp with time zone"),
            Kind.UUID, Set.of("uuid", "text", "character varying", "varchar", "char", "longtext"));
    private static final Pattern FRACTION = Pattern.compile("\\.(\\d+)");
    private static final Pattern BEFORE_CHRIST = Pattern.compile(" \\(BC\\)(.*)");

    private final WriteColumn column;
    private final TargetColumn target;
    private final boolean postgres;

    private Fit(WriteColumn column, TargetColumn target, boolean postgres) {
        this.column = column;
        this.target = target;
        this.postgres = postgres;
    }

    static Fit of(WriteColumn column, TargetColumn target, DatabaseConnection.Kind kind) throws ConnectionException {
        Kind source = column.type().kind();
        boolean fits = switch (source) {
            case BYTE, SHORT, INTEGER, LONG, DECIMAL -> WHOLE.contains(target.type()) || EXACT.contains(target.type());
            case TEXT -> !NOT_OF_TEXT.contains(target.type());
            default -> OTHERS.getOrDefault(source, Set.of()).contains(target.type());
        };
        boolean floatWithDigits = kind == DatabaseConnection.Kind.MARIADB
                && target.scale() > 0
                && (source == Kind.FLOAT || source == Kind.DOUBLE);
        if (!fits || floatWithDigits || column.type().isList()) {
            throw new ConnectionException(
                    ConnectionException.Kind.SCHEMA,
                    "column '" + column.name() + "' is " + word(column.type()) + ", and in the table it is "
                            + target.declared(),
                    "cast it in SQL to what the table has");
        }
        return new Fit(column, target, kind == DatabaseConnection.Kind.POSTGRES);
    }

    private static String word(ColumnType type) {
        String word = switch (type.kind()) {
            case BYTE, SHORT, INTEGER, LONG -> "a whole number";
            case DECIMAL -> "DECIMAL(" + type.precision() + ", " + type.scale() + ")";
            case INSTANT -> "TIMESTAMP WITH TIME ZONE";
            default -> type.kind().name();
        };
        return type.isList() ? "a list" : word;
    }

    /** The value as the server takes it: a text, or for MariaDB's binary types the bytes. */
    Object value(Object value) throws UnrepresentableException {
        if (value instanceof byte[] bytes) {
            return bytes(bytes);
        }
        String text = (String) value;
        return switch (column.type().kind()) {
            case BOOLEAN -> postgres ? text : text.equals("true") ? "1" : "0";
            case BYTE, SHORT, INTEGER, LONG, DECIMAL -> number(text);
            case FLOAT -> single(text);
            case DOUBLE -> real(text);
            case DATE -> era(years(text));
            case TIME -> fraction(text, text);
            case TIMESTAMP, INSTANT -> moment(text);
            case TEXT -> text(text);
            case UUID -> text;
            case BYTES -> throw new IllegalStateException("bytes come as bytes");
        };
    }

    private Object bytes(byte[] bytes) throws UnrepresentableException {
        if (target.type().equals("binary") && bytes.length != target.precision()) {
            throw new UnrepresentableException(bytes.length + " bytes");
        }
        return postgres ? "\\x" + HexFormat.of().formatHex(bytes) : bytes;
    }

    private String number(String text) throws UnrepresentableException {
        int digits = WHOLE.contains(target.type()) ? 0 : target.precision() < 0 ? Integer.MAX_VALUE : target.scale();
        int point = text.indexOf('.');
        if (point < 0 || text.length() - point - 1 <= digits) {
            return text;
        }
        BigDecimal stripped = new BigDecimal(text).stripTrailingZeros();
        if (stripped.scale() > digits) {
            throw new UnrepresentableException(text);
        }
        return stripped.toPlainString();
    }

    /** A float's shortest text is another number as a double. */
    private String single(String text) throws UnrepresentableException {
        float value = parsed(text).floatValue();
        boolean isDouble = target.type().startsWith("double");
        return Float.isFinite(value) ? (isDouble ? Double.toString(value) : text) : infinite(text);
    }

    private String real(String text) throws UnrepresentableException {
        double value = parsed(text);
        if (!Double.isFinite(value)) {
            return infinite(text);
        }
        boolean isSingle = target.type().equals("real") || target.type().equals("float");
        if (isSingle && Double.compare((float) value, value) != 0) {
            throw new UnrepresentableException(text);
        }
        return text;
    }

    private static Double parsed(String text) {
        return switch (text) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan", "-nan" -> Double.NaN;
            default -> Double.valueOf(text);
        };
    }

    private String infinite(String text) throws UnrepresentableException {
        if (!postgres) {
            throw new UnrepresentableException(text);
        }
        return text.equals("-nan") ? "nan" : text;
    }

    private String moment(String text) throws UnrepresentableException {
        String shown = years(text);
        if (!postgres) {
            shown = shown.replaceFirst("\\+00$", "");
        }
        return era(fraction(text, shown));
    }

    /** MariaDB's years go from 1 to 9999; infinity is no date here either. */
    private String years(String text) throws UnrepresentableException {
        boolean infinite = text.endsWith("infinity");
        if (infinite || (!postgres && (text.contains("(BC)") || text.indexOf('-') != 4))) {
            throw new UnrepresentableException(text);
        }
        return text;
    }

    private static String era(String text) {
        Matcher matcher = BEFORE_CHRIST.matcher(text);
        return matcher.find() ? matcher.replaceFirst("$1 BC") : text;
    }

    /** @return {@code shown}, if no digits behind the second are lost */
    private String fraction(String text, String shown) throws UnrepresentableException {
        Matcher matcher = FRACTION.matcher(text);
        if (target.precision() >= 0
                && matcher.find()
                && matcher.group(1).replaceFirst("0+$", "").length() > target.precision()) {
            throw new UnrepresentableException(text);
        }
        return shown;
    }

    private String text(String text) throws UnrepresentableException {
        boolean limited = TEXTS.contains(target.type()) && target.precision() >= 0;
        if (limited && text.codePointCount(0, text.length()) > target.precision()) {
            throw new UnrepresentableException("a text of " + text.codePointCount(0, text.length()) + " characters");
        }
        boolean padded = !postgres && target.type().equals("char");
        if (padded && text.endsWith(" ")) {
            throw new UnrepresentableException("a text with a space at its end");
        }
        boolean numbered = target.type().equals("enum") || target.type().equals("set");
        if (numbered && text.matches("[0-9]*")) {
            throw new UnrepresentableException("'" + text + "', which would be taken for a number of the list");
        }
        return text;
    }

    ConnectionException refused(String value, long row, @Nullable String key) {
        return new ConnectionException(
                ConnectionException.Kind.VALUE,
                "column '" + column.name() + "' holds " + value + " in "
                        + (key == null ? "row " + row : "the row with " + key) + ", which the table's "
                        + target.declared() + " cannot hold",
                "convert it in SQL, or change the table");
    }
}
