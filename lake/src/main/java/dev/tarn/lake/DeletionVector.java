package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * Finds the rows that are no longer part of a table though a data file still has them (Delta protocol, "Deletion
 * Vectors").
 *
 * @param json the descriptor as the log has it
 */
record DeletionVector(Map<String, Object> json) {
    static final byte FILE_VERSION = 1;

    /** A UUID of 16 bytes. */
    private static final int UUID_TEXT = 20;

    /** How many rows of the data file are deleted. */
    long cardinality() {
        return Json.number(json, "cardinality").orElse(0L);
    }

    /** Whether it is in another store, where this process cannot read. */
    boolean isRemote() {
        return "p".equals(json.get("storageType"))
                && LogPath.isRemote(Json.string(json, "pathOrInlineDv").orElse(""));
    }

    /** The file that it is in; empty if it is in the log itself or nobody knows. */
    Optional<Path> file(Path table) {
        String text = Json.string(json, "pathOrInlineDv").orElse("");
        return switch (Json.string(json, "storageType").orElse("")) {
            case "u" -> Optional.of(named(table, text));
            case "p" -> isRemote() ? Optional.empty() : Optional.of(LogPath.locate(table, text));
            default -> Optional.empty();
        };
    }

    /** The numbers of the deleted rows, from 0; fails if the vector is damaged. */
    BitSet rows(Path table) {
        try {
            BitSet rows = RoaringBits.parse(bytes(table));
            if (rows.cardinality() != cardinality()) {
                throw new IllegalArgumentException(
                        "it has " + rows.cardinality() + " rows where the log has " + cardinality());
            }
            return rows;
        } catch (IllegalArgumentException damaged) {
            throw LakeException.corrupt("The deletion vector '" + json.get("storageType") + where() + "' of table '"
                    + table + "' is damaged: " + damaged.getMessage() + ".");
        }
    }

    private String where() {
        return json.get("pathOrInlineDv") + (json.get("offset") == null ? "" : "@" + json.get("offset"));
    }

    private byte[] bytes(Path table) {
        String text = Json.string(json, "pathOrInlineDv").orElse("");
        int size = Json.number(json, "sizeInBytes").orElse(-1L).intValue();
        return switch (Json.string(json, "storageType").orElse("")) {
            case "i" -> inline(text, size);
            case "u" -> stored(table, named(table, text), size);
            case "p" -> stored(table, LogPath.locate(table, text), size);
            default -> throw new IllegalArgumentException("its storage type is unknown");
        };
    }

    private static byte[] inline(String text, int size) {
        byte[] bytes = Z85.decode(text);
        // The encoding takes four bytes at a time, so the end may be filled up.
        if (size < 0 || size > bytes.length || bytes.length - size > 3) {
            throw new IllegalArgumentException("it has " + bytes.length + " bytes where the log has " + size);
        }
        return Arrays.copyOf(bytes, size);
    }

    /** The name is a random prefix, which is a directory if it is there, and the UUID of the file ("Derived Fields"). */
    private static Path named(Path table, String text) {
        if (text.length() < UUID_TEXT) {
            throw new IllegalArgumentException("its name is too short");
        }
        String prefix = text.substring(0, text.length() - UUID_TEXT);
        ByteBuffer uuid = ByteBuffer.wrap(Z85.decode(text.substring(prefix.length())));
        return table.resolve(prefix).resolve(fileName(new UUID(uuid.getLong(), uuid.getLong())));
    }

    static String fileName(UUID uuid) {
        return "deletion_vector_" + uuid + ".bin";
    }

    /** One vector of a file of several ("Deletion Vector File Storage Format"). */
    private byte[] stored(Path table, Path path, int size) {
        // Without an offset it is the first, which comes after the version.
        long offset = Json.number(json, "offset").orElse(1L);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            require(file.read() == FILE_VERSION, "its file has another format");
            require(offset > 0 && size >= 0 && offset + size + 2L * Integer.BYTES <= file.length(), "its file is cut");
            file.seek(offset);
            require(file.readInt() == size, "its file has another size for it than the log");
            byte[] bytes = new byte[size];
            file.readFully(bytes);
            CRC32 checksum = new CRC32();
            checksum.update(bytes);
            require(file.readInt() == (int) checksum.getValue(), "its checksum is wrong");
            return bytes;
        } catch (IOException missing) {
            throw new LakeException(
                    Kind.CORRUPT_TABLE,
                    "The deletion vector '" + path + "' of table '" + table + "' cannot be read: "
                            + LakeException.reason(missing) + ".",
                    "Restore the file from a backup, or read an earlier version of the table.",
                    missing);
        }
    }

    private static void require(boolean valid, String problem) {
        if (!valid) {
            throw new IllegalArgumentException(problem);
        }
    }
}
