package dev.tarn.cdc;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Debezium's rows as texts that the casts of {@link Column} take; a value that Delta cannot hold is refused. */
final class Values {

    /** What Debezium writes for a value that the source did not send; by chance, so that no text is taken for it. */
    static final String ABSENT = UUID.randomUUID().toString();

    private static final String ABSENT_BYTES = hex(ABSENT);

    /** 0001-01-01 and 9999-12-31. */
    private static final long FIRST_DAY = -719_162;

    private static final long LAST_DAY = 2_932_896;
    private static final long DAY_MICROS = 86_400_000_000L;

    private Values() {}

    private static String hex(String text) {
        StringBuilder hex = new StringBuilder();
        for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            hex.append("%02x".formatted(b));
        }
        return hex.toString();
    }

    /** The columns that the row has; those that the source left out are not in it. */
    static Map<String, @Nullable String> of(SourceTable table, Struct row) throws StreamException {
        Map<String, @Nullable String> values = new HashMap<>();
        for (Field field : row.schema().fields()) {
            Object value = row.get(field);
            if (!ABSENT.equals(value) && !ABSENT_BYTES.equals(value)) {
                values.put(field.name(), value == null ? null : text(table, field, value));
            }
        }
        return values;
    }

    private static String text(SourceTable table, Field field, Object value) throws StreamException {
        String type = Optional.ofNullable(field.schema().name()).orElse("");
        return switch (type) {
            case "io.debezium.time.Date" -> {
                long days = ((Number) value).longValue();
                yield days(table, field, days) + "";
            }
            case "io.debezium.time.Timestamp" -> micros(table, field, Math.multiplyExact((long) value, 1000L)) + "";
            case "io.debezium.time.MicroTimestamp" -> micros(table, field, (long) value) + "";
            case "io.debezium.time.ZonedTimestamp" -> {
                if (!value.toString().matches("[0-9]{4}-.*")) {
                    throw refused(table, field, value);
                }
                yield value.toString();
            }
            default -> plain(table, field, value);
        };
    }

    private static String plain(SourceTable table, Field field, Object value) throws StreamException {
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            String text = value.toString();
            if (text.equalsIgnoreCase("NaN") && value instanceof String && isNumber(table, field)) {
                throw refused(table, field, value);
            }
            return text;
        }
        throw refused(table, field, value);
    }

    private static boolean isNumber(SourceTable table, Field field) {
        return table.columns().stream()
                .anyMatch(column ->
                        column.name().equals(field.name()) && column.cast().contains("DECIMAL"));
    }

    private static long days(SourceTable table, Field field, long days) throws StreamException {
        if (days < FIRST_DAY || days > LAST_DAY) {
            throw refused(table, field, days + " days since 1970");
        }
        return days;
    }

    private static long micros(SourceTable table, Field field, long micros) throws StreamException {
        days(table, field, Math.floorDiv(micros, DAY_MICROS));
        return micros;
    }

    private static StreamException refused(SourceTable table, Field field, Object value) {
        return new StreamException(
                "column '" + field.name() + "' of table '" + table.name() + "' has a value that Delta cannot hold: "
                        + value,
                "correct it in the source, then read the tables again with 'tarn stream resync'");
    }
}
