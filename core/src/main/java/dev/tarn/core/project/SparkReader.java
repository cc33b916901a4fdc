package dev.tarn.core.project;

import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a project says of Spark: {@code spark} and {@code performance.spark_config}. */
final class SparkReader {

    static final List<String> VERSIONS = List.of(SparkSettings.DEFAULT_VERSION);

    private final Problems problems;

    SparkReader(Problems problems) {
        this.problems = problems;
    }

    SparkSettings read(MappingReader project) {
        Map<String, String> config =
                project.mapping("performance").map(this::performance).orElse(Map.of());
        Optional<MappingReader> spark = project.mapping("spark");
        Optional<Yaml.Scalar> version = spark.flatMap(in -> in.scalar("version"));
        Optional<String> master = spark.flatMap(in -> in.text("master"));
        spark.ifPresent(MappingReader::finish);
        return new SparkSettings(version.map(this::version).orElse(SparkSettings.DEFAULT_VERSION), master, config);
    }

    /** The number 4.10 is 4.1, so a version is taken as it is written. */
    private String version(Yaml.Scalar scalar) {
        String text = scalar.text().text();
        for (String known : VERSIONS) {
            if (text.equals(known) || text.startsWith(known + ".")) {
                return known;
            }
        }
        problems.error(
                ProblemCode.INVALID_VALUE,
                scalar.span(),
                "there is no engine for Spark '" + text + "'",
                "allowed: " + String.join(", ", VERSIONS));
        return SparkSettings.DEFAULT_VERSION;
    }

    private Map<String, String> performance(MappingReader in) {
        Map<String, String> config = new LinkedHashMap<>();
        for (Yaml.Entry entry :
                in.mapping("spark_config").map(MappingReader::entries).orElse(List.of())) {
            setting(entry).ifPresent(value -> config.put(entry.key(), value));
        }
        in.finish();
        return config;
    }

    private Optional<String> setting(Yaml.Entry entry) {
        if (!entry.key().startsWith("spark.")) {
            problems.error(
                    ProblemCode.UNKNOWN_KEY,
                    entry.keySpan(),
                    "'" + entry.key() + "' is no setting of Spark",
                    "Spark's settings begin with 'spark.'");
            return Optional.empty();
        }
        if (entry.value() instanceof Yaml.Scalar scalar) {
            return Optional.of(scalar.text().text());
        }
        if (!(entry.value() instanceof Yaml.Unresolved)) {
            problems.error(
                    ProblemCode.WRONG_TYPE,
                    entry.value().span(),
                    "'" + entry.key() + "' takes a text, not " + entry.value().kind());
        }
        return Optional.empty();
    }
}
