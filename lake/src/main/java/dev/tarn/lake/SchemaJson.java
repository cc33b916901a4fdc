package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the schema in a metaData action (Delta protocol, "Schema Serialization Format"). */
final class SchemaJson {
    private static final Pattern DECIMAL = Pattern.compile("decimal\\(\\s*(\\d+)\\s*,\\s*(\\d+)\\s*\\)");

    private final String table;

    private SchemaJson(String table) {
        this.table = table;
    }

    static DeltaType.Struct parse(String table, String schemaString) {
        try {
            return new SchemaJson(table).struct("", Json.object(schemaString));
        } catch (IOException bad) {
            throw LakeException.corrupt("The schema in the log of table '" + table + "' is not valid JSON.");
        }
    }

    static String text(DeltaType.Struct schema) {
        @SuppressWarnings("unchecked")
        Map<String, Object> json = (Map<String, Object>) schema.json();
        return Json.text(json);
    }

    private DeltaType.Struct struct(String path, Map<String, Object> json) {
        if (!(json.get("fields") instanceof List<?> list)) {
            throw damaged(path);
        }
        List<DeltaField> fields = new ArrayList<>();
        for (Object each : list) {
            fields.add(field(path, object(path, each)));
        }
        return new DeltaType.Struct(fields);
    }

    private DeltaField field(String path, Map<String, Object> json) {
        String name = Json.string(json, "name").orElseThrow(() -> damaged(path));
        String inner = path.isEmpty() ? name : path + "." + name;
        boolean nullable = !Boolean.FALSE.equals(json.get("nullable"));
        return new DeltaField(
                name,
                type(inner, json.get("type")),
                nullable,
                Json.child(json, "metadata").orElse(Map.of()));
    }

    private DeltaType type(String path, @Nullable Object json) {
        return json instanceof String name ? simple(path, name) : nested(path, object(path, json));
    }

    /** A type without parts by its name. */
    static Optional<DeltaType> simple(String name) {
        Optional<DeltaType.Primitive> primitive = DeltaType.Primitive.ofJson(name);
        if (primitive.isPresent()) {
            return primitive.map(type -> type);
        }
        Matcher decimal = DECIMAL.matcher(name);
        if (decimal.matches()) {
            return Optional.of(
                    new DeltaType.Decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2))));
        }
        // Spark's default when a writer left the digits out.
        return name.equals("decimal") ? Optional.of(new DeltaType.Decimal(10, 0)) : Optional.empty();
    }

    private DeltaType simple(String path, String name) {
        return simple(name).orElseThrow(() -> unsupported(path, name));
    }

    private LakeException unsupported(String path, String name) {
        return new LakeException(
                Kind.UNSUPPORTED_FEATURE,
                "Column '" + path + "' of table '" + table + "' has the type '" + name + "', which is not supported.",
                "Read or write this table with Spark.");
    }

    private DeltaType nested(String path, Map<String, Object> json) {
        return switch (Json.string(json, "type").orElse("")) {
            case "struct" -> struct(path, json);
            case "array" ->
                new DeltaType.Array(
                        type(path + ".element", json.get("elementType")),
                        !Boolean.FALSE.equals(json.get("containsNull")));
            case "map" ->
                new DeltaType.MapOf(
                        type(path + ".key", json.get("keyType")),
                        type(path + ".value", json.get("valueType")),
                        !Boolean.FALSE.equals(json.get("valueContainsNull")));
            default -> throw damaged(path);
        };
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> object(String path, @Nullable Object json) {
        if (json instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw damaged(path);
    }

    private LakeException damaged(String path) {
        String where = path.isEmpty() ? "" : " at '" + path + "'";
        return LakeException.corrupt("The schema in the log of table '" + table + "' is damaged" + where + ".");
    }
}
