package dev.tarn.core.transform;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All transformers. */
public final class Transformers {

    private static final Map<String, Transformer> BY_NAME = byName();

    /** ODIBI's transformers that are not here, and what to do instead. */
    private static final Map<String, String> ABSENT = Map.ofEntries(
            Map.entry(
                    "geocode", "it does nothing in ODIBI, either: ask a service for coordinates, and read its answers"),
            Map.entry("scd2", "keep versions of rows with a query over the new rows and the table"),
            Map.entry("merge", "use the 'mode' of 'write'"),
            Map.entry("detect_deletes", "compare with the table in a step of SQL"),
            Map.entry("cross_check", "compare in a node of its own, with a test of type custom_sql"),
            Map.entry("unit_convert", "multiply in derive_columns"),
            Map.entry("detect_sequential_phases", "use window_calculation or SQL"),
            Map.entry("fluid_properties", "compute them before, and read the result"),
            Map.entry("saturation_properties", "compute them before, and read the result"),
            Map.entry("psychrometrics", "compute them before, and read the result"));

    private Transformers() {}

    private static Map<String, Transformer> byName() {
        Map<String, Transformer> byName = new LinkedHashMap<>();
        Stream.of(
                        RowTransformers.all(),
                        ColumnTransformers.all(),
                        ValueTransformers.all(),
                        TimeTransformers.all(),
                        KeyTransformers.all(),
                        RelationalTransformers.all(),
                        NestedTransformers.all(),
                        EventTransformers.all())
                .flatMap(List::stream)
                .forEach(transformer -> byName.put(transformer.name(), transformer));
        return Collections.unmodifiableMap(byName);
    }

    public static List<Transformer> all() {
        return List.copyOf(BY_NAME.values());
    }

    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    public static Optional<Transformer> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** What to do instead of one of ODIBI's transformers that is not here. */
    public static Optional<String> insteadOf(String name) {
        return Optional.ofNullable(ABSENT.get(name));
    }
}
