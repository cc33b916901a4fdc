package dev.tarn.core.transform;

import static dev.tarn.core.transform.Parameter.FLAG;
import static dev.tarn.core.transform.Parameter.TEXT;
import static dev.tarn.core.transform.Parameter.TEXTS;

import dev.tarn.core.source.Names;
import dev.tarn.core.transform.Parameter.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Transformers that bring rows together. */
final class RelationalTransformers {

    private RelationalTransformers() {}

    static List<Transformer> all() {
        return List.of(join(), union(), pivot(), unpivot(), aggregate(), windowCalculation(), applyMapping());
    }

    private static Transformer join() {
        return Transformer.named("join", "Puts the columns of other rows beside those of the same key.")
                .required("right_dataset", TEXT, "a node or input with the other rows")
                .optional("on", TEXTS, "none", "columns that both have; not for `cross`")
                .optional(
                        "how",
                        new Form.Choice(List.of("inner", "left", "right", "full", "cross", "anti", "semi")),
                        "left",
                        "`anti`: rows without a match; `semi`: rows with one, each once")
                .optional(
                        "prefix",
                        TEXT,
                        "the dataset's name",
                        "with `_`, what the other's columns begin with whose names are taken")
                .reads("right_dataset")
                .notes(
                        "NULL matches nothing, not even NULL. A key that is there several times gives several rows. With `right`"
                                + " and `full` the key is that of whichever side has the row. Keys of different kinds, such as"
                                + " text and number, are an error.")
                .example("""
                        params:
                        right_dataset: cities
                        on: [id]
                        how: full
                        df:
                        | id int | name string |
                        | 1 | Ada |
                        | 2 | Tim |
                        | NULL | Eve |
                        cities:
                        | id int | name string |
                        | 1 | Oslo |
                        | 3 | Rome |
                        | NULL | Bern |
                        result:
                        | id int | name string | cities_name string |
                        | 1 | Ada | Oslo |
                        | 2 | Tim | NULL |
                        | NULL | Eve | NULL |
                        | 3 | NULL | Rome |
                        | NULL | NULL | Bern |
                        """)
                .as(RelationalTransformers::join);
    }

    private static Query join(Call call) {
        Table right = call.table("right_dataset");
        String how = call.string("how", "left");
        boolean cross = how.equals("cross");
        if (cross == call.has("on")) {
            throw call.bad(
                    call.has("on") ? "on" : "right_dataset",
                    cross ? "a cross join has no 'on'" : "a join needs 'on'",
                    cross ? "remove it, or take another 'how'" : "name the columns that both have, or take how: cross");
        }
        List<Column> keys = call.columns("on");
        String condition = keys.isEmpty() ? "" : condition(call, keys, right);
        String from = "FROM df l ";
        if (how.equals("anti") || how.equals("semi")) {
            String exists = (how.equals("anti") ? "NOT " : "") + "EXISTS (SELECT 1 FROM " + call.name(right.name())
                    + " r WHERE " + condition + ")";
            return Query.same("SELECT l.* " + from + "WHERE " + exists, call.df());
        }
        Projection result = call.none();
        boolean both = how.equals("right") || how.equals("full");
        for (Column column : call.columns()) {
            String left = "l." + call.name(column);
            boolean key = both && keys.stream().anyMatch(k -> k.is(column.name()));
            result.add(column.name(), key ? "coalesce(" + left + ", r." + call.name(column) + ")" : left, "on");
        }
        String prefix = call.string("prefix", right.name()) + "_";
        for (Column column : right.columns().orElse(List.of())) {
            if (keys.stream().noneMatch(key -> key.is(column.name()))) {
                String name = result.has(column.name()) ? prefix + column.name() : column.name();
                result.add(name, "r." + call.name(column), "prefix");
            }
        }
        Query query = result.names().isEmpty()
                ? new Query("FROM df", Optional.empty())
                : result.select(from
                        + how.toUpperCase(java.util.Locale.ROOT) + " JOIN " + call.name(right.name()) + " r"
                        + (cross ? "" : " ON " + condition));
        return call.columnsKnown() && right.columns().isPresent() ? query : new Query(query.sql(), Optional.empty());
    }

    private static String condition(Call call, List<Column> keys, Table right) {
        List<Argument.Scalar> names = call.scalars("on");
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Column left = keys.get(i);
            Column other = call.column(names.get(i), right);
            comparable(call, "on", left, other);
            equal.add("l." + call.name(left) + " = r." + call.name(other));
        }
        return String.join(" AND ", equal);
    }

    private static void comparable(Call call, String parameter, Column left, Column right) {
        if (left.type().common(right.type()).isEmpty()) {
            throw call.bad(
                    parameter,
                    "column " + Names.quoted(left.name()) + " is of type " + left.type() + " here, but "
                            + Names.quoted(right.name()) + " there is of type " + right.type(),
                    "cast one of them in a step before, with cast_columns");
        }
    }

    private static Transformer union() {
        return Transformer.named("union", "Puts other rows below.")
                .required("datasets", TEXTS, "nodes or inputs with more rows")
                .optional("by_name", FLAG, "true", "`false` goes by the order of the columns")
                .reads("datasets")
                .notes(
                        "Equal rows are kept. By name, a column that one side lacks is NULL there, and new columns come last."
                                + " Numbers of different types become the one that holds all of them; other differences are an"
                                + " error.")
                .example("""
                        params:
                        datasets: [more]
                        df:
                        | id int | name string |
                        | 1 | Ada |
                        more:
                        | name string | id bigint | age int |
                        | Tim | 5000000000 | 17 |
                        result:
                        | id bigint | name string | age int |
                        | 1 | Ada | NULL |
                        | 5000000000 | Tim | 17 |
                        """)
                .as(RelationalTransformers::union);
    }

    private static Query union(Call call) {
        List<Table> tables = new ArrayList<>(List.of(call.df()));
        call.scalars("datasets").forEach(name -> tables.add(call.table(name)));
        if (tables.stream().anyMatch(table -> table.columns().isEmpty())) {
            return new Query("FROM df", Optional.empty());
        }
        boolean byName = call.flag("by_name", true);
        List<Column> columns = new ArrayList<>();
        for (Table table : tables) {
            List<Column> own = table.columns().orElse(List.of());
            if (!byName && own.size() != call.columns().size()) {
                throw call.bad(
                        "datasets",
                        Names.quoted(table.name()) + " has " + own.size() + " columns, not "
                                + call.columns().size(),
                        "by_name: true goes by their names");
            }
            for (int i = 0; i < own.size(); i++) {
                add(call, columns, byName ? indexOf(columns, own.get(i).name()) : i, own.get(i), table);
            }
        }
        String sql = tables.stream()
                .map(table -> part(call, table, columns, byName))
                .collect(Collectors.joining("\nUNION ALL\n"));
        return Query.of(sql, columns.stream().map(Column::name).toList());
    }

    private static void add(Call call, List<Column> columns, int index, Column column, Table table) {
        if (index < 0 || index >= columns.size()) {
            columns.add(column);
            return;
        }
        Column known = columns.get(index);
        Type type = known.type()
                .common(column.type())
                .orElseThrow(() -> call.bad(
                        "datasets",
                        "column " + Names.quoted(column.name()) + " of '" + table.name() + "' is of type "
                                + column.type() + ", not " + known.type(),
                        "cast one of them in a step before, with cast_columns"));
        columns.set(index, new Column(known.name(), type));
    }

    private static String part(Call call, Table table, List<Column> columns, boolean byName) {
        List<Column> own = table.columns().orElse(List.of());
        List<String> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            int index = byName ? indexOf(own, column.name()) : i;
            String value = index < 0
                    ? call.cast("NULL", column.type())
                    : Types.cast(call, own.get(index), call.name(own.get(index)), column.type());
            values.add(value + " AS " + call.name(column));
        }
        return "SELECT " + String.join(", ", values) + " FROM " + call.name(table.name());
    }

    private static int indexOf(List<Column> columns, String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).is(name)) {
                return i;
            }
        }
        return -1;
    }

    private static Transformer pivot() {
        return Transformer.named("pivot", "Makes a column of each of some values.")
                .required("group_by", TEXTS, "columns whose equal values make a row")
                .required("pivot_col", TEXT, "column whose values become columns")
                .required("agg_col", TEXT, "column whose values go there")
                .optional("agg_func", new Form.Choice(Aggregates.FUNCTIONS), "sum", "what is made of several")
                .required("values", TEXTS, "the values that become columns, by their texts")
                .notes(
                        "`values` must be given: what columns a table has may not depend on its rows. Where no row has the"
                                + " value, the result is NULL, also for `count`. " + Aggregates.NOTES)
                .example("""
                        params:
                        group_by: [city]
                        pivot_col: year
                        agg_col: rain
                        values: [2023, 2024]
                        df:
                        | city string | year int | rain int |
                        | Oslo | 2023 | 5 |
                        | Oslo | 2023 | 6 |
                        | Oslo | 2024 | NULL |
                        | NULL | 2024 | 1 |
                        | NULL | 1999 | 9 |
                        result:
                        | city string | 2023 bigint | 2024 bigint |
                        | Oslo | 11 | NULL |
                        | NULL | NULL | 1 |
                        """)
                .as(RelationalTransformers::pivot);
    }

    private static Query pivot(Call call) {
        List<Column> groups = call.columns("group_by");
        Column values = call.column("agg_col");
        String text = call.text(call.column("pivot_col"), "pivot_col");
        String function = call.string("agg_func", "sum");
        Projection result = call.none();
        groups.forEach(column -> result.add(column, "group_by"));
        for (String value : call.strings("values")) {
            String match = text + " = " + call.literal(value);
            String chosen = "CASE WHEN " + match + " THEN " + call.name(values) + " END";
            String found = "count(CASE WHEN " + match + " THEN 1 END) > 0";
            String aggregate = Aggregates.of(call, function, chosen, values, "agg_col");
            result.add(
                    value,
                    function.equals("count") ? "CASE WHEN " + found + " THEN " + aggregate + " END" : aggregate,
                    "values");
        }
        return result.fromDf(groups.isEmpty() ? "" : "GROUP BY " + names(call, groups));
    }

    private static String names(Call call, List<Column> columns) {
        return columns.stream().map(call::name).collect(Collectors.joining(", "));
    }

    private static Transformer unpivot() {
        return Transformer.named("unpivot", "Makes a row of each of some columns.")
                .required("id_cols", TEXTS, "columns that each row keeps")
                .required("value_vars", TEXTS, "columns that become rows")
                .optional("var_name", TEXT, "variable", "column with the column's name")
                .optional("value_name", TEXT, "value", "column with its value")
                .notes("A NULL is a row, too. Numbers of different types become the one that holds all of them; other"
                        + " differences are an error.")
                .example("""
                        params:
                        id_cols: [city]
                        value_vars: [2023, 2024]
                        var_name: year
                        df:
                        | city string | 2023 int | 2024 bigint |
                        | Oslo | 5 | NULL |
                        result:
                        | city string | year string | value bigint |
                        | Oslo | 2023 | 5 |
                        | Oslo | 2024 | NULL |
                        """)
                .as(call -> {
                    List<Column> values = call.columns("value_vars");
                    Type type = Types.common(call, values, "value_vars");
                    List<Column> ids = call.columns("id_cols");
                    List<String> parts = new ArrayList<>();
                    List<String> names = List.of();
                    for (Column value : values) {
                        Projection row = call.none();
                        ids.forEach(column -> row.add(column, "id_cols"));
                        row.add(call.string("var_name", "variable"), call.literal(value.name()), "var_name");
                        row.add(
                                call.string("value_name", "value"),
                                Types.cast(call, value, call.name(value), type),
                                "value_name");
                        parts.add("SELECT " + row.list() + " FROM df");
                        names = row.names();
                    }
                    return Query.of(String.join("\nUNION ALL\n", parts), names);
                });
    }

    private static Transformer aggregate() {
        return Transformer.named("aggregate", "Makes one row of all that have the same values.")
                .required("group_by", TEXTS, "columns whose equal values make a row")
                .required(
                        "aggregations",
                        new Form.NamedValues(),
                        "column to `" + String.join("`, `", Aggregates.FUNCTIONS) + "`")
                .notes("NULL is a value of its own in `group_by`, and is left out of what is aggregated. "
                        + Aggregates.NOTES)
                .example("""
                        params:
                        group_by: [city]
                        aggregations: {rain: sum, day: max, price: avg}
                        df:
                        | city string | rain int | day date | price decimal(10,2) |
                        | Oslo | 5 | 2024-01-01 | 1.00 |
                        | Oslo | 6 | 2024-01-02 | 2.00 |
                        | NULL | NULL | NULL | NULL |
                        result:
                        | city string | rain bigint | day date | price double |
                        | Oslo | 11 | 2024-01-02 | 1.5 |
                        | NULL | NULL | NULL | NULL |
                        """)
                .as(call -> {
                    List<Column> groups = call.columns("group_by");
                    Projection result = call.none();
                    groups.forEach(column -> result.add(column, "group_by"));
                    call.entries("aggregations").forEach((name, function) -> {
                        Column column = call.column(name, call.keySpan("aggregations", name), call.df());
                        String chosen = Aggregates.function(call, function);
                        result.add(
                                column.name(),
                                Aggregates.of(call, chosen, call.name(column), column, "aggregations"),
                                "aggregations");
                    });
                    return result.fromDf(groups.isEmpty() ? "" : "GROUP BY " + names(call, groups));
                });
    }

    private static Transformer windowCalculation() {
        return Transformer.named("window_calculation", "Computes a value from rows around, without losing a row.")
                .required("target_col", TEXT, "the column that gets it")
                .required("function", TEXT, "SQL: one call of a window function, such as `sum(amount)` or `rank()`")
                .optional("partition_by", TEXTS, "one part", "columns whose equal values make a part")
                .optional("order_by", TEXTS, "none", "the order of the rows within a part")
                .notes(RowTransformers.ORDERED
                        + " With an order, an aggregate covers the rows up to this one and those that are equal to it in"
                        + " the order. `sum` of a column of whole numbers is a `bigint`, `avg` of one a `double`; `rank`,"
                        + " `dense_rank`, `row_number` and `ntile` are `int`. Other functions have the type that the"
                        + " engine gives them.")
                .example("""
                        params:
                        target_col: so_far
                        function: sum(amount)
                        partition_by: [city]
                        order_by: day ASC
                        df:
                        | city string | day date | amount int |
                        | Oslo | 2024-01-02 | 2 |
                        | Oslo | 2024-01-01 | 1 |
                        | Oslo | NULL | 4 |
                        | Rome | 2024-01-01 | NULL |
                        result:
                        | city string | day date | amount int | so_far bigint |
                        | Oslo | 2024-01-01 | 1 | 1 |
                        | Oslo | 2024-01-02 | 2 | 3 |
                        | Oslo | NULL | 4 | 7 |
                        | Rome | 2024-01-01 | NULL | NULL |
                        """)
                .as(call -> {
                    String parts = names(call, call.columns("partition_by"));
                    String order = String.join(", ", Order.of(call, "order_by"));
                    String over = (parts.isEmpty() ? "" : "PARTITION BY " + parts)
                            + (order.isEmpty() ? "" : " ORDER BY " + order);
                    return call.all()
                            .put(call.string("target_col"), Aggregates.over(call, over))
                            .fromDf();
                });
    }

    private static Transformer applyMapping() {
        return Transformer.named("apply_mapping", "Looks values up in other rows.")
                .required("column", TEXT, "column to look up")
                .required("mapping_source", TEXT, "a node or input with the list")
                .required("source_key", TEXT, "its column with the values to look up")
                .required("source_value", TEXT, "its column with what is taken for them")
                .optional("output", TEXT, "the column itself", "the column that gets it")
                .optional("default", new Form.Value(), "NULL", "what is taken where the list has nothing")
                .reads("mapping_source")
                .notes(
                        "No row is lost or doubled: of a key that is in the list several times, the smallest value is taken."
                                + " NULL matches nothing.")
                .example("""
                        params:
                        column: code
                        mapping_source: codes
                        source_key: c
                        source_value: word
                        output: word
                        default: other
                        df:
                        | code int |
                        | 1 |
                        | 2 |
                        | NULL |
                        codes:
                        | c int | word string |
                        | 1 | one |
                        | 1 | uno |
                        | NULL | none |
                        result:
                        | code int | word string |
                        | 1 | one |
                        | 2 | other |
                        | NULL | other |
                        """)
                .as(RelationalTransformers::applyMapping);
    }

    private static Query applyMapping(Call call) {
        Column column = call.column("column");
        Table source = call.table("mapping_source");
        Column key = call.column("source_key", source);
        Column value = call.column("source_value", source);
        comparable(call, "column", column, key);
        String name = call.string("output", column.name());
        String found = "m." + call.name("v");
        if (call.has("default")) {
            Column typed = new Column(value.name(), value.type());
            found = "coalesce(" + found + ", "
                    + Constants.of(call, call.scalars("default").get(0), typed) + ")";
        }
        Projection result = call.none();
        call.columns().forEach(each -> result.put(each, "l." + call.name(each)));
        result.put(name, found);
        Query query = result.select("FROM df l LEFT JOIN (SELECT " + call.name(key) + " AS " + call.name("k") + ", min("
                + call.name(value) + ") AS " + call.name("v") + " FROM " + call.name(source.name()) + " GROUP BY "
                + call.name(key) + ") m ON l." + call.name(column) + " = m." + call.name("k"));
        return call.columnsKnown() ? query : new Query(query.sql(), Optional.empty());
    }
}
