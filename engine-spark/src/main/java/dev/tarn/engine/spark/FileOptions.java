package dev.tarn.engine.spark;

import dev.tarn.core.project.Format;
import dev.tarn.core.project.Option;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The options of file formats: Spark's own by their names, and those of DuckDB that mean the same, so that a project reads
 * the same on both engines.
 */
final class FileOptions {

    private static final Map<Format, List<String>> READ = Map.of(
            Format.CSV,
            List.of(
                    "header",
                    "sep",
                    "delimiter",
                    "quote",
                    "escape",
                    "encoding",
                    "comment",
                    "inferSchema",
                    "nullValue",
                    "nanValue",
                    "dateFormat",
                    "timestampFormat",
                    "timestampNTZFormat",
                    "multiLine",
                    "lineSep",
                    "ignoreLeadingWhiteSpace",
                    "ignoreTrailingWhiteSpace",
                    "emptyValue",
                    "locale",
                    "maxColumns",
                    "maxCharsPerColumn",
                    "samplingRatio",
                    "preferDate"),
            Format.JSON,
            List.of(
                    "multiLine",
                    "dateFormat",
                    "timestampFormat",
                    "timestampNTZFormat",
                    "primitivesAsString",
                    "prefersDecimal",
                    "allowComments",
                    "allowUnquotedFieldNames",
                    "allowSingleQuotes",
                    "allowNumericLeadingZeros",
                    "encoding",
                    "lineSep",
                    "samplingRatio",
                    "locale"),
            Format.PARQUET,
            List.of("mergeSchema"));

    private static final Map<Format, List<String>> WRITE = Map.of(
            Format.CSV,
            List.of(
                    "header",
                    "sep",
                    "delimiter",
                    "quote",
                    "escape",
                    "nullValue",
                    "dateFormat",
                    "timestampFormat",
                    "timestampNTZFormat",
                    "quoteAll",
                    "emptyValue",
                    "encoding",
                    "compression"),
            Format.JSON,
            List.of(
                    "dateFormat",
                    "timestampFormat",
                    "timestampNTZFormat",
                    "encoding",
                    "compression",
                    "ignoreNullFields"),
            Format.PARQUET,
            List.of("compression"));

    /** What DuckDB calls otherwise. */
    private static final Map<String, String> SYNONYMS =
            Map.of("delim", "sep", "nullstr", "nullValue", "null", "nullValue");

    private FileOptions() {}

    /** The names that may be said, as Spark writes them, by lower case. */
    static Map<String, String> names(Format format, boolean reading) {
        Map<String, String> names = new TreeMap<>();
        (reading ? READ : WRITE)
                .getOrDefault(format, List.of())
                .forEach(name -> names.put(name.toLowerCase(Locale.ROOT), name));
        if (format == Format.CSV) {
            SYNONYMS.forEach((duckdb, spark) -> names.put(duckdb, spark));
        }
        if (format == Format.CSV && reading) {
            names.put("all_varchar", "inferSchema");
        }
        if (format == Format.JSON && reading) {
            names.put("format", "multiLine");
        }
        if (format == Format.PARQUET && reading) {
            names.put("union_by_name", "mergeSchema");
        }
        return names;
    }

    /** The names to propose. */
    static Set<String> proposals(Format format, boolean reading) {
        return new TreeSet<>((reading ? READ : WRITE).getOrDefault(format, List.of()));
    }

    /** A user's options as Spark takes them. */
    static Map<String, String> of(List<Option> options, Format format, boolean reading) {
        Map<String, String> names = names(format, reading);
        Map<String, String> spark = new LinkedHashMap<>();
        for (Option option : options) {
            String said = option.name().toLowerCase(Locale.ROOT);
            String value = String.valueOf(option.value());
            switch (said) {
                case "all_varchar" -> spark.put("inferSchema", String.valueOf(!value.equals("true")));
                case "format" -> {
                    if (!value.equals("auto")) {
                        spark.put("multiLine", String.valueOf(!value.equals("newline_delimited")));
                    }
                }
                default -> spark.put(names.getOrDefault(said, option.name()), value);
            }
        }
        return spark;
    }
}
