package dev.tarn.cli.render;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists and values as JSON text. */
final class Json {

    private static final JSON PRETTY =
            JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES);

    private static final JSON LINE = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private Json() {}

    /** What every answer begins with. The schema's number changes when a field changes meaning. */
    static Map<String, Object> answer(String schema, String status) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", schema);
        json.put("status", status);
        return json;
    }

    /** On one line. */
    static String line(@Nullable Object value) {
        try {
            return value == null ? "null" : LINE.asString(value);
        } catch (IOException e) {
            throw new IllegalStateException("not a JSON value: " + value, e);
        }
    }

    static String text(Object value) {
        try {
            return PRETTY.asString(value);
        } catch (IOException e) {
            throw new IllegalStateException("not a JSON value: " + value, e);
        }
    }
}
