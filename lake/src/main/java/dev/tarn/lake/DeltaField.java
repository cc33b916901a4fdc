package dev.tarn.lake;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Describes a column of a Delta table, or a field of a struct in it.
 *
 * @param metadata what the schema says about the field beside its type, as JSON values
 */
public record DeltaField(String name, DeltaType type, boolean nullable, Map<String, Object> metadata) {
    public DeltaField {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** A nullable field without metadata. */
    public DeltaField(String name, DeltaType type) {
        this(name, type, true, Map.of());
    }

    /** The same field, which every row must have; a field is nullable otherwise. */
    public DeltaField notNull() {
        return new DeltaField(name, type, false, metadata);
    }

    /** The same field with a text about it. */
    public DeltaField withComment(String text) {
        Map<String, Object> commented = new LinkedHashMap<>(metadata);
        commented.put("comment", text);
        return new DeltaField(name, type, nullable, commented);
    }

    /** Equal for names that differ only in case. */
    String key() {
        return NewSchema.fold(name);
    }

    DeltaField withType(DeltaType other) {
        return new DeltaField(name, other, nullable, metadata);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("type", type.json());
        json.put("nullable", nullable);
        json.put("metadata", metadata);
        return json;
    }
}
