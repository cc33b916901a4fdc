package dev.tarn.core.transform;

import static dev.tarn.core.transform.Parameter.FLAG;
import static dev.tarn.core.transform.Parameter.TEXT;

import dev.tarn.core.source.Names;
import dev.tarn.core.transform.Parameter.Form;
import dev.tarn.core.transform.Type.Field;
import dev.tarn.core.transform.Type.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Transformers of lists, structs and JSON. */
final class NestedTransformers {

    private record Leaf(String name, String value) {}

    private NestedTransformers() {}

    static List<Transformer> all() {
        return List.of(explodeListColumn(), unpackStruct(), flattenStruct(), normalizeJson(), parseJson());
    }

    private static Column of(Call call, String parameter, Kind kind, String word) {
        Column column = call.column(parameter);
        if (column.type().kind() != kind && !column.type().isUnknown()) {
            throw call.bad(
                    parameter,
                    "column " + Names.quoted(column.name()) + " is of type " + column.type() + ", not a " + word,
                    "text that holds JSON is read by parse_json in a step before");
        }
        return column;
    }

    private static Transformer explodeListColumn() {
        return Transformer.named("explode_list_column", "Makes a row of each item of a list.")
                .required("column", TEXT, "column of lists")
                .optional(
                        "outer", FLAG, "false", "whether a row whose list is empty or NULL is kept, with NULL as item")
                .example("""
                        params:
                        column: tags
                        outer: true
                        df:
                        | id int | tags array<string> |
                        | 1 | [a, null] |
                        | 2 | [] |
                        | 3 | NULL |
                        result:
                        | id int | tags string |
                        | 1 | a |
                        | 1 | NULL |
                        | 2 | NULL |
                        | 3 | NULL |
                        """)
                .as(call -> {
                    Column column = of(call, "column", Kind.ARRAY, "list");
                    return call.all()
                            .put(column, call.dialect().explode(call.name(column), call.flag("outer", false)))
                            .fromDf();
                });
    }

    private static Transformer unpackStruct() {
        return Transformer.named("unpack_struct", "Puts the fields of a struct into columns, one level deep.")
                .required("column", TEXT, "column of structs")
                .notes("The columns are named as the fields are; a name that is taken is an error. The struct is kept.")
                .example("""
                        params:
                        column: at
                        df:
                        | id int | at struct<x:int,y:struct<z:string>> |
                        | 1 | {x: 1, y: {z: a}} |
                        | 2 | NULL |
                        result:
                        | id int | at struct<x:int,y:struct<z:string>> | x int | y struct<z:string> |
                        | 1 | {x: 1, y: {z: a}} | 1 | {z: a} |
                        | 2 | NULL | NULL | NULL |
                        """)
                .as(call -> {
                    Column column = of(call, "column", Kind.STRUCT, "struct");
                    Projection result = call.all();
                    for (Leaf leaf : leaves(call, call.name(column), column.type(), "", "", 1)) {
                        result.add(leaf.name(), leaf.value(), "column");
                    }
                    return opened(result.fromDf(), column);
                });
    }

    /** Without the type it is not known which columns there will be. */
    private static Query opened(Query query, Column column) {
        return column.type().isUnknown() ? new Query(query.sql(), Optional.empty()) : query;
    }

    private static List<Leaf> leaves(Call call, String value, Type type, String prefix, String separator, long depth) {
        List<Leaf> leaves = new ArrayList<>();
        for (Field field : type.kind() == Kind.STRUCT ? type.fields() : List.<Field>of()) {
            String inner = call.dialect().field(value, field.name());
            if (field.type().kind() == Kind.STRUCT && depth > 1) {
                leaves.addAll(
                        leaves(call, inner, field.type(), prefix + field.name() + separator, separator, depth - 1));
            } else {
                leaves.add(new Leaf(prefix + field.name(), inner));
            }
        }
        return leaves;
    }

    private static Transformer flattenStruct() {
        return Transformer.named("flatten_struct", "Puts the fields of a struct into columns, as deep as wanted.")
                .required("column", TEXT, "column of structs")
                .optional("prefix", TEXT, "the column's name and the separator", "what the new names begin with")
                .optional("depth", new Form.Whole(1, 100), "1", "how many levels; what is deeper stays a struct")
                .optional("separator", TEXT, "_", "what stands between the names of levels")
                .optional("drop_source", FLAG, "true", "whether the struct is left out")
                .example("""
                        params:
                        column: at
                        depth: 2
                        df:
                        | id int | at struct<x:int,y:struct<z:string>> |
                        | 1 | {x: 1, y: {z: a}} |
                        | 2 | NULL |
                        result:
                        | id int | at_x int | at_y_z string |
                        | 1 | 1 | a |
                        | 2 | NULL | NULL |
                        """)
                .as(call -> {
                    Column column = of(call, "column", Kind.STRUCT, "struct");
                    String separator = call.string("separator", "_");
                    String prefix = call.string("prefix", column.name() + separator);
                    Projection result = call.all();
                    if (call.flag("drop_source", true)) {
                        result.drop(column.name());
                    }
                    for (Leaf leaf :
                            leaves(call, call.name(column), column.type(), prefix, separator, call.whole("depth", 1))) {
                        result.add(leaf.name(), leaf.value(), "column");
                    }
                    return column.type().isUnknown()
                            ? new Query("FROM df", Optional.empty())
                            : opened(result.fromDf(), column);
                });
    }

    private static Transformer normalizeJson() {
        return Transformer.named("normalize_json", "Puts all fields of a struct, however deep, into columns.")
                .required("column", TEXT, "column of structs, such as `parse_json` makes")
                .optional("sep", TEXT, "_", "what stands between the names of levels")
                .notes("A name that is taken gets `_json` behind it. The struct is kept.")
                .example("""
                        params:
                        column: j
                        df:
                        | id int | j struct<id:int,a:struct<b:array<int>>> |
                        | 1 | {id: 7, a: {b: [1, 2]}} |
                        result:
                        | id int | j struct<id:int,a:struct<b:array<int>>> | id_json int | a_b array<int> |
                        | 1 | {id: 7, a: {b: [1, 2]}} | 7 | [1, 2] |
                        """)
                .as(call -> {
                    Column column = of(call, "column", Kind.STRUCT, "struct");
                    Projection result = call.all();
                    for (Leaf leaf : leaves(call, call.name(column), column.type(), "", call.string("sep", "_"), 100)) {
                        String name = result.has(leaf.name()) ? leaf.name() + "_json" : leaf.name();
                        result.add(name, leaf.value(), "column");
                    }
                    return opened(result.fromDf(), column);
                });
    }

    private static Transformer parseJson() {
        return Transformer.named("parse_json", "Reads text that holds JSON.")
                .required("column", TEXT, "column of text")
                .required("json_schema", TEXT, "names and types of the fields to take: `id INT, tags ARRAY<STRING>`")
                .optional("output_col", TEXT, "COLUMN_parsed", "the column that gets the struct")
                .notes("""
                        - Text that is no JSON object gives NULL.
                        - A field that is missing, or whose value is of another kind than its type, is NULL: no text becomes a
                          number, and no number with a fraction becomes whole.
                        - A field of type `string` takes whatever is there: objects and lists as JSON text.
                        - Names are told apart by case.
                        - Types are `boolean`, `int`, `bigint`, `double`, `string`, and `array<…>` and `struct<…>` of these.""")
                .example("""
                        params:
                        column: j
                        json_schema: "id INT, name STRING, at STRUCT<x: DOUBLE>, tags ARRAY<STRING>"
                        output_col: v
                        df:
                        | j string |
                        | '{"id": 1, "name": "Ada", "at": {"x": 1.5}, "tags": ["a", null]}' |
                        | '{"id": "1", "name": 7}' |
                        | '{broken' |
                        | NULL |
                        result:
                        | j string | v struct<id:int,name:string,at:struct<x:double>,tags:array<string>> |
                        | '{"id": 1, "name": "Ada", "at": {"x": 1.5}, "tags": ["a", null]}' | {id: 1, name: Ada, at: {x: 1.5}, tags: [a, null]} |
                        | '{"id": "1", "name": 7}' | {id: null, name: "7", at: null, tags: null} |
                        | '{broken' | NULL |
                        | NULL | NULL |
                        """)
                .as(call -> {
                    Column column = call.text("column");
                    Type type = schema(call);
                    return call.all()
                            .put(
                                    call.string("output_col", column.name() + "_parsed"),
                                    Json.read(call, call.name(column), type))
                            .fromDf();
                });
    }

    private static Type schema(Call call) {
        String text = call.string("json_schema");
        try {
            Type type = Type.nested(Kind.STRUCT, new TypeParser(text, false).fields());
            Json.check(type);
            return type;
        } catch (IllegalArgumentException e) {
            throw call.bad(
                    "json_schema",
                    "not a list of fields and types that JSON can have",
                    "write it as in: id INT, name STRING, tags ARRAY<STRING>");
        }
    }
}
