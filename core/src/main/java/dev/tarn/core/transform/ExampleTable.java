package dev.tarn.core.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a table of text: a line with names and types, then a line for each row. {@code NULL} is NULL, {@code \n} and such
 * are escapes, quotes keep blanks; lists and structs are in YAML's flow style.
 */
public record ExampleTable(List<Column> columns, List<List<String>> rows) {

    /** The type is the last word, or what begins with the name of a nested one. */
    private static final Pattern COLUMN = Pattern.compile("(?<name>.*?) (?<type>(array|struct|map)<.*>|\\S+)");

    private static final Pattern UNICODE = Pattern.compile("(?<!\\\\)\\\\u([0-9a-f]{4})");

    public ExampleTable {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }

    static ExampleTable parse(String text) {
        List<List<String>> lines = text.lines()
                .filter(line -> !line.isBlank())
                .map(ExampleTable::cells)
                .toList();
        List<Column> columns = lines.get(0).stream().map(ExampleTable::column).toList();
        for (List<String> line : lines) {
            if (line.size() != columns.size()) {
                throw new IllegalStateException("a row of " + line.size() + " values: " + line);
            }
        }
        return new ExampleTable(columns, lines.subList(1, lines.size()));
    }

    private static List<String> cells(String line) {
        String inner = line.strip().replaceFirst("^\\|", "").replaceFirst("\\|$", "");
        return Arrays.stream(inner.split("(?<!\\\\)\\|", -1))
                .map(cell -> cell.strip().replace("\\|", "|"))
                .toList();
    }

    private static Column column(String cell) {
        Matcher parts = COLUMN.matcher(cell);
        if (!parts.matches()) {
            throw new IllegalStateException("no name and type: " + cell);
        }
        return new Column(unescaped(parts.group("name")), Type.parse(parts.group("type"), SqlDialect.SPARK));
    }

    /** The rows as a query without a table. */
    public String sql(SqlDialect dialect) {
        if (rows.isEmpty()) {
            return select(columns.stream().map(column -> "NULL").toList(), dialect) + " WHERE 1 = 0";
        }
        return rows.stream()
                .map(row -> select(literals(row, dialect), dialect))
                .collect(Collectors.joining(" UNION ALL "));
    }

    private String select(List<String> values, SqlDialect dialect) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            items.add(dialect.cast(values.get(i), columns.get(i).type()) + " AS "
                    + dialect.name(columns.get(i).name()));
        }
        return "SELECT " + String.join(", ", items);
    }

    private List<String> literals(List<String> row, SqlDialect dialect) {
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            Type type = columns.get(i).type();
            literals.add(
                    row.get(i).equals("NULL")
                            ? "NULL"
                            : type.isNested()
                                    ? nested(FlowText.parse(row.get(i)), type, dialect)
                                    : dialect.text(value(row.get(i))));
        }
        return literals;
    }

    private static String nested(@Nullable Object value, Type type, SqlDialect dialect) {
        if (value == null) {
            return "CAST(NULL AS " + dialect.type(type) + ")";
        }
        if (type.kind() == Type.Kind.ARRAY && value instanceof List<?> items) {
            Type element = type.fields().get(0).type();
            String all =
                    items.stream().map(item -> nested(item, element, dialect)).collect(Collectors.joining(", "));
            return dialect == SqlDialect.DUCKDB ? "[" + all + "]" : "array(" + all + ")";
        }
        if (type.kind() == Type.Kind.STRUCT && value instanceof Map<?, ?> map) {
            boolean duckdb = dialect == SqlDialect.DUCKDB;
            String all = type.fields().stream()
                    .map(field -> dialect.text(field.name())
                            + (duckdb ? ": " : ", ")
                            + nested(map.get(field.name()), field.type(), dialect))
                    .collect(Collectors.joining(", "));
            return duckdb ? "{" + all + "}" : "named_struct(" + all + ")";
        }
        return dialect.cast(dialect.text(String.valueOf(value)), type);
    }

    /** A cell's text, without the quotes and escapes that it may be written with. */
    public static String value(String cell) {
        boolean quoted = cell.length() > 1 && cell.startsWith("'") && cell.endsWith("'");
        return unescaped(quoted ? cell.substring(1, cell.length() - 1) : cell);
    }

    private static String unescaped(String text) {
        String named =
                UNICODE.matcher(text).replaceAll(match -> Character.toString(Integer.parseInt(match.group(1), 16)));
        return named.indexOf('\\') < 0 ? named : named.translateEscapes();
    }

    /** The table as Markdown shows it. */
    public String markdown() {
        StringBuilder text = new StringBuilder("|");
        columns.forEach(column -> text.append(" ")
                .append(column.name().replace("|", "\\|"))
                .append("<br>`")
                .append(column.type())
                .append("` |"));
        text.append("\n|").append("---|".repeat(columns.size())).append('\n');
        rows.forEach(row -> {
            text.append('|');
            row.forEach(cell -> text.append(' ')
                    .append(cell.equals("NULL") ? "*NULL*" : code(cell))
                    .append(" |"));
            text.append('\n');
        });
        return text.toString();
    }

    private static String code(String cell) {
        return cell.matches("[\\p{L}\\p{N} .:@,/-]*") ? cell : "`" + cell.replace("|", "\\|") + "`";
    }
}
