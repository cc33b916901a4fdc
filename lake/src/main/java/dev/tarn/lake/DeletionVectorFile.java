package dev.tarn.lake;

import dev.tarn.fs.LocalFiles;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * The deletion vectors of one commit, in one file of the table's directory (Delta protocol, "Deletion Vector File Storage
 * Format").
 *
 * @param vectors as the log has them, by whatever tells their data files apart
 */
record DeletionVectorFile<K>(Path file, Map<K, DeletionVector> vectors) {

    /** Writes the file and waits until it is on the disk; each vector has rows, and there is at least one. */
    static <K> DeletionVectorFile<K> write(Path table, Map<K, BitSet> rows) {
        UUID uuid = UUID.randomUUID();
        Path file = table.resolve(DeletionVector.fileName(uuid));
        String name = Z85.encode(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array());
        Map<K, DeletionVector> vectors = new LinkedHashMap<>();
        try {
            try (OutputStream bytes = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
                    DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeByte(DeletionVector.FILE_VERSION);
                for (Map.Entry<K, BitSet> each : rows.entrySet()) {
                    int offset = out.size();
                    int size = write(out, RoaringBits.bytes(each.getValue()));
                    vectors.put(
                            each.getKey(),
                            vector(name, offset, size, each.getValue().cardinality()));
                }
            }
            LocalFiles.fsync(file);
            LocalFiles.fsyncDirectory(table);
        } catch (IOException failure) {
            DataFiles.delete(file);
            throw LakeException.io("The deletion vectors of table '" + table + "' cannot be written", failure);
        }
        return new DeletionVectorFile<>(file, vectors);
    }

    private static int write(DataOutputStream out, byte[] bytes) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.writeInt((int) checksum.getValue());
        return bytes.length;
    }

    private static DeletionVector vector(String name, int offset, int size, int cardinality) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("storageType", "u");
        json.put("pathOrInlineDv", name);
        json.put("offset", offset);
        json.put("sizeInBytes", size);
        json.put("cardinality", cardinality);
        return new DeletionVector(json);
    }
}
