package dev.tarn.cli.render;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;

/** Writes maps, lists and values as JSON text. */
final class Json {

    private static final JSON PRETTY =
            JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES);

    private Json() {}

    static String text(Object value) {
        try {
            return PRETTY.asString(value);
        } catch (IOException e) {
            throw new IllegalStateException("not a JSON value: " + value, e);
        }
    }
}
