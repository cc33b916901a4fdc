package dev.tarn.core.project;

/** What a write does with what is already there. */
public enum WriteMode {
    OVERWRITE,
    APPEND,
    ERROR_IF_EXISTS,
    /** Rows replace those of the same keys. Databases only. */
    UPSERT;

    /** The mode as it is written in YAML. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
