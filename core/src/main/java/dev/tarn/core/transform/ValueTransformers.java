package dev.tarn.core.transform;

import static dev.tarn.core.transform.Parameter.FLAG;
import static dev.tarn.core.transform.Parameter.NAMED;
import static dev.tarn.core.transform.Parameter.TEXT;
import static dev.tarn.core.transform.Parameter.TEXTS;

import dev.tarn.core.transform.Parameter.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Transformers that compute values from values of the same row. */
final class ValueTransformers {

    private ValueTransformers() {}

    static List<Transformer> all() {
        return List.of(
                deriveColumns(),
                castColumns(),
                fillNulls(),
                caseWhen(),
                replaceValues(),
                dictBasedMapping(),
                validateAndFlag(),
                cleanText(),
                trimWhitespace(),
                splitPart(),
                concatColumns(),
                regexReplace());
    }

    private static Transformer deriveColumns() {
        return Transformer.named("derive_columns", "Computes columns from expressions.")
                .required("derivations", NAMED, "column to SQL expression")
                .sql("derivations")
                .notes(
                        "Each expression sees the columns as they were before the step. A column that is there already is"
                                + " replaced. What an expression means is up to the engine: use text that both understand.")
                .example("""
                        params:
                        derivations:
                          total: price * quantity
                          price: price + 1
                        df:
                        | price int | quantity int |
                        | 3 | 4 |
                        | 5 | NULL |
                        result:
                        | price int | quantity int | total int |
                        | 4 | 4 | 12 |
                        | 6 | NULL | NULL |
                        """)
                .as(call -> {
                    Projection result = call.all();
                    call.entries("derivations").forEach((name, sql) -> result.put(name, call.sql(sql)));
                    return result.fromDf();
                });
    }

    private static Transformer castColumns() {
        return Transformer.named("cast_columns", "Turns values into another type.")
                .required("casts", NAMED, "column to type")
                .notes("""
                        Types are `boolean`, `tinyint`, `smallint`, `int`, `bigint`, `float`, `double`, `decimal(p,s)`, `string`,
                        `date`, `timestamp` (a moment), `timestamp_ntz` (what a clock on a wall shows), and of these
                        `array<…>`, `struct<…>`, `map<…>`.

                        - A value that cannot be turned fails the node. A text may have blanks around it.
                        - A text becomes a whole number only if it is one: `12.7` and `1e3` do not.
                        - A number loses its fraction when it becomes whole (`-1.9` gives `-1`), and is rounded half up when it
                          becomes a decimal: a `double` by its shortest digits, so that `1.005` gives `1.01`.
                        - `true`, `t`, `yes`, `y`, `1` and `false`, `f`, `no`, `n`, `0` become booleans, whatever their case.
                        - A text becomes a date by its first ten characters, `2024-12-31`; a timestamp may go on with time and
                          offset, and is UTC without one.
                        - Numbers become texts as Java writes them: `1.0E10`, `NaN`, `-0.5`, decimals with all their digits.
                          A timestamp becomes its time in UTC, without an offset.""")
                .example("""
                        params:
                        casts: {id: int, price: "decimal(10,2)", seen: timestamp, flag: bool, n: string}
                        df:
                        | id string | price double | seen string | flag string | n double |
                        | ' 12 ' | 1.005 | 2024-01-01T02:00:00+02:00 | YES | 1e10 |
                        | -3 | -2.5 | 2024-01-01 | f | 0.1 |
                        | NULL | NULL | NULL | NULL | NULL |
                        result:
                        | id int | price decimal(10,2) | seen timestamp | flag boolean | n string |
                        | 12 | 1.01 | 2024-01-01 00:00:00 | true | 1.0E10 |
                        | -3 | -2.50 | 2024-01-01 00:00:00 | false | 0.1 |
                        | NULL | NULL | NULL | NULL | NULL |
                        """)
                .as(call -> {
                    Projection result = call.all();
                    call.entries("casts").forEach((name, type) -> {
                        Column column = call.column(name, call.keySpan("casts", name), call.df());
                        result.put(column, Casts.cast(call, column, type));
                    });
                    return result.fromDf();
                });
    }

    private static Transformer fillNulls() {
        return Transformer.named("fill_nulls", "Puts values where there are none.")
                .required("values", new Form.NamedValues(), "column to value")
                .notes(
                        "The column keeps its type; a value that does not fit it is an error. NaN is a number and stays.")
                .example("""
                        params:
                        values: {age: 0, city: "it's unknown", since: 2024-01-01}
                        df:
                        | age int | city string | since date |
                        | NULL | NULL | NULL |
                        | 7 | Oslo | 2020-02-29 |
                        result:
                        | age int | city string | since date |
                        | 0 | it's unknown | 2024-01-01 |
                        | 7 | Oslo | 2020-02-29 |
                        """)
                .as(call -> {
                    Projection result = call.all();
                    call.entries("values").forEach((name, value) -> {
                        Column column = call.column(name, call.keySpan("values", name), call.df());
                        result.put(
                                column,
                                "coalesce(" + call.name(column) + ", " + Constants.of(call, value, column) + ")");
                    });
                    return result.fromDf();
                });
    }

    private static Transformer caseWhen() {
        return Transformer.named("case_when", "Gives the value of the first condition that is true.")
                .required(
                        "cases",
                        new Form.Mappings(
                                "case",
                                List.of(
                                        Parameter.required("condition", TEXT, "SQL"),
                                        Parameter.required("value", TEXT, "SQL: a text needs quotes of its own"))),
                        "conditions and values")
                .optional("default", TEXT, "NULL", "SQL: the value where no condition is true")
                .required("output_col", TEXT, "the column that gets it")
                .sql("cases", "default")
                .example("""
                        params:
                        cases:
                          - {condition: age < 18, value: "'minor'"}
                          - {condition: age < 65, value: "'adult'"}
                        default: "'senior or unknown'"
                        output_col: stage
                        df:
                        | age int |
                        | 10 |
                        | 18 |
                        | NULL |
                        result:
                        | age int | stage string |
                        | 10 | minor |
                        | 18 | adult |
                        | NULL | senior or unknown |
                        """)
                .as(call -> {
                    StringBuilder value = new StringBuilder("CASE");
                    for (Map<String, Argument.Scalar> each : call.mappings("cases")) {
                        value.append(" WHEN ").append(call.sql(Constants.get(each, "condition")));
                        value.append(" THEN ").append(call.sql(Constants.get(each, "value")));
                    }
                    value.append(call.has("default") ? " ELSE " + call.sql("default") : "")
                            .append(" END");
                    return call.all()
                            .put(call.string("output_col"), value.toString())
                            .fromDf();
                });
    }

    private static Transformer replaceValues() {
        return Transformer.named("replace_values", "Puts other values, or NULL, for some values.")
                .required("columns", TEXTS, "columns to look at")
                .required("mapping", new Form.NamedValues(), "old value to new value, `null` for NULL")
                .notes(
                        "All are replaced at once: what one gives is not replaced by the next. Other columns than texts are"
                                + " compared by their text, and keep their type.")
                .example("""
                        params:
                        columns: [status, n]
                        mapping: {"N/A": null, a: b, b: a, "": empty, "7": "8"}
                        df:
                        | status string | n string |
                        | N/A | 7 |
                        | a | b |
                        | '' | it's |
                        | NULL | NULL |
                        result:
                        | status string | n string |
                        | NULL | 8 |
                        | b | a |
                        | empty | it's |
                        | NULL | NULL |
                        """)
                .as(call -> {
                    Projection result = call.all();
                    for (Column column : call.columns("columns")) {
                        StringBuilder value = new StringBuilder("CASE");
                        String text = call.text(column, "columns");
                        call.entries("mapping")
                                .forEach((old, fresh) -> value.append(" WHEN ")
                                        .append(text)
                                        .append(" = ")
                                        .append(call.literal(old))
                                        .append(" THEN ")
                                        .append(Constants.of(call, fresh, column)));
                        result.put(column, value + " ELSE " + call.name(column) + " END");
                    }
                    return result.fromDf();
                });
    }

    private static Transformer dictBasedMapping() {
        return Transformer.named("dict_based_mapping", "Looks values up in a list.")
                .required("column", TEXT, "column to look up")
                .required("mapping", new Form.NamedValues(), "value to value")
                .optional("default", new Form.Value(), "NULL", "what is taken for a value that is not in the list")
                .optional("output_column", TEXT, "the column itself", "the column that gets it")
                .notes(
                        "The result is a `bigint`, `double` or `boolean` if all new values are such, else a `string`. Other"
                                + " columns than texts are compared by their text. With a `default`, NULL becomes it, too.")
                .example("""
                        params:
                        column: code
                        mapping: {1: one, 2: two}
                        default: many
                        output_column: word
                        df:
                        | code int |
                        | 1 |
                        | 3 |
                        | NULL |
                        result:
                        | code int | word string |
                        | 1 | one |
                        | 3 | many |
                        | NULL | many |
                        """)
                .as(ValueTransformers::dictBasedMapping);
    }

    private static Query dictBasedMapping(Call call) {
        Column column = call.column("column");
        Map<String, Argument.Scalar> mapping = call.entries("mapping");
        List<Argument.Scalar> values = new ArrayList<>(mapping.values());
        call.scalars("default").forEach(values::add);
        Type type = Constants.type(values);
        Column output = new Column(call.string("output_column", column.name()), type);
        StringBuilder value = new StringBuilder("CASE");
        mapping.forEach((old, fresh) -> value.append(" WHEN ")
                .append(call.text(column, "column"))
                .append(" = ")
                .append(call.literal(old))
                .append(" THEN ")
                .append(Constants.of(call, fresh, output)));
        String otherwise = call.has("default")
                ? Constants.of(call, call.scalars("default").get(0), output)
                : call.cast("NULL", type);
        return call.all()
                .put(output, mapping.isEmpty() ? otherwise : value + " ELSE " + otherwise + " END")
                .fromDf();
    }

    private static Transformer validateAndFlag() {
        return Transformer.named("validate_and_flag", "Says for each row which rules it breaks.")
                .required("rules", NAMED, "name to SQL condition that must be true")
                .optional("flag_col", TEXT, "_issues", "column with the names of broken rules, with commas between")
                .sql("rules")
                .notes("NULL if no rule is broken. A condition that is NULL is not broken, as in checks.")
                .example("""
                        params:
                        rules: {age: age >= 0, "it's named": name <> ''}
                        df:
                        | name string | age int |
                        | Ada | 36 |
                        | '' | -1 |
                        | NULL | NULL |
                        result:
                        | name string | age int | _issues string |
                        | Ada | 36 | NULL |
                        | '' | -1 | age, it's named |
                        | NULL | NULL | NULL |
                        """)
                .as(call -> {
                    List<String> broken = new ArrayList<>();
                    call.entries("rules")
                            .forEach((name, condition) -> broken.add(
                                    "CASE WHEN NOT " + call.sql(condition) + " THEN " + call.literal(name) + " END"));
                    if (broken.isEmpty()) {
                        throw call.bad("rules", "there is no rule", "add one");
                    }
                    return call.all()
                            .put(
                                    call.string("flag_col", "_issues"),
                                    "nullif(concat_ws(', ', " + String.join(", ", broken) + "), '')")
                            .fromDf();
                });
    }

    /** What Python's and everyone's idea of white space have in common, as SQL's is the blank alone. */
    static final String WHITE = " \t\n\r\f\u000b";

    private static Transformer cleanText() {
        return Transformer.named("clean_text", "Trims texts and makes their case the same.")
                .required("columns", TEXTS, "columns of text")
                .optional("trim", FLAG, "true", "whether blanks, tabs and line ends around them are taken off")
                .optional(
                        "case",
                        new Form.Choice(List.of("lower", "upper", "preserve")),
                        "preserve",
                        "what case they get")
                .notes("`ß` becomes `SS` in capitals.")
                .example("""
                        params:
                        columns: [name]
                        case: upper
                        df:
                        | name string |
                        | '  straße\\t' |
                        | '' |
                        | NULL |
                        result:
                        | name string |
                        | STRASSE |
                        | '' |
                        | NULL |
                        """)
                .as(call -> {
                    Projection result = call.all();
                    for (Column column : call.columns("columns")) {
                        call.textual(column, "columns");
                        String value = call.flag("trim", true)
                                ? call.dialect().trim(call.name(column), call.literal(WHITE))
                                : call.name(column);
                        result.put(
                                column,
                                switch (call.string("case", "preserve")) {
                                    case "lower" -> call.dialect().lower(value);
                                    case "upper" -> call.dialect().upper(value);
                                    default -> value;
                                });
                    }
                    return result.fromDf();
                });
    }

    private static Transformer trimWhitespace() {
        return Transformer.named("trim_whitespace", "Takes blanks, tabs and line ends off both ends of texts.")
                .optional("columns", TEXTS, "all of text", "columns of text")
                .example("""
                        params:
                        {}
                        df:
                        | a string | b string | n int |
                        | ' x ' | '\\ty z\\n' | 1 |
                        | NULL | '  ' | 2 |
                        result:
                        | a string | b string | n int |
                        | x | y z | 1 |
                        | NULL | '' | 2 |
                        """)
                .as(call -> {
                    Projection result = call.all();
                    List<Column> columns = call.has("columns")
                            ? call.columns("columns")
                            : call.columns().stream()
                                    .filter(column -> column.type().isText())
                                    .toList();
                    columns.forEach(column -> result.put(
                            call.textual(column, "columns"),
                            call.dialect().trim(call.name(column), call.literal(WHITE))));
                    return result.fromDf();
                });
    }

    private static Transformer splitPart() {
        return Transformer.named("split_part", "Takes one part of a text that is split.")
                .required("col", TEXT, "column of text")
                .required("delimiter", TEXT, "what stands between the parts; no pattern")
                .required("index", new Form.Whole(-10000, 10000), "which part: 1 is the first, -1 the last")
                .notes("The column is `COL_part_INDEX`. Without that many parts it is empty.")
                .example("""
                        params:
                        col: path
                        delimiter: "."
                        index: 2
                        df:
                        | path string |
                        | a.b.c |
                        | a |
                        | '' |
                        | NULL |
                        result:
                        | path string | path_part_2 string |
                        | a.b.c | b |
                        | a | '' |
                        | '' | '' |
                        | NULL | NULL |
                        """)
                .as(call -> {
                    Column column = call.text("col");
                    long index = call.whole("index", 1);
                    if (index == 0 || call.string("delimiter").isEmpty()) {
                        throw call.bad(
                                index == 0 ? "index" : "delimiter",
                                index == 0 ? "there is no part 0" : "the delimiter is empty",
                                "parts are counted from 1, and something must stand between them");
                    }
                    String part = "split_part(" + call.name(column) + ", " + call.literal(call.string("delimiter"))
                            + ", " + index + ")";
                    return call.all()
                            .put(column.name() + "_part_" + index, part)
                            .fromDf();
                });
    }

    private static Transformer concatColumns() {
        return Transformer.named("concat_columns", "Puts values together to one text.")
                .required("columns", TEXTS, "columns")
                .optional("separator", TEXT, "nothing", "what stands between them")
                .required("output_col", TEXT, "the column that gets it")
                .notes("NULL is left out, with its separator. Numbers are written as `cast_columns` writes them.")
                .example("""
                        params:
                        columns: [first, last, n]
                        separator: ", "
                        output_col: all
                        df:
                        | first string | last string | n double |
                        | Ada | Lovelace | 2 |
                        | NULL | Turing | 1e-5 |
                        | NULL | NULL | NULL |
                        result:
                        | first string | last string | n double | all string |
                        | Ada | Lovelace | 2 | Ada, Lovelace, 2.0 |
                        | NULL | Turing | 1e-5 | Turing, 1.0E-5 |
                        | NULL | NULL | NULL | '' |
                        """)
                .as(call -> {
                    List<String> texts = call.columns("columns").stream()
                            .map(column -> call.text(column, "columns"))
                            .toList();
                    return call.all()
                            .put(
                                    call.string("output_col"),
                                    "concat_ws(" + call.literal(call.string("separator", "")) + ", "
                                            + String.join(", ", texts) + ")")
                            .fromDf();
                });
    }

    private static Transformer regexReplace() {
        return Transformer.named("regex_replace", "Replaces what a pattern matches, wherever it does.")
                .required("column", TEXT, "column of text")
                .required("pattern", TEXT, "a regular expression as RE2 has them")
                .required("replacement", TEXT, "what is put there; `$1` or `\\1` is the first group")
                .notes(
                        "RE2 has no look-around, no back references and no possessive repetition. `.` is any character but the"
                                + " end of a line, `$` the very end of the text, `\\d`, `\\w` and `\\s` are of ASCII.")
                .example("""
                        params:
                        column: phone
                        pattern: '([0-9]{2})[^0-9]*'
                        replacement: '$1-'
                        df:
                        | phone string |
                        | 12 34/56 |
                        | none |
                        | NULL |
                        result:
                        | phone string |
                        | 12-34-56- |
                        | none |
                        | NULL |
                        """)
                .as(call -> {
                    Column column = call.text("column");
                    return call.all()
                            .put(column, Regex.replace(call, call.name(column)))
                            .fromDf();
                });
    }
}
