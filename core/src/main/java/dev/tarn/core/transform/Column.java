package dev.tarn.core.transform;

/** A column of the rows that a transformer works on. */
public record Column(String name, Type type) {

    /** A column of which only the name is known. */
    public static Column ofUnknownType(String name) {
        return new Column(name, Type.UNKNOWN);
    }

    boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }
}
