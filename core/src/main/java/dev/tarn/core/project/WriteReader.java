package dev.tarn.core.project;

import dev.tarn.core.connection.Location;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code write} of a node. */
final class WriteReader {

    private static final Choices<Format> FORMATS =
            Choices.of("format", Format.class, "excel", "avro", "sql_server", "azure_sql");
    private static final Choices<WriteMode> MODES = Choices.of("write mode", WriteMode.class, "append_once", "merge");
    private static final String[] LATER = {
        "register_table",
        "zorder_by",
        "table_properties",
        "first_run_query",
        "auto_optimize",
        "skip_if_unchanged",
        "skip_hash_columns",
        "skip_hash_sort_columns",
        "streaming",
        "merge_keys",
        "merge_options",
        "overwrite_options"
    };

    private final LocationReader locations;
    private final Problems problems;

    WriteReader(LocationReader locations, Problems problems) {
        this.locations = locations;
        this.problems = problems;
    }

    Optional<Write> read(MappingReader in, MetadataReader metadataReader) {
        in.require("format");
        Optional<Format> format = in.choice("format", FORMATS);
        boolean isSql = format.isPresent() && format.get() == Format.SQL;
        Optional<Location> location = isSql ? locations.inDatabase(in, false) : locations.target(in, format);
        WriteMode mode = in.choice("mode", MODES).orElse(WriteMode.OVERWRITE);
        List<String> keys = keys(in, mode, format);
        List<String> partitionBy = partitionBy(in);
        if (isSql && !partitionBy.isEmpty()) {
            conflict(in, "partition_by", "'partition_by' has no meaning for format sql", "remove it");
        }
        boolean mergeSchema = schemaFlag(in, "merge_schema", format);
        boolean overwriteSchema = schemaFlag(in, "overwrite_schema", format);
        checkOverwriteSchema(in, overwriteSchema, mode);
        List<Option> options = options(in, format);
        Set<MetadataColumn> metadata = metadataReader.read(in);
        finish(in);
        return format.flatMap(f -> location.map(l ->
                new Write(f, l, mode, partitionBy, mergeSchema, overwriteSchema, options, metadata, keys, in.where())));
    }

    private List<String> keys(MappingReader in, WriteMode mode, Optional<Format> format) {
        Identifiers columns = new Identifiers("key column", problems);
        List<String> keys = in.texts("keys").stream()
                .filter(c -> columns.isFirst(c.text().text(), c.span()))
                .map(c -> c.text().text())
                .toList();
        if (mode == WriteMode.UPSERT && format.isPresent() && format.get() != Format.SQL) {
            String message = "mode upsert is not supported yet for format "
                    + format.get().id();
            conflict(in, "mode", message, "use mode: append or overwrite");
        } else if (mode == WriteMode.UPSERT && keys.isEmpty()) {
            problems.error(
                    ProblemCode.MISSING_KEY,
                    in.where(),
                    in.what() + " has no 'keys'",
                    "name the columns by which rows are the same: keys: [id]");
        } else if (mode != WriteMode.UPSERT && in.has("keys")) {
            conflict(in, "keys", "'keys' has no meaning with mode " + mode.id(), "use it with mode: upsert");
        }
        return keys;
    }

    private void finish(MappingReader in) {
        in.unsupported(LATER);
        in.hint("use 'format'", "type");
        in.hint("use 'path'", "file", "location");
        in.hint("use 'partition_by'", "partitions", "partition_cols", "partition_columns");
        in.finish();
    }

    private List<String> partitionBy(MappingReader in) {
        Identifiers columns = new Identifiers("partition column", problems);
        return in.texts("partition_by").stream()
                .filter(c -> columns.isFirst(c.text().text(), c.span()))
                .map(c -> c.text().text())
                .toList();
    }

    private boolean schemaFlag(MappingReader in, String key, Optional<Format> format) {
        boolean value = in.flag(key, false);
        if (value && format.isPresent() && format.get() != Format.DELTA) {
            conflict(
                    in,
                    key,
                    "'" + key + "' has no meaning for format " + format.get().id(),
                    "use it with format: delta");
        }
        return value;
    }

    private void checkOverwriteSchema(MappingReader in, boolean overwriteSchema, WriteMode mode) {
        if (overwriteSchema && mode != WriteMode.OVERWRITE) {
            String message = "'overwrite_schema' has no meaning with mode " + mode.id();
            conflict(in, "overwrite_schema", message, "use mode: overwrite, or merge_schema: true to add columns");
        }
    }

    private void conflict(MappingReader in, String key, String message, String help) {
        in.keySpan(key).ifPresent(span -> problems.error(ProblemCode.CONFLICTING_KEYS, span, message, help));
    }

    private List<Option> options(MappingReader in, Optional<Format> format) {
        List<Option> options = new OptionReader(problems).read(in);
        if (format.isPresent() && (format.get() == Format.DELTA || format.get() == Format.SQL)) {
            options.forEach(o -> problems.error(
                    ProblemCode.UNKNOWN_OPTION,
                    o.nameSpan(),
                    "option " + Names.quoted(o.name()) + " is not known for writing "
                            + format.get().id(),
                    "remove it: there are no options"));
        }
        return options;
    }
}
