package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Decimal;
import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.SparkTokens.Kind;
import dev.tarn.lake.SparkTokens.Token;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Says a condition in Spark's SQL, as tables keep theirs, in words of DuckDB that mean the same: comparisons, arithmetic, AND,
 * OR, NOT, IN, BETWEEN, LIKE and IS over columns and literals.
 *
 * <p>All else is refused, and so is whatever depends on settings of a session (zones, ANSI mode, escapes) or is rounded in
 * another way: a constraint that is checked wrongly is worse than a write that is refused.
 */
final class SparkCondition {
    /** By this name the SQL calls the row. */
    static final String ROW = "r";

    private static final int DIGITS = 38;

    /** So many digits become the same double whoever divides by the power of ten. */
    private static final int EXACT_IN_DOUBLE = 15;

    private static final Set<String> RESERVED = Set.of(
            "and", "or", "not", "in", "between", "like", "is", "null", "true", "false", "case", "cast", "exists");

    /** @param literal what a literal says: a text may have to become a day, a number with a point a double */
    private record Value(String sql, DeltaType type, Optional<String> literal) {
        Value(String sql, DeltaType type) {
            this(sql, type, Optional.empty());
        }

        boolean isText() {
            return type == Primitive.STRING && literal.isPresent();
        }

        boolean isWhole() {
            return type == Primitive.BYTE
                    || type == Primitive.SHORT
                    || type == Primitive.INTEGER
                    || type == Primitive.LONG;
        }

        boolean isExact() {
            return isWhole() || type instanceof Decimal;
        }

        boolean isNumber() {
            return isExact() || type == Primitive.DOUBLE || type == Primitive.FLOAT;
        }

        Decimal decimal() {
            if (type instanceof Decimal decimal) {
                return decimal;
            }
            return new Decimal(type == Primitive.LONG ? 20 : type == Primitive.INTEGER ? 10 : 5, 0);
        }
    }

    private final DeltaType.Struct schema;
    private final List<Token> tokens;
    private int at;

    private SparkCondition(String text, DeltaType.Struct schema) {
        this.schema = schema;
        this.tokens = SparkTokens.of(text);
    }

    /**
     * The same in DuckDB's SQL about a row that is called {@link #ROW}.
     *
     * @throws UnlikeException if that is not certain
     */
    static String toDuck(String text, DeltaType.Struct schema) {
        SparkCondition parser = new SparkCondition(text, schema);
        Value condition = parser.or();
        if (parser.token().kind() != Kind.END) {
            throw new UnlikeException("'" + parser.token().text() + "'");
        }
        return parser.condition(condition).sql;
    }

    /** A literal that a column of some type can have, in DuckDB's SQL. */
    static String literal(String text, DeltaType type) {
        SparkCondition parser = new SparkCondition(text, new DeltaType.Struct(List.of()));
        Value value = parser.unary();
        boolean fits = value.type == Primitive.VOID
                || value.type == type
                || (value.isText() && asDay(value, type).type == type)
                || (value.isWhole() && isNumber(type))
                || (value.type instanceof Decimal from && type instanceof Decimal to && from.scale() <= to.scale());
        if (parser.token().kind() != Kind.END || !fits) {
            throw new UnlikeException("'" + text + "'");
        }
        return value.isText() ? asDay(value, type).sql : value.sql;
    }

    private static boolean isNumber(DeltaType type) {
        return new Value("", type).isNumber();
    }

    private Token token() {
        return tokens.get(at);
    }

    private boolean skip(String wordOrSign) {
        boolean found = token().is(wordOrSign);
        at += found ? 1 : 0;
        return found;
    }

    private void expect(String wordOrSign) {
        if (!skip(wordOrSign)) {
            throw new UnlikeException("'" + token().text() + "' where '" + wordOrSign + "' should be");
        }
    }

    private Value condition(Value value) {
        if (value.type != Primitive.BOOLEAN && value.type != Primitive.VOID) {
            throw new UnlikeException("a value of the type '" + value.type.text() + "' as a condition");
        }
        return value;
    }

    private Value or() {
        Value left = and();
        while (skip("OR")) {
            left = bool("(" + condition(left).sql + " OR " + condition(and()).sql + ")");
        }
        return left;
    }

    private Value and() {
        Value left = not();
        while (skip("AND")) {
            left = bool("(" + condition(left).sql + " AND " + condition(not()).sql + ")");
        }
        return left;
    }

    private Value not() {
        return skip("NOT") || skip("!") ? bool("(NOT " + condition(not()).sql + ")") : predicate();
    }

    private static Value bool(String sql) {
        return new Value(sql, Primitive.BOOLEAN);
    }

    private Value predicate() {
        Value value = comparison();
        if (skip("IS")) {
            boolean negated = skip("NOT");
            return bool("(" + value.sql + " IS " + (negated ? "NOT " : "") + what(value) + ")");
        }
        boolean negated = skip("NOT");
        Value found;
        if (skip("IN")) {
            found = in(value);
        } else if (skip("BETWEEN")) {
            Value low = sum();
            expect("AND");
            found = bool("(" + compare(value, ">=", low) + " AND " + compare(value, "<=", sum()) + ")");
        } else if (skip("LIKE")) {
            found = like(value);
        } else if (negated) {
            throw new UnlikeException("'" + token().text() + "'");
        } else {
            return value;
        }
        return negated ? bool("(NOT " + found.sql + ")") : found;
    }

    private String what(Value value) {
        if (skip("NULL")) {
            return "NULL";
        }
        for (String truth : List.of("TRUE", "FALSE")) {
            if (skip(truth)) {
                condition(value);
                return truth;
            }
        }
        throw new UnlikeException("'IS " + token().text() + "'");
    }

    private Value in(Value value) {
        expect("(");
        List<String> any = new ArrayList<>();
        do {
            any.add(compare(value, "=", sum()));
        } while (skip(","));
        expect(")");
        return bool("(" + String.join(" OR ", any) + ")");
    }

    private Value like(Value value) {
        Value pattern = primary();
        boolean escaped = token().is("ESCAPE") || token().is("ANY") || token().is("ALL") || token().is("SOME");
        if (value.type != Primitive.STRING || !pattern.isText() || escaped) {
            throw new UnlikeException("'LIKE' with something else than a column and a text");
        }
        return bool("(" + value.sql + " LIKE " + pattern.sql + ")");
    }

    private Value comparison() {
        Value left = sum();
        while (true) {
            Optional<String> operator = List.of("=", "==", "<=>", "<>", "!=", "<", "<=", ">", ">=").stream()
                    .filter(token()::is)
                    .findFirst();
            if (operator.isEmpty()) {
                return left;
            }
            at++;
            String ours = switch (operator.get()) {
                case "==" -> "=";
                case "!=" -> "<>";
                case "<=>" -> "IS NOT DISTINCT FROM";
                default -> operator.get();
            };
            left = bool(compare(left, ours, sum()));
        }
    }

    private static String compare(Value left, String operator, Value right) {
        if (left.isNumber() && right.isNumber()) {
            boolean binary = !left.isExact() || !right.isExact();
            if (binary && (isUnclear(left, right) || isUnclear(right, left))) {
                throw unlike(left, operator, right);
            }
            return binary ? infix(asDouble(left), operator, asDouble(right)) : compareExact(left, operator, right);
        }
        if (left.type == Primitive.VOID || right.type == Primitive.VOID) {
            return infix(left.sql, operator, right.sql);
        }
        Value l = left.isText() ? asDay(left, right.type) : left;
        Value r = right.isText() ? asDay(right, left.type) : right;
        boolean comparable = l.type == Primitive.STRING
                || l.type == Primitive.BOOLEAN
                || l.type == Primitive.DATE
                || l.type == Primitive.TIMESTAMP
                || l.type == Primitive.TIMESTAMP_NTZ;
        if (!comparable || l.type != r.type) {
            throw unlike(left, operator, right);
        }
        return infix(l.sql, operator, r.sql);
    }

    /** In one type that holds both, where DuckDB might choose doubles. */
    private static String compareExact(Value left, String operator, Value right) {
        if (left.isWhole() && right.isWhole()) {
            return infix(left.sql, operator, right.sql);
        }
        Decimal a = left.decimal();
        Decimal b = right.decimal();
        int scale = Math.max(a.scale(), b.scale());
        int precision = Math.max(a.precision() - a.scale(), b.precision() - b.scale()) + scale;
        if (precision > DIGITS) {
            throw unlike(left, operator, right);
        }
        Decimal both = new Decimal(precision, scale);
        return infix(cast(left, both), operator, cast(right, both));
    }

    private static UnlikeException unlike(Value left, String operator, Value right) {
        return new UnlikeException(
                "'" + operator + "' between '" + left.type.text() + "' and '" + right.type.text() + "'");
    }

    private static String infix(String left, String operator, String right) {
        return "(" + left + " " + operator + " " + right + ")";
    }

    /** Spark compares a float with a long as floats or as doubles, as the session is set. */
    private static boolean isUnclear(Value one, Value other) {
        return one.type == Primitive.FLOAT && (other.type == Primitive.LONG || other.type == Primitive.INTEGER);
    }

    private static String asDouble(Value value) {
        if (value.type instanceof Decimal && value.literal.isPresent()) {
            return "CAST('" + value.literal.get() + "' AS DOUBLE)";
        }
        if (value.type instanceof Decimal decimal && decimal.precision() > EXACT_IN_DOUBLE) {
            throw new UnlikeException("a '" + decimal.text() + "' among doubles");
        }
        return "CAST(" + value.sql + " AS DOUBLE)";
    }

    private static Value asDay(Value text, DeltaType type) {
        String literal = text.literal.orElseThrow();
        try {
            if (type == Primitive.DATE && literal.matches("\\d{4}-\\d\\d-\\d\\d")) {
                LocalDate.parse(literal);
                return new Value("DATE '" + literal + "'", type);
            }
            if (type == Primitive.TIMESTAMP_NTZ && literal.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d")) {
                LocalDateTime.parse(
                        literal,
                        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
                                .withResolverStyle(ResolverStyle.STRICT));
                return new Value("TIMESTAMP '" + literal + "'", type);
            }
        } catch (DateTimeParseException noDay) {
            throw new UnlikeException("the day '" + literal + "'");
        }
        return text;
    }

    private Value sum() {
        Value left = product();
        while (token().is("+") || token().is("-")) {
            String operator = tokens.get(at++).text();
            left = calculate(left, operator, product());
        }
        return left;
    }

    private Value product() {
        Value left = unary();
        while (token().is("*") || token().is("/") || token().is("%")) {
            String operator = tokens.get(at++).text();
            left = calculate(left, operator, unary());
        }
        return left;
    }

    /** Without overflow: where Spark has one it fails or gives nonsense, depending on its settings. */
    private static Value calculate(Value left, String operator, Value right) {
        if (left.type == Primitive.DOUBLE || right.type == Primitive.DOUBLE || operator.equals("/")) {
            return calculateDouble(left, operator, right);
        }
        if (left.isWhole() && right.isWhole()) {
            String sql = infix("CAST(" + left.sql + " AS HUGEINT)", operator, "CAST(" + right.sql + " AS HUGEINT)");
            return new Value(sql, Primitive.LONG);
        }
        if (!left.isExact() || !right.isExact() || operator.equals("%")) {
            throw unlike(left, operator, right);
        }
        return calculateDecimal(left, operator, right);
    }

    private static Value calculateDouble(Value left, String operator, Value right) {
        boolean numbers = left.isNumber() && right.isNumber();
        boolean oneIsDouble = left.type == Primitive.DOUBLE || right.type == Primitive.DOUBLE;
        boolean whole = left.isWhole() && right.isWhole();
        if (!numbers || operator.equals("%") || !(oneIsDouble || whole)) {
            throw unlike(left, operator, right);
        }
        // A division by zero is NULL or fails in Spark, and infinite in DuckDB.
        String divisor = operator.equals("/") ? "NULLIF(" + asDouble(right) + ", 0)" : asDouble(right);
        return new Value(infix(asDouble(left), operator, divisor), Primitive.DOUBLE);
    }

    private static Value calculateDecimal(Value left, String operator, Value right) {
        Decimal a = left.decimal();
        Decimal b = right.decimal();
        boolean product = operator.equals("*");
        int scale = product ? a.scale() + b.scale() : Math.max(a.scale(), b.scale());
        int precision = product
                ? a.precision() + b.precision() + 1
                : Math.max(a.precision() - a.scale(), b.precision() - b.scale()) + scale + 1;
        if (precision > DIGITS) {
            // Spark would round.
            throw unlike(left, operator, right);
        }
        Decimal type = new Decimal(precision, scale);
        // DuckDB multiplies in 64 bits what it takes for narrow, and fails.
        String sql = product
                ? infix(cast(left, new Decimal(DIGITS, a.scale())), operator, cast(right, b))
                : infix(cast(left, type), operator, cast(right, type));
        return new Value(sql, type);
    }

    private static String cast(Value value, DeltaType type) {
        return "CAST(" + value.sql + " AS " + type.duckSql() + ")";
    }

    private Value unary() {
        if (skip("+")) {
            return number(unary());
        }
        if (!skip("-")) {
            return primary();
        }
        Value value = number(unary());
        return value.isWhole()
                ? new Value("(-CAST(" + value.sql + " AS HUGEINT))", value.type)
                : new Value("(-" + value.sql + ")", value.type);
    }

    private static Value number(Value value) {
        if (!value.isNumber()) {
            throw new UnlikeException("a sign before '" + value.type.text() + "'");
        }
        return value;
    }

    private Value primary() {
        Token token = tokens.get(at++);
        if (token.is("(")) {
            Value inner = or();
            expect(")");
            return new Value("(" + inner.sql + ")", inner.type, inner.literal);
        }
        return switch (token.kind()) {
            case NUMBER -> number(token.text());
            case TEXT -> text(token.text());
            case NAME -> column(token.text());
            case WORD -> word(token.text());
            default ->
                throw new UnlikeException(token.kind() == Kind.END ? "an end too early" : "'" + token.text() + "'");
        };
    }

    private static Value number(String text) {
        if (text.contains("E")) {
            return new Value("CAST('" + text + "' AS DOUBLE)", Primitive.DOUBLE);
        }
        BigDecimal number = new BigDecimal(text.endsWith(".") ? text + "0" : text);
        if (!text.contains(".") && number.precision() <= 18) {
            // The number itself tells how wide it is: what is less than 2^15 is exact in any type of number.
            DeltaType type = number.abs().compareTo(BigDecimal.valueOf(Short.MAX_VALUE)) <= 0
                    ? Primitive.SHORT
                    : number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0
                            ? Primitive.INTEGER
                            : Primitive.LONG;
            return new Value(number.toPlainString(), type);
        }
        int scale = Math.max(0, number.scale());
        int precision = Math.max(number.precision(), scale + 1);
        if (precision > DIGITS) {
            throw new UnlikeException("the number " + text);
        }
        Decimal type = new Decimal(precision, scale);
        String digits = number.toPlainString();
        return new Value("CAST('" + digits + "' AS " + type.duckSql() + ")", type, Optional.of(digits));
    }

    private Value text(String text) {
        if (token().kind() == Kind.TEXT) {
            throw new UnlikeException("two texts in a row");
        }
        return new Value(SqlText.literal(text), Primitive.STRING, Optional.of(text));
    }

    private Value word(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (lower.equals("true") || lower.equals("false")) {
            return bool(lower);
        }
        if (lower.equals("null")) {
            return new Value("NULL", Primitive.VOID);
        }
        if (lower.equals("date") && token().kind() == Kind.TEXT) {
            String literal = tokens.get(at++).text();
            Value day = asDay(new Value("", Primitive.STRING, Optional.of(literal)), Primitive.DATE);
            if (day.type != Primitive.DATE) {
                throw new UnlikeException("the day '" + literal + "'");
            }
            return day;
        }
        if (token().kind() == Kind.TEXT || RESERVED.contains(lower)) {
            throw new UnlikeException("'" + word + "'");
        }
        return token().is("(") ? function(lower) : column(word);
    }

    private Value function(String name) {
        expect("(");
        Value argument = token().is(")") ? new Value("", Primitive.VOID) : or();
        boolean isLength = Set.of("length", "char_length", "character_length").contains(name);
        if (isLength && argument.type == Primitive.STRING && skip(")")) {
            return new Value("length(" + argument.sql + ")", Primitive.INTEGER);
        }
        if (Set.of("isnull", "isnotnull").contains(name) && !argument.sql.isEmpty() && skip(")")) {
            return bool("(" + argument.sql + " IS " + (name.equals("isnull") ? "" : "NOT ") + "NULL)");
        }
        throw new UnlikeException("the function '" + name + "'");
    }

    private Value column(String first) {
        DeltaField field = field(schema, first);
        String sql = ROW + "." + SqlText.name(field.name());
        while (token().is(".")) {
            at++;
            Token part = tokens.get(at++);
            if (!(field.type() instanceof DeltaType.Struct struct)
                    || (part.kind() != Kind.WORD && part.kind() != Kind.NAME)) {
                throw new UnlikeException("'." + part.text() + "'");
            }
            field = field(struct, part.text());
            sql = "struct_extract(" + sql + ", " + SqlText.literal(field.name()) + ")";
        }
        return new Value(sql, field.type());
    }

    private static DeltaField field(DeltaType.Struct struct, String name) {
        return struct.field(name)
                .orElseThrow(() -> new UnlikeException("'" + name + "', which is no column of the table"));
    }
}
