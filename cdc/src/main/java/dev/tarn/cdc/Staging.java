package dev.tarn.cdc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one table that are not committed yet, on disk: a transaction may be larger than memory. Each has a number,
 * by which those up to the end of a transaction are taken.
 */
final class Staging {

    private record Part(Path path, long last) {}

    private static final JsonFactory JSON = new JsonFactory();

    private final SourceTable table;
    private final Path folder;
    private final List<Part> full = new ArrayList<>();
    private @Nullable JsonGenerator out;
    private @Nullable Path path;
    private long first = Long.MAX_VALUE;
    private long last;
    private int parts;
    /** Bytes of the longest line, at most; DuckDB takes buffers of twice that. */
    private long longest = 4 << 20;

    Staging(SourceTable table, Path folder) {
        this.table = table;
        this.folder = folder;
    }

    /**
     * @param values by column; one that is not there is left as it was
     */
    void add(long number, boolean delete, Map<String, @Nullable String> values) throws IOException {
        JsonGenerator to = out;
        if (to == null) {
            path = folder.resolve(table.name() + "." + parts++ + ".json");
            to = JSON.createGenerator(Files.newBufferedWriter(path, StandardCharsets.UTF_8));
            to.setRootValueSeparator(new com.fasterxml.jackson.core.io.SerializedString("\n"));
            out = to;
        }
        long length = 1024;
        to.writeStartObject();
        to.writeNumberField("_number", number);
        to.writeBooleanField("_delete", delete);
        for (int i = 0; i < table.columns().size(); i++) {
            Column column = table.columns().get(i);
            if (values.containsKey(column.name())) {
                to.writeBooleanField("h" + i, true);
                String value = values.get(column.name());
                if (value != null) {
                    to.writeStringField("c" + i, value);
                    // A control character is six in JSON.
                    length += 6L * value.length() + 32;
                }
            }
        }
        to.writeEndObject();
        longest = Math.max(longest, length);
        first = Math.min(first, number);
        last = number;
    }

    boolean hasUpTo(long number) {
        return first <= number;
    }

    /** Ends the file, so that it can be read. */
    void flush() throws IOException {
        JsonGenerator to = out;
        Path written = path;
        if (to != null && written != null) {
            to.close();
            full.add(new Part(written, last));
            out = null;
        }
    }

    /** Forgets those up to a number, which are in the lake. */
    void forget(long number) throws IOException {
        for (Part part : List.copyOf(full)) {
            if (part.last() <= number) {
                Files.delete(part.path());
                full.remove(part);
            }
        }
        // A file may hold some that are done; they are left out by their numbers.
        first = full.isEmpty() ? Long.MAX_VALUE : number + 1;
    }

    /**
     * For each key what became of it: {@code _delete}, the columns, and for each that an update may leave out {@code
     * _has_<index>}.
     */
    String net(long after, long upTo) {
        StringBuilder last = new StringBuilder();
        StringBuilder shown = new StringBuilder("_delete");
        List<String> key = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            Column column = table.columns().get(i);
            String value = table.isKey(column) ? "c" + i : "v" + i + ".v";
            shown.append(", " + column.cast().formatted(value) + " AS " + column.quoted());
            if (table.isKey(column)) {
                key.add("c" + i);
                last.append(", c" + i);
            } else {
                last.append(", arg_max({v: c" + i + "}, _number) FILTER (WHERE h" + i + ") AS v" + i);
                shown.append(", v" + i + " IS NOT NULL AS _has_" + i);
            }
        }
        return "SELECT " + shown + " FROM (SELECT arg_max(_delete, _number) AS _delete" + last + " FROM " + lines()
                + " WHERE _number > " + after + " AND _number <= " + upTo + " GROUP BY " + String.join(", ", key)
                + ")";
    }

    /** What is in the files; of a table that has none, no row. */
    private String lines() {
        Map<String, String> columns = new LinkedHashMap<>(Map.of("_number", "BIGINT", "_delete", "BOOLEAN"));
        for (int i = 0; i < table.columns().size(); i++) {
            columns.put("h" + i, "BOOLEAN");
            columns.put("c" + i, "VARCHAR");
        }
        if (full.isEmpty()) {
            return columns.entrySet().stream()
                    .map(column -> "CAST(NULL AS " + column.getValue() + ") AS " + column.getKey())
                    .collect(Collectors.joining(", ", "(SELECT ", " WHERE false)"));
        }
        String files = full.stream()
                .map(part -> "'" + part.path().toString().replace("'", "''") + "'")
                .collect(Collectors.joining(", ", "[", "]"));
        String types = columns.entrySet().stream()
                .map(column -> column.getKey() + ": '" + column.getValue() + "'")
                .collect(Collectors.joining(", ", "{", "}"));
        return "read_json(" + files + ", format = 'newline_delimited', maximum_object_size = " + longest
                + ", columns = " + types + ")";
    }
}
