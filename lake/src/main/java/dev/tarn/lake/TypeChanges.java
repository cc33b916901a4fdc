package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Decimal;
import dev.tarn.lake.DeltaType.Primitive;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the changes of type that a schema tells of (Delta protocol, "Type Widening"): files from before one have the
 * narrower type, and DuckDB's reader widens their values.
 */
final class TypeChanges {
    static final String KEY = "delta.typeChanges";

    private static final List<DeltaType> INTEGERS =
            List.of(Primitive.BYTE, Primitive.SHORT, Primitive.INTEGER, Primitive.LONG);

    private TypeChanges() {}

    /** A change that the protocol does not know, in words; empty if there is none. */
    static Optional<String> findUnknown(DeltaType type) {
        if (type instanceof DeltaType.Struct struct) {
            return struct.fields().stream()
                    .flatMap(field -> findUnknown(field).or(() -> findUnknown(field.type())).stream())
                    .findFirst();
        }
        if (type instanceof DeltaType.Array array) {
            return findUnknown(array.element());
        }
        if (type instanceof DeltaType.MapOf map) {
            return findUnknown(map.key()).or(() -> findUnknown(map.value()));
        }
        return Optional.empty();
    }

    private static Optional<String> findUnknown(DeltaField field) {
        for (Map<String, Object> change : Json.objects(field.metadata().get(KEY))) {
            String from = String.valueOf(change.get("fromType"));
            String to = String.valueOf(change.get("toType"));
            boolean known = SchemaJson.simple(from)
                    .flatMap(narrow -> SchemaJson.simple(to).map(wide -> isWidening(narrow, wide)))
                    .orElse(false);
            if (!known) {
                return Optional.of("the change of column '" + field.name() + "' from '" + from + "' to '" + to + "'");
            }
        }
        return Optional.empty();
    }

    static boolean isWidening(DeltaType from, DeltaType to) {
        int width = INTEGERS.indexOf(from);
        boolean isSmallInteger = width >= 0 && from != Primitive.LONG;
        if (to instanceof Decimal wide) {
            int digits = wide.precision() - wide.scale();
            return from instanceof Decimal narrow
                    ? wide.scale() >= narrow.scale() && digits >= narrow.precision() - narrow.scale()
                    : width >= 0 && digits >= (isSmallInteger ? 10 : 20);
        }
        if (to == Primitive.DOUBLE) {
            return isSmallInteger || from == Primitive.FLOAT;
        }
        if (to == Primitive.TIMESTAMP_NTZ) {
            return from == Primitive.DATE;
        }
        return width >= 0 && INTEGERS.indexOf(to) > width;
    }
}
