package dev.tarn.lake;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a commit did, for the table's history (Delta protocol, "Commit Provenance Information").
 *
 * @param name as Spark names it, such as {@code MERGE}
 * @param parameters JSON values; where Spark has a list it writes the text of a JSON array
 * @param metrics as Spark names them; written as texts, as Spark does
 */
record Operation(String name, Map<String, Object> parameters, Map<String, Object> metrics) {
    Operation {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    Map<String, String> metricTexts() {
        return metrics.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        metric -> String.valueOf(metric.getValue()),
                        (first, second) -> second,
                        LinkedHashMap::new));
    }
}
