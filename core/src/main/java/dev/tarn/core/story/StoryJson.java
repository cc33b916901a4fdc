package dev.tarn.core.story;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;

/** Writes stories as JSON, and reads them. */
public final class StoryJson {

    private static final JSON PRETTY =
            JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES);

    private StoryJson() {}

    /** A story as JSON text of the schema {@link Story#SCHEMA}. */
    public static String write(Story story) {
        return text(story);
    }

    /** Any of a story's records as JSON values: maps, lists and scalars. */
    public static Object value(Record part) {
        return Objects.requireNonNull(RecordJson.write(part));
    }

    private static String text(Record value) {
        try {
            return PRETTY.asString(RecordJson.write(value)) + "\n";
        } catch (IOException e) {
            throw new IllegalStateException("a story is not JSON: " + value, e);
        }
    }

    /** The story in a text; throws where it is none of {@link Story#SCHEMA}. */
    public static Story read(String json) throws IOException {
        try {
            Map<String, Object> map = JSON.std.mapFrom(json);
            if (!Story.SCHEMA.equals(map.get("schema"))) {
                throw new IOException("its schema is " + map.get("schema") + ", not " + Story.SCHEMA);
            }
            return RecordJson.read(Story.class, map);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new IOException("it is damaged", e);
        }
    }
}
