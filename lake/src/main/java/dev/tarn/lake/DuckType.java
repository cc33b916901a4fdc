package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the text of a DuckDB type, as DESCRIBE prints it, into the Delta type that holds its values. */
final class DuckType {
    private final String column;
    private final String text;
    private int at;

    private DuckType(String column, String text) {
        this.column = column;
        this.text = text;
    }

    static DeltaType toDelta(String column, String text) {
        DuckType parser = new DuckType(column, text);
        DeltaType type = parser.type(column);
        if (parser.at != text.length()) {
            throw parser.unsupported(column, text);
        }
        return type;
    }

    private DeltaType type(String path) {
        int start = at;
        DeltaType type = base(path, start);
        while (at < text.length() && text.charAt(at) == '[') {
            at = text.indexOf(']', at) + 1;
            type = new DeltaType.Array(type, true);
        }
        return type;
    }

    private DeltaType base(String path, int start) {
        if (peek('"')) {
            String quoted = name();
            if (quoted.equals("NULL")) {
                return Primitive.VOID;
            }
            throw unsupported(path, text.substring(start, at));
        }
        String word = words();
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "STRUCT" -> struct(path);
            case "MAP" -> map(path);
            case "DECIMAL" -> decimal();
            case "ENUM" -> {
                skipParentheses();
                yield Primitive.STRING;
            }
            case "BOOLEAN" -> Primitive.BOOLEAN;
            case "TINYINT" -> Primitive.BYTE;
            case "SMALLINT", "UTINYINT" -> Primitive.SHORT;
            case "INTEGER", "USMALLINT" -> Primitive.INTEGER;
            // sum(int) is HUGEINT here and bigint in Spark; the cast checks the range.
            case "BIGINT", "UINTEGER", "HUGEINT", "UHUGEINT" -> Primitive.LONG;
            case "UBIGINT" -> new DeltaType.Decimal(20, 0);
            case "FLOAT" -> Primitive.FLOAT;
            case "DOUBLE" -> Primitive.DOUBLE;
            case "VARCHAR", "UUID", "JSON" -> Primitive.STRING;
            case "BLOB" -> Primitive.BINARY;
            case "DATE" -> Primitive.DATE;
            case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS" -> Primitive.TIMESTAMP_NTZ;
            case "TIMESTAMP WITH TIME ZONE" -> Primitive.TIMESTAMP;
            case "NULL" -> Primitive.VOID;
            default -> {
                skipParentheses();
                throw unsupported(path, text.substring(start, at));
            }
        };
    }

    private DeltaType struct(String path) {
        List<DeltaField> fields = new ArrayList<>();
        at++;
        do {
            skipSpace();
            String name = peek('"') ? name() : bareName();
            skipSpace();
            fields.add(new DeltaField(name, type(path + "." + name)));
        } while (text.charAt(at++) == ',');
        return new DeltaType.Struct(fields);
    }

    private DeltaType map(String path) {
        at++;
        DeltaType key = type(path + ".key");
        at++;
        skipSpace();
        DeltaType value = type(path + ".value");
        at++;
        return new DeltaType.MapOf(key, value, true);
    }

    private DeltaType decimal() {
        int close = text.indexOf(')', at);
        String[] parts = text.substring(at + 1, close).split(",", -1);
        at = close + 1;
        return new DeltaType.Decimal(Integer.parseInt(parts[0].strip()), Integer.parseInt(parts[1].strip()));
    }

    /** The name of a type can have spaces, as in TIMESTAMP WITH TIME ZONE. */
    private String words() {
        int start = at;
        while (at < text.length() && "(),[]\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at).strip();
    }

    private String bareName() {
        int start = at;
        at = text.indexOf(' ', at);
        return text.substring(start, at);
    }

    private String name() {
        StringBuilder name = new StringBuilder();
        at++;
        while (true) {
            char c = text.charAt(at++);
            if (c == '"' && !peek('"')) {
                return name.toString();
            }
            if (c == '"') {
                at++;
            }
            name.append(c);
        }
    }

    /** Skips a bracket with its content, in which quoted names and values may have brackets too. */
    private void skipParentheses() {
        if (!peek('(')) {
            return;
        }
        int depth = 0;
        char quote = 0;
        do {
            char c = text.charAt(at++);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            }
        } while (depth > 0);
    }

    private boolean peek(char expected) {
        return at < text.length() && text.charAt(at) == expected;
    }

    private void skipSpace() {
        while (peek(' ')) {
            at++;
        }
    }

    private LakeException unsupported(String path, String type) {
        boolean nanos = type.startsWith("TIMESTAMP_NS");
        String target = nanos ? "TIMESTAMP" : type.equals("BIGNUM") ? "DECIMAL(38, 0)" : "VARCHAR";
        String help = path.equals(column)
                ? "Cast it in the query, for example CAST(" + SqlText.name(column) + " AS " + target + ")."
                : "Cast the value to another type in the query, for example to " + target + ".";
        return new LakeException(
                Kind.UNSUPPORTED_TYPE,
                "Column '" + path + "' has the type '" + type + "', which a Delta table cannot hold.",
                help);
    }
}
