package dev.tarn.lake;

import java.util.Map;
import java.util.Optional;

/** Says which commits of other writers a commit may be put after. */
public enum IsolationLevel {
    /** The table is as if all commits had been made one after the other, in the order of their versions. */
    SERIALIZABLE("Serializable"),
    /**
     * The same, but rows that others append without reading the table may be ordered after a commit that did not see them
     * although their version is lower.
     */
    WRITE_SERIALIZABLE("WriteSerializable");

    static final String PROPERTY = "delta.isolationLevel";

    private final String sparkName;

    IsolationLevel(String sparkName) {
        this.sparkName = sparkName;
    }

    String sparkName() {
        return sparkName;
    }

    /** What the table asks for; Delta's own default is the stricter level, and so is what we take an unknown name for. */
    static IsolationLevel of(Map<String, String> properties) {
        return Optional.ofNullable(properties.get(PROPERTY))
                .filter(WRITE_SERIALIZABLE.sparkName::equalsIgnoreCase)
                .map(name -> WRITE_SERIALIZABLE)
                .orElse(SERIALIZABLE);
    }
}
