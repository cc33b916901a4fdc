package dev.tarn.core.transform;

import static dev.tarn.core.transform.Parameter.FLAG;
import static dev.tarn.core.transform.Parameter.NAMED;
import static dev.tarn.core.transform.Parameter.TEXT;
import static dev.tarn.core.transform.Parameter.TEXTS;

import dev.tarn.core.source.Names;
import dev.tarn.core.transform.Parameter.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Transformers that choose, name and order columns. */
final class ColumnTransformers {

    private ColumnTransformers() {}

    static List<Transformer> all() {
        return List.of(
                selectColumns(),
                dropColumns(),
                renameColumns(),
                addPrefix(),
                addSuffix(),
                normalizeColumnNames(),
                normalizeSchema(),
                coalesceColumns());
    }

    private static Transformer selectColumns() {
        return Transformer.named("select_columns", "Keeps some columns, in the order given.")
                .required("columns", TEXTS, "columns to keep")
                .example("""
                        params:
                        columns: ["the name", id]
                        df:
                        | id int | the name string | age int |
                        | 1 | Ada | 36 |
                        result:
                        | the name string | id int |
                        | Ada | 1 |
                        """)
                .as(call -> {
                    Projection chosen = call.none();
                    call.columns("columns").forEach(column -> chosen.add(column, "columns"));
                    return chosen.fromDf();
                });
    }

    private static Transformer dropColumns() {
        return Transformer.named("drop_columns", "Leaves some columns out.")
                .required("columns", TEXTS, "columns to leave out")
                .example("""
                        params:
                        columns: [age]
                        df:
                        | id int | age int | a.b string |
                        | 1 | 36 | x |
                        result:
                        | id int | a.b string |
                        | 1 | x |
                        """)
                .as(call -> {
                    Projection left = call.all();
                    call.columns("columns").forEach(column -> left.drop(column.name()));
                    return left.fromDf();
                });
    }

    private static Transformer renameColumns() {
        return Transformer.named("rename_columns", "Gives columns other names.")
                .required("mapping", NAMED, "old name to new name")
                .notes("All are renamed at once, so that names can be swapped.")
                .example("""
                        params:
                        mapping: {a: b, b: a}
                        df:
                        | a int | b int | c int |
                        | 1 | 2 | 3 |
                        result:
                        | b int | a int | c int |
                        | 1 | 2 | 3 |
                        """)
                .as(call -> {
                    Map<String, String> names = new LinkedHashMap<>();
                    call.entries("mapping")
                            .forEach((old, name) -> names.put(
                                    call.column(old, call.keySpan("mapping", old), call.df())
                                            .name(),
                                    call.speakable(name)));
                    return renamed(call, "mapping", name -> names.getOrDefault(name, name));
                });
    }

    private static Query renamed(Call call, String parameter, UnaryOperator<String> names) {
        Projection renamed = call.none();
        for (Column column : call.columns()) {
            String name = names.apply(column.name());
            if (name.isBlank()) {
                throw call.bad(
                        parameter, "column " + Names.quoted(column.name()) + " would have no name", "give it one");
            }
            renamed.add(name, call.name(column), parameter);
        }
        return call.columnsKnown() ? renamed.fromDf() : new Query("FROM df", Optional.empty());
    }

    private static Transformer addPrefix() {
        return affix("add_prefix", "prefix", "before", """
                params:
                prefix: src_
                exclude: [id]
                df:
                | id int | the name string |
                | 1 | Ada |
                result:
                | id int | src_the name string |
                | 1 | Ada |
                """);
    }

    private static Transformer addSuffix() {
        return affix("add_suffix", "suffix", "behind", """
                params:
                suffix: _old
                columns: [name]
                df:
                | id int | name string |
                | 1 | Ada |
                result:
                | id int | name_old string |
                | 1 | Ada |
                """);
    }

    private static Transformer affix(String name, String parameter, String place, String example) {
        return Transformer.named(name, "Puts a text " + place + " the names of columns.")
                .required(parameter, TEXT, "the text")
                .optional("columns", TEXTS, "all", "columns that get it")
                .optional("exclude", TEXTS, "none", "columns that do not")
                .example(example)
                .as(call -> {
                    List<Column> chosen = call.has("columns") ? call.columns("columns") : call.columns();
                    List<Column> left = call.columns("exclude");
                    Predicate<String> gets = column -> chosen.stream().anyMatch(c -> c.is(column))
                            && left.stream().noneMatch(c -> c.is(column));
                    String text = call.string(parameter);
                    return renamed(
                            call,
                            parameter,
                            column -> !gets.test(column)
                                    ? column
                                    : parameter.equals("prefix") ? text + column : column + text);
                });
    }

    private static Transformer normalizeColumnNames() {
        return Transformer.named("normalize_column_names", "Makes names of columns that need no quotes.")
                .optional(
                        "style",
                        new Form.Choice(List.of("snake_case", "none")),
                        "snake_case",
                        "`snake_case` puts `_` for blanks, points and hyphens, and between words of `camelCase`")
                .optional("lowercase", FLAG, "true", "whether capitals become small letters")
                .optional(
                        "remove_special",
                        FLAG,
                        "true",
                        "whether all but letters, digits and `_` is left out, also repeated `_` and those at the ends")
                .notes("Letters of all scripts are letters. Two columns that would get the same name are an error.")
                .example("""
                        params:
                        {}
                        df:
                        | Customer ID int | firstName string | E-Mail (private) string | Größe.cm int |
                        | 1 | Ada | a@b.c | 170 |
                        result:
                        | customer_id int | first_name string | e_mail_private string | größe_cm int |
                        | 1 | Ada | a@b.c | 170 |
                        """)
                .as(call -> renamed(
                        call,
                        "style",
                        name -> normalized(
                                name,
                                !call.string("style", "snake_case").equals("none"),
                                call.flag("lowercase", true),
                                call.flag("remove_special", true))));
    }

    private static String normalized(String column, boolean snake, boolean lower, boolean plain) {
        String name = column;
        if (snake) {
            name = name.replaceAll("[\\s.-]+", "_").replaceAll("([\\p{Ll}\\p{N}])(\\p{Lu})", "$1_$2");
        }
        if (lower || snake) {
            name = name.toLowerCase(Locale.ROOT);
        }
        if (plain) {
            name = name.replaceAll("[^\\p{L}\\p{N}\\p{M}_]", "")
                    .replaceAll("_+", "_")
                    .replaceAll("^_|_$", "");
        }
        return name;
    }

    private static Transformer normalizeSchema() {
        return Transformer.named("normalize_schema", "Renames, leaves out and orders columns in one step.")
                .optional("rename", NAMED, "none", "old name to new name")
                .optional("drop", TEXTS, "none", "columns to leave out, if they are there")
                .optional(
                        "select_order", TEXTS, "as they are", "new names of columns that come first; the others follow")
                .example("""
                        params:
                        rename: {Id: id}
                        drop: [tmp, gone]
                        select_order: [name, id]
                        df:
                        | Id int | tmp int | age int | name string |
                        | 1 | 0 | 36 | Ada |
                        result:
                        | name string | id int | age int |
                        | Ada | 1 | 36 |
                        """)
                .as(ColumnTransformers::normalizeSchema);
    }

    private static Query normalizeSchema(Call call) {
        Map<String, String> names = new LinkedHashMap<>();
        call.entries("rename")
                .forEach((old, name) -> names.put(
                        call.column(old, call.keySpan("rename", old), call.df()).name(), call.speakable(name)));
        List<String> dropped = call.strings("drop");
        List<Column> kept = call.columns().stream()
                .filter(column -> dropped.stream().noneMatch(column::is))
                .toList();
        Map<String, Column> byName = new LinkedHashMap<>();
        kept.forEach(column -> byName.put(names.getOrDefault(column.name(), column.name()), column));
        List<Column> renamed = byName.keySet().stream()
                .map(name -> new Column(name, Type.UNKNOWN))
                .toList();
        Table after = new Table("df", call.df().columns().map(known -> renamed));
        List<String> order = new ArrayList<>();
        call.scalars("select_order")
                .forEach(name -> order.add(call.column(name, after).name()));
        Projection result = call.none();
        for (String name : order) {
            result.add(name, call.name(byName.getOrDefault(name, new Column(name, Type.UNKNOWN))), "select_order");
        }
        kept.forEach(column -> {
            String name = names.getOrDefault(column.name(), column.name());
            if (order.stream().noneMatch(name::equalsIgnoreCase)) {
                result.add(name, call.name(column), "rename");
            }
        });
        return call.columnsKnown() ? result.fromDf() : new Query("FROM df", Optional.empty());
    }

    private static Transformer coalesceColumns() {
        return Transformer.named("coalesce_columns", "Takes the first value that is not NULL.")
                .required("columns", TEXTS, "columns, the one that is preferred first")
                .required("output_col", TEXT, "the column that gets it")
                .optional("drop_source", FLAG, "false", "whether the columns are left out then")
                .notes(
                        "Numbers of different types become the one that holds all of them; a text and a number are an error.")
                .example("""
                        params:
                        columns: [mobile, home]
                        output_col: phone
                        drop_source: true
                        df:
                        | id int | mobile string | home string |
                        | 1 | NULL | 22 |
                        | 2 | 11 | 22 |
                        | 3 | NULL | NULL |
                        result:
                        | id int | phone string |
                        | 1 | 22 |
                        | 2 | 11 |
                        | 3 | NULL |
                        """)
                .as(call -> {
                    List<Column> columns = call.columns("columns");
                    Type type = Types.common(call, columns, "columns");
                    String first = "coalesce(" + String.join(", ", Types.cast(call, columns, type)) + ")";
                    Projection result = call.all();
                    if (call.flag("drop_source", false)) {
                        columns.forEach(column -> result.drop(column.name()));
                    }
                    return result.put(call.string("output_col"), first).fromDf();
                });
    }
}
