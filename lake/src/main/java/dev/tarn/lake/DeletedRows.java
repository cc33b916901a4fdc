package dev.tarn.lake;

import java.nio.file.Path;
import java.util.Base64;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the condition that holds for rows which deletion vectors leave.
 *
 * <p>The vectors are literals in the SQL, so that it works on any connection and as long as anyone keeps it: the deleted rows
 * of a file are bits, in chunks of which the empty ones take one character. See decision 008 for what else was tried.
 */
final class DeletedRows {
    /** Of rows. DuckDB's reader gives at most 2048 at once, so one lookup serves them all. */
    private static final int CHUNK_BITS = 12;

    private static final int CHUNK = 1 << CHUNK_BITS;

    private final Map<String, BitSet> rows = new LinkedHashMap<>();

    /** @param files the files by the path by which DuckDB reads them */
    DeletedRows(Path table, Map<String, AddFile> files) {
        files.forEach((path, file) -> file.deletionVector().ifPresent(vector -> rows.put(path, vector.rows(table))));
    }

    /** The condition, over the names of columns with the path of the file and the number of the row in it. */
    String condition(String fileColumn, String rowColumn) {
        String chunks =
                "map_from_entries(list_transform(map_entries(" + texts() + "), lambda f: struct_pack(k := f.key,"
                        + " v := list_transform(string_split(f.value, ','),"
                        + " lambda c: CAST(from_base64(nullif(c, '')) AS BIT)))))";
        return "coalesce(get_bit(" + chunks + "[" + fileColumn + "][(" + rowColumn + " >> " + CHUNK_BITS
                + ") + 1], CAST(" + rowColumn + " & " + (CHUNK - 1) + " AS INTEGER)) = 0, true)";
    }

    private String texts() {
        return rows.entrySet().stream()
                .map(file -> SqlText.literal(file.getKey()) + ": '" + text(file.getValue()) + "'")
                .collect(Collectors.joining(", ", "MAP {", "}"));
    }

    /** The chunks up to the last row, in Base64, with commas between them. */
    private static String text(BitSet deleted) {
        StringBuilder text = new StringBuilder();
        for (int from = 0; from < deleted.length(); from += CHUNK) {
            if (from > 0) {
                text.append(',');
            }
            BitSet chunk = deleted.get(from, from + CHUNK);
            if (!chunk.isEmpty()) {
                text.append(Base64.getEncoder().encodeToString(bits(chunk)));
            }
        }
        return text.toString();
    }

    /** In DuckDB the first bit is the highest of its byte. */
    private static byte[] bits(BitSet chunk) {
        byte[] bytes = new byte[CHUNK / Byte.SIZE];
        chunk.stream().forEach(bit -> bytes[bit / Byte.SIZE] |= (byte) (0x80 >> bit % Byte.SIZE));
        return bytes;
    }
}
