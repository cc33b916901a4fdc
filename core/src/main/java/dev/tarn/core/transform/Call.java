package dev.tarn.core.transform;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One use of a transformer: its arguments, the rows that it works on, and the engine that its query is for. Gives arguments
 * by name and kind, and throws {@link BadArgumentException} for one that does not fit the rows. Not thread-safe.
 */
public final class Call {

    /** Around the number of a text of the user's, until the query is put together; no text may have them. */
    private static final char OPEN = '\uFDD0';

    private static final char CLOSE = '\uFDD1';

    private final Transformer transformer;
    private final Map<String, Argument> arguments;
    private final SourceSpan where;
    private final SqlDialect dialect;
    private final Function<String, Table> tables;
    private final List<MappedText> texts = new ArrayList<>();

    /** @param where what is shown when no argument is to blame */
    Call(
            Transformer transformer,
            Map<String, Argument> arguments,
            SourceSpan where,
            SqlDialect dialect,
            Function<String, Table> tables) {
        this.transformer = transformer;
        this.arguments = arguments;
        this.where = where;
        this.dialect = dialect;
        this.tables = tables;
    }

    SourceSpan where() {
        return where;
    }

    SqlDialect dialect() {
        return dialect;
    }

    // What is wrong

    BadArgumentException bad(SourceSpan at, String message, Optional<String> help) {
        return new BadArgumentException(at, message, help);
    }

    BadArgumentException bad(String parameter, String message, String help) {
        Argument argument = arguments.get(parameter);
        return bad(argument == null ? where : argument.span(), message, Optional.of(help));
    }

    // Arguments

    boolean has(String parameter) {
        return arguments.containsKey(parameter);
    }

    private Argument.Scalar scalar(String parameter) {
        if (arguments.get(parameter) instanceof Argument.Scalar scalar) {
            return scalar;
        }
        throw new IllegalStateException(transformer.name() + " has no value for '" + parameter + "'");
    }

    Optional<String> optional(String parameter) {
        return has(parameter) ? Optional.of(speakable(scalar(parameter))) : Optional.empty();
    }

    String string(String parameter) {
        return speakable(scalar(parameter));
    }

    String string(String parameter, String whenAbsent) {
        return optional(parameter).orElse(whenAbsent);
    }

    boolean flag(String parameter, boolean whenAbsent) {
        return has(parameter) ? scalar(parameter).value() instanceof Boolean flag && flag : whenAbsent;
    }

    long whole(String parameter, long whenAbsent) {
        return has(parameter) && scalar(parameter).value() instanceof Number number ? number.longValue() : whenAbsent;
    }

    double share(String parameter) {
        return scalar(parameter).value() instanceof Number number ? number.doubleValue() : 0;
    }

    List<Argument.Scalar> scalars(String parameter) {
        Argument argument = arguments.get(parameter);
        if (argument instanceof Argument.Scalar scalar) {
            return List.of(scalar);
        }
        return argument instanceof Argument.Items items
                ? items.items().stream().map(Argument.Scalar.class::cast).toList()
                : List.of();
    }

    List<String> strings(String parameter) {
        return scalars(parameter).stream().map(this::speakable).toList();
    }

    /** The entries of a mapping of scalars. */
    Map<String, Argument.Scalar> entries(String parameter) {
        Map<String, Argument.Scalar> entries = new LinkedHashMap<>();
        if (arguments.get(parameter) instanceof Argument.Entries mapping) {
            mapping.entries().forEach((key, entry) -> {
                speakable(key, entry.keySpan());
                speakable((Argument.Scalar) entry.value());
                entries.put(key, (Argument.Scalar) entry.value());
            });
        }
        return entries;
    }

    SourceSpan keySpan(String parameter, String key) {
        Argument.Entry entry = arguments.get(parameter) instanceof Argument.Entries mapping
                ? mapping.entries().get(key)
                : null;
        return entry == null ? where : entry.keySpan();
    }

    /** The mappings of a list, each with a value for its keys. */
    List<Map<String, Argument.Scalar>> mappings(String parameter) {
        List<Map<String, Argument.Scalar>> mappings = new ArrayList<>();
        if (arguments.get(parameter) instanceof Argument.Items items) {
            for (Argument item : items.items()) {
                Map<String, Argument.Scalar> values = new LinkedHashMap<>();
                ((Argument.Entries) item)
                        .entries()
                        .forEach((key, entry) -> values.put(key, (Argument.Scalar) entry.value()));
                mappings.add(values);
            }
        }
        return mappings;
    }

    String speakable(Argument.Scalar scalar) {
        return speakable(scalar.string(), scalar.span());
    }

    private String speakable(String text, SourceSpan span) {
        boolean unspeakable = text.chars().anyMatch(c -> c == 0 || c == OPEN || c == CLOSE);
        if (unspeakable) {
            throw bad(span, "the text has a character that SQL cannot say", Optional.empty());
        }
        return text;
    }

    // SQL of the user's

    /** The user's expression in brackets, behind which a comment in it ends. */
    String sql(String parameter) {
        return sql(scalar(parameter));
    }

    String sql(Argument.Scalar text) {
        return "(" + raw(text.text()) + "\n)";
    }

    /** The user's text as it is. */
    String raw(MappedText text) {
        speakable(text.text(), text.start());
        texts.add(text);
        return "" + OPEN + (texts.size() - 1) + CLOSE;
    }

    MappedText raw(String parameter) {
        return scalar(parameter).text();
    }

    /** The query as a text whose characters stand where the user wrote them, or else where the transformer is named. */
    MappedText mapped(String sql, MappedText name) {
        MappedText.Builder query = new MappedText.Builder(name);
        int at = 0;
        for (int open = sql.indexOf(OPEN); open >= 0; open = sql.indexOf(OPEN, at)) {
            int close = sql.indexOf(CLOSE, open);
            query.replace(0, sql.substring(at, open));
            query.insert(texts.get(Integer.parseInt(sql.substring(open + 1, close))));
            at = close + 1;
        }
        return query.replace(0, sql.substring(at)).build();
    }

    // Rows

    Table df() {
        return tables.apply("df");
    }

    Table table(Argument.Scalar name) {
        return tables.apply(speakable(name));
    }

    Table table(String parameter) {
        return table(scalar(parameter));
    }

    /** The columns of {@code df}; empty where they are not known yet. */
    List<Column> columns() {
        return df().columns().orElse(List.of());
    }

    boolean columnsKnown() {
        return df().columns().isPresent();
    }

    Column column(String parameter) {
        return column(scalar(parameter), df());
    }

    Column column(String parameter, Table table) {
        return column(scalar(parameter), table);
    }

    List<Column> columns(String parameter) {
        return scalars(parameter).stream().map(name -> column(name, df())).toList();
    }

    Column column(Argument.Scalar name, Table table) {
        return column(speakable(name), name.span(), table);
    }

    Column column(String name, SourceSpan span, Table table) {
        return table.columns()
                .map(columns -> columns.stream()
                        .filter(column -> column.is(name))
                        .findFirst()
                        .orElseThrow(() -> unknownColumn(name, span, table)))
                .orElseGet(() -> new Column(name, Type.UNKNOWN));
    }

    private BadArgumentException unknownColumn(String name, SourceSpan span, Table table) {
        List<String> names = table.names().orElse(List.of());
        String of = table.name().equals("df") ? "" : " in '" + table.name() + "'";
        Optional<String> known =
                names.size() <= 30 ? Optional.of("columns here: " + String.join(", ", names)) : Optional.empty();
        return bad(
                span,
                "unknown column " + Names.quoted(name) + of,
                Names.didYouMean(name, names).or(() -> known));
    }

    Optional<Column> find(String name) {
        return columns().stream().filter(column -> column.is(name)).findFirst();
    }

    // Words of SQL

    String name(String name) {
        return dialect.name(name);
    }

    String name(Column column) {
        return dialect.name(column.name());
    }

    String literal(String text) {
        return dialect.text(text);
    }

    String cast(String value, Type type) {
        return dialect.cast(value, type);
    }

    /** A column's value as text; nested and binary values have none. */
    String text(Column column, String parameter) {
        Type type = column.type();
        if (type.isNested() || type.kind() == Type.Kind.BINARY) {
            throw bad(
                    parameter,
                    "column " + Names.quoted(column.name()) + " is of type " + type + ", which has no text",
                    "take a part of it first, or leave it out");
        }
        return type.isText() || type.isUnknown() ? name(column) : dialect.textOf(name(column), type);
    }

    /** The column, which must be a date or a timestamp. */
    Column time(String parameter) {
        Column column = column(parameter);
        if (!column.type().isTime() && !column.type().isUnknown()) {
            throw bad(
                    parameter,
                    "column " + Names.quoted(column.name()) + " is of type " + column.type()
                            + ", not a date or timestamp",
                    "cast it in a step before: {function: cast_columns, params: {casts: {\"" + column.name()
                            + "\": timestamp}}}");
        }
        return column;
    }

    /** The column, which must be a text. */
    Column text(String parameter) {
        return textual(column(parameter), parameter);
    }

    Column textual(Column column, String parameter) {
        if (!column.type().isText() && !column.type().isUnknown()) {
            throw bad(
                    parameter,
                    "column " + Names.quoted(column.name()) + " is of type " + column.type() + ", not text",
                    "cast it to string in a step before, or leave it out");
        }
        return column;
    }

    /** All columns of {@code df}, to be changed. */
    Projection all() {
        return new Projection(this, df(), true);
    }

    /** No column yet. */
    Projection none() {
        return new Projection(this, df(), false);
    }
}
