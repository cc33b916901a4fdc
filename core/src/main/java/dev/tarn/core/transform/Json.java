package dev.tarn.core.transform;

import dev.tarn.core.transform.Type.Field;
import dev.tarn.core.transform.Type.Kind;
import java.util.List;
import java.util.stream.Collectors;

/** Reads JSON into structs, strictly: a value of another kind than asked for is NULL. */
final class Json {

    private Json() {}

    /** Refuses what JSON has no values of. */
    static void check(Type type) {
        boolean known = List.of(Kind.BOOLEAN, Kind.INT, Kind.BIGINT, Kind.DOUBLE, Kind.STRING, Kind.ARRAY, Kind.STRUCT)
                .contains(type.kind());
        if (!known) {
            throw new IllegalArgumentException(type.toString());
        }
        type.fields().forEach(field -> check(field.type()));
    }

    static String read(Call call, String text, Type type) {
        if (call.dialect() == SqlDialect.SPARK) {
            String object = "get_json_object(" + text + ", '$')";
            String schema = type.fields().stream()
                    .map(field -> call.name(field.name()) + " " + call.dialect().type(field.type()))
                    .collect(Collectors.joining(", "));
            return "CASE WHEN startswith(" + object + ", '{') THEN from_json(" + text + ", " + call.literal(schema)
                    + ") END";
        }
        // No condition before it would keep DuckDB from casting what is no JSON: it computes common parts first.
        String json = "TRY_CAST(" + text + " AS JSON)";
        return "CASE WHEN json_type(" + json + ") = 'OBJECT' THEN " + struct(call, json, type, 0) + " END";
    }

    private static String struct(Call call, String json, Type type, int depth) {
        return type.fields().stream()
                .map(field -> call.literal(field.name()) + ": "
                        + value(call, "json_extract(" + json + ", " + pointer(call, field) + ")", field.type(), depth))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String pointer(Call call, Field field) {
        return call.literal("/" + field.name().replace("~", "~0").replace("/", "~1"));
    }

    private static String value(Call call, String json, Type type, int depth) {
        String kind = "json_type(" + json + ")";
        return switch (type.kind()) {
            case BOOLEAN -> "CASE WHEN " + kind + " = 'BOOLEAN' THEN CAST(" + json + " AS BOOLEAN) END";
            case INT, BIGINT ->
                "CASE WHEN " + kind + " IN ('UBIGINT', 'BIGINT') THEN TRY_CAST(" + json + " AS "
                        + call.dialect().type(type) + ") END";
            case DOUBLE ->
                "CASE WHEN " + kind + " IN ('UBIGINT', 'BIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE') THEN CAST(" + json
                        + " AS DOUBLE) END";
            case STRING -> "CASE WHEN " + kind + " <> 'NULL' THEN json_extract_string(" + json + ", '$') END";
            case ARRAY -> {
                String item = "x" + depth;
                yield "CASE WHEN " + kind + " = 'ARRAY' THEN list_transform(json_extract(" + json + ", '$[*]'), lambda "
                        + item + ": " + value(call, item, type.fields().get(0).type(), depth + 1) + ") END";
            }
            default -> "CASE WHEN " + kind + " = 'OBJECT' THEN " + struct(call, json, type, depth) + " END";
        };
    }
}
