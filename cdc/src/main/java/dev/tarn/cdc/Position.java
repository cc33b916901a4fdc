package dev.tarn.cdc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which batch a commit belongs to, and where the source was at its end. It is in the commit itself, so that data and
 * position cannot be apart.
 *
 * @param batch from 1, of the whole stream
 * @param tables all that get a commit of this batch
 * @param followed all that the stream follows: what changes in others is not in this batch nor in one before it
 * @param transaction the last one in it; none in a snapshot
 * @param offset Debezium's, of the last row in it
 * @param before the offset of the batch before; none of the first
 */
record Position(
        String stream,
        long batch,
        List<String> tables,
        List<String> followed,
        Optional<String> transaction,
        Map<String, Object> offset,
        Optional<Map<String, Object>> before) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORMAT = "tarn/stream/v1";

    Position {
        tables = List.copyOf(tables);
        followed = List.copyOf(followed);
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("format", FORMAT);
        all.put("stream", stream);
        all.put("batch", batch);
        all.put("tables", tables);
        all.put("followed", followed);
        transaction.ifPresent(id -> all.put("transaction", id));
        all.put("offset", offset);
        before.ifPresent(map -> all.put("before", map));
        return json(all);
    }

    private static List<String> names(Map<String, Object> all, String key) {
        return JSON.convertValue(all.getOrDefault(key, List.of()), new TypeReference<List<String>>() {});
    }

    static String json(Map<String, ?> map) {
        try {
            return JSON.writeValueAsString(map);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an offset of Debezium is no JSON: " + map, e);
        }
    }

    /** Of a commit's text, if it is one of this stream. */
    static Optional<Position> parse(String text, String stream) {
        if (!text.startsWith("{\"format\":\"" + FORMAT)) {
            return Optional.empty();
        }
        try {
            Map<String, Object> all = JSON.readValue(text, new TypeReference<Map<String, Object>>() {});
            return Optional.of(new Position(
                            String.valueOf(all.get("stream")),
                            ((Number) Objects.requireNonNull(all.get("batch"))).longValue(),
                            names(all, "tables"),
                            names(all, "followed"),
                            Optional.ofNullable(all.get("transaction")).map(String::valueOf),
                            JSON.convertValue(all.get("offset"), new TypeReference<Map<String, Object>>() {}),
                            Optional.ofNullable(all.get("before"))
                                    .map(map -> JSON.convertValue(map, new TypeReference<Map<String, Object>>() {}))))
                    .filter(position -> position.stream().equals(stream));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a position of a stream cannot be read: " + text, e);
        }
    }
}
