package dev.tarn.core.transform;

import static dev.tarn.core.transform.Parameter.FLAG;
import static dev.tarn.core.transform.Parameter.TEXT;
import static dev.tarn.core.transform.Parameter.TEXTS;

import dev.tarn.core.transform.Parameter.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Transformers that choose and order rows. */
final class RowTransformers {

    static final String ORDERED =
            "`order_by` is a list of columns or expressions, each with `ASC` or `DESC`. NULL comes last either way, unless"
                    + " `NULLS FIRST` is said.";

    private RowTransformers() {}

    static List<Transformer> all() {
        return List.of(filterRows(), sort(), limit(), sample(), distinct(), deduplicate(), rowNumber());
    }

    private static Transformer filterRows() {
        return Transformer.named("filter_rows", "Keeps the rows for which a condition is true.")
                .required("condition", TEXT, "SQL as it would stand after WHERE")
                .sql("condition")
                .notes("A row for which the condition is NULL is not kept.")
                .example("""
                        params:
                        condition: age >= 18
                        df:
                        | name string | age int |
                        | Ada | 36 |
                        | Tim | 17 |
                        | Eve | NULL |
                        result:
                        | name string | age int |
                        | Ada | 36 |
                        """)
                .as(call -> Query.same("SELECT * FROM df WHERE " + call.sql("condition"), call.df()));
    }

    private static Transformer sort() {
        return Transformer.named("sort", "Orders the rows.")
                .required("by", TEXTS, "columns")
                .optional("ascending", FLAG, "true", "`false` turns all of them round")
                .notes("NULL comes last either way. Texts are compared by their code points.")
                .example("""
                        params:
                        by: [city, age]
                        ascending: false
                        df:
                        | city string | age int |
                        | Oslo | 1 |
                        | Åmot | NULL |
                        | Åmot | 5 |
                        | Åmot | 7 |
                        | NULL | 3 |
                        result:
                        | city string | age int |
                        | Åmot | 7 |
                        | Åmot | 5 |
                        | Åmot | NULL |
                        | Oslo | 1 |
                        | NULL | 3 |
                        """)
                .as(call -> {
                    String direction = call.flag("ascending", true) ? " ASC" : " DESC";
                    String by = call.columns("by").stream()
                            .map(column -> call.name(column) + direction + " NULLS LAST")
                            .collect(Collectors.joining(", "));
                    return Query.same("SELECT * FROM df ORDER BY " + by, call.df());
                });
    }

    private static Transformer limit() {
        return Transformer.named("limit", "Keeps the first rows.")
                .required("n", new Form.Whole(0, Integer.MAX_VALUE), "how many")
                .optional("offset", new Form.Whole(0, Integer.MAX_VALUE), "0", "how many to skip before")
                .notes("Which rows are first is only said by a `sort` in the step before.")
                .example("""
                        params:
                        n: 2
                        offset: 1
                        df:
                        | id int |
                        | 1 |
                        | 2 |
                        | 3 |
                        | 4 |
                        result:
                        | id int |
                        | 2 |
                        | 3 |
                        """)
                .as(call -> Query.same(
                        "SELECT * FROM df LIMIT " + call.whole("n", 0) + " OFFSET " + call.whole("offset", 0),
                        call.df()));
    }

    private static Transformer sample() {
        return Transformer.named("sample", "Keeps about a share of the rows, the same ones each time.")
                .required("fraction", new Form.Share(), "the share, 0 to 1")
                .optional("seed", new Form.Whole(Long.MIN_VALUE, Long.MAX_VALUE), "0", "another one gives other rows")
                .notes(
                        "A row is kept or not by a hash of its values and the seed: equal rows are kept or left together,"
                                + " and nested values do not count.")
                .example("""
                        params:
                        fraction: 0.5
                        seed: 7
                        df:
                        | id int | name string |
                        | 1 | a |
                        | 2 | b |
                        | 3 | NULL |
                        | 4 | d |
                        | 5 | e |
                        | 6 | f |
                        result:
                        | id int | name string |
                        | 2 | b |
                        | 6 | f |
                        """)
                .as(RowTransformers::sample);
    }

    private static Query sample(Call call) {
        List<Column> columns = call.columns().stream()
                .filter(column -> !column.type().isNested() && column.type().kind() != Type.Kind.BINARY)
                .toList();
        String row = KeyText.of(call, columns, "|", "fraction");
        String digits = "substr(md5(" + call.literal(call.whole("seed", 0) + "|") + " || " + row + "), 1, 8)";
        // Of 2^32 equal shares of all rows, so many are kept.
        long kept = Math.round(call.share("fraction") * (1L << 32));
        return Query.same("SELECT * FROM df WHERE " + call.dialect().hexNumber(digits) + " < " + kept, call.df());
    }

    private static Transformer distinct() {
        return Transformer.named("distinct", "Leaves one of each set of equal rows.")
                .optional("columns", TEXTS, "all", "columns to keep")
                .notes("NULL equals NULL.")
                .example("""
                        params:
                        columns: [city]
                        df:
                        | id int | city string |
                        | 1 | Oslo |
                        | 2 | Oslo |
                        | 3 | NULL |
                        | 4 | NULL |
                        result:
                        | city string |
                        | Oslo |
                        | NULL |
                        """)
                .as(call -> {
                    if (!call.has("columns")) {
                        return Query.same("SELECT DISTINCT * FROM df", call.df());
                    }
                    Projection chosen = call.none();
                    call.columns("columns").forEach(column -> chosen.add(column, "columns"));
                    return Query.of("SELECT DISTINCT\n  " + chosen.list() + "\nFROM df", chosen.names());
                });
    }

    private static Transformer deduplicate() {
        return Transformer.named("deduplicate", "Keeps the first row for each key.")
                .required("keys", TEXTS, "columns that together say what a row is about")
                .optional("order_by", TEXTS, "all columns", "which row is the first, for example `updated_at DESC`")
                .sql("order_by")
                .notes(ORDERED
                        + " Rows that are equal in this order are told apart by all their columns, so that the same"
                        + " row is kept each time. NULL is a key like any other.")
                .example("""
                        params:
                        keys: [id]
                        order_by: updated DESC
                        df:
                        | id int | name string | updated date |
                        | 1 | old | 2024-01-01 |
                        | 1 | new | 2024-02-01 |
                        | 1 | lost | NULL |
                        | NULL | b | 2024-01-01 |
                        | NULL | a | 2024-01-01 |
                        result:
                        | id int | name string | updated date |
                        | 1 | new | 2024-02-01 |
                        | NULL | a | 2024-01-01 |
                        """)
                .as(call -> {
                    Projection keys = call.none();
                    call.columns("keys").forEach(column -> keys.add(column, "keys"));
                    Projection all = call.all();
                    String number = free(call, "tarn_row");
                    return new Query(
                            "SELECT\n  " + all.list() + "\nFROM (SELECT *, row_number() OVER (PARTITION BY "
                                    + keys.list().replace("\n", " ") + " ORDER BY " + order(call) + ") AS "
                                    + call.name(number) + " FROM df) q WHERE " + call.name(number) + " = 1",
                            call.df().names());
                });
    }

    private static Transformer rowNumber() {
        return Transformer.named("row_number", "Numbers the rows from 1, within each part if there are parts.")
                .optional("output", TEXT, "row_num", "the new column")
                .optional("partition_by", TEXTS, "one part", "columns whose equal values make a part")
                .optional("order_by", TEXTS, "all columns", "the order of the rows within a part")
                .sql("order_by")
                .notes(ORDERED + " Rows that are equal in this order are told apart by all their columns.")
                .example("""
                        params:
                        output: visit
                        partition_by: [person]
                        order_by: [day]
                        df:
                        | person string | day date |
                        | Ada | 2024-01-02 |
                        | Ada | 2024-01-01 |
                        | Ada | NULL |
                        | NULL | 2024-01-05 |
                        result:
                        | person string | day date | visit int |
                        | Ada | 2024-01-01 | 1 |
                        | Ada | 2024-01-02 | 2 |
                        | Ada | NULL | 3 |
                        | NULL | 2024-01-05 | 1 |
                        """)
                .as(call -> {
                    String parts = call.columns("partition_by").stream()
                            .map(call::name)
                            .collect(Collectors.joining(", "));
                    String over = (parts.isEmpty() ? "" : "PARTITION BY " + parts + " ") + "ORDER BY " + order(call);
                    return call.all()
                            .put(
                                    call.string("output", "row_num"),
                                    call.cast("row_number() OVER (" + over + ")", Type.INT))
                            .fromDf();
                });
    }

    /** What {@code order_by} says, and after it all columns, so that no two different rows come in either order. */
    private static String order(Call call) {
        List<String> terms = new ArrayList<>(Order.of(call, "order_by"));
        for (Column column : call.columns()) {
            if (column.type().isOrderable()) {
                terms.add(call.name(column) + " ASC NULLS LAST");
            }
        }
        if (terms.isEmpty() && call.columnsKnown()) {
            throw call.bad(
                    call.where(),
                    "no column of these rows has an order",
                    Optional.of("say which comes first: order_by"));
        }
        return String.join(", ", terms);
    }

    /** A name that no column has. */
    static String free(Call call, String name) {
        String free = name;
        while (call.find(free).isPresent()) {
            free = free + "_";
        }
        return free;
    }
}
