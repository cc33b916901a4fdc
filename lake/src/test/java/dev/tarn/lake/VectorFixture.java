package dev.tarn.lake;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;

/** Writes deletion vectors by hand, as another writer would, in each form that the format has. */
final class VectorFixture {
    private static final String DIGITS =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    private VectorFixture() {}

    static BitSet rows(int... rows) {
        BitSet set = new BitSet();
        for (int row : rows) {
            set.set(row);
        }
        return set;
    }

    static BitSet range(int from, int to) {
        BitSet set = new BitSet();
        set.set(from, to);
        return set;
    }

    /** With run containers if they are wanted, otherwise arrays and bitmaps by the number of rows. */
    static byte[] roaring(BitSet rows, boolean runs) {
        List<Integer> keys = new ArrayList<>();
        for (int key = 0; key <= rows.length() >> 16; key++) {
            if (!part(rows, key).isEmpty()) {
                keys.add(key);
            }
        }
        ByteBuffer out = ByteBuffer.allocate(1 << 24).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(1681511377).putLong(keys.isEmpty() ? 0 : 1);
        if (!keys.isEmpty()) {
            out.putInt(0);
            bitmap(out, rows, keys, runs);
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static void bitmap(ByteBuffer out, BitSet rows, List<Integer> keys, boolean runs) {
        int start = out.position();
        if (runs) {
            out.putInt(12347 | (keys.size() - 1) << 16);
            BitSet all = range(0, keys.size());
            byte[] flags = new byte[(keys.size() + 7) / 8];
            System.arraycopy(all.toByteArray(), 0, flags, 0, all.toByteArray().length);
            out.put(flags);
        } else {
            out.putInt(12346).putInt(keys.size());
        }
        for (int key : keys) {
            out.putShort((short) key).putShort((short) (part(rows, key).cardinality() - 1));
        }
        int offsets = out.position();
        boolean hasOffsets = !runs || keys.size() >= 4;
        if (hasOffsets) {
            out.position(offsets + 4 * keys.size());
        }
        for (int i = 0; i < keys.size(); i++) {
            if (hasOffsets) {
                out.putInt(offsets + 4 * i, out.position() - start);
            }
            container(out, part(rows, keys.get(i)), runs);
        }
    }

    private static void container(ByteBuffer out, BitSet part, boolean runs) {
        if (runs) {
            int at = out.position();
            int count = 0;
            out.putShort((short) 0);
            for (int from = part.nextSetBit(0); from >= 0; from = part.nextSetBit(part.nextClearBit(from))) {
                out.putShort((short) from).putShort((short) (part.nextClearBit(from) - from - 1));
                count++;
            }
            out.putShort(at, (short) count);
        } else if (part.cardinality() <= 4096) {
            part.stream().forEach(row -> out.putShort((short) row));
        } else {
            long[] words = new long[1024];
            System.arraycopy(part.toLongArray(), 0, words, 0, part.toLongArray().length);
            for (long word : words) {
                out.putLong(word);
            }
        }
    }

    private static BitSet part(BitSet rows, int key) {
        return rows.get(key << 16, (key + 1) << 16);
    }

    static String z85(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(java.util.Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4));
        StringBuilder text = new StringBuilder();
        while (in.hasRemaining()) {
            long value = Integer.toUnsignedLong(in.getInt());
            char[] group = new char[5];
            for (int i = 4; i >= 0; i--) {
                group[i] = DIGITS.charAt((int) (value % 85));
                value /= 85;
            }
            text.append(group);
        }
        return text.toString();
    }

    /** A descriptor of a vector in the log itself. */
    static String inline(BitSet rows, boolean runs) {
        byte[] bytes = roaring(rows, runs);
        return descriptor("i", z85(bytes), null, bytes.length, rows.cardinality());
    }

    /** Descriptors of vectors that share one file in the table's directory or in one under it. */
    static List<String> stored(Path table, String prefix, boolean runs, BitSet... vectors) throws IOException {
        UUID uuid = UUID.randomUUID();
        Path file = Files.createDirectories(table.resolve(prefix)).resolve("deletion_vector_" + uuid + ".bin");
        String name = prefix
                + z85(ByteBuffer.allocate(16)
                        .putLong(uuid.getMostSignificantBits())
                        .putLong(uuid.getLeastSignificantBits())
                        .array());
        return write(file, "u", name, runs, vectors);
    }

    static List<String> absolute(Path file, boolean runs, BitSet... vectors) throws IOException {
        return write(file, "p", file.toUri().toString(), runs, vectors);
    }

    private static List<String> write(Path file, String type, String name, boolean runs, BitSet... vectors)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(1);
        List<String> descriptors = new ArrayList<>();
        for (BitSet rows : vectors) {
            byte[] data = roaring(rows, runs);
            CRC32 checksum = new CRC32();
            checksum.update(data);
            descriptors.add(descriptor(type, name, out.size(), data.length, rows.cardinality()));
            out.writeInt(data.length);
            out.write(data);
            out.writeInt((int) checksum.getValue());
        }
        Files.write(file, bytes.toByteArray());
        return descriptors;
    }

    static String descriptor(
            String type, String pathOrBytes, @org.jspecify.annotations.Nullable Integer offset, int size, int count) {
        String at = offset == null ? "" : ",\"offset\":" + offset;
        return "{\"storageType\":\"" + type + "\",\"pathOrInlineDv\":\"" + pathOrBytes + "\"" + at + ",\"sizeInBytes\":"
                + size + ",\"cardinality\":" + count + "}";
    }

    static String add(String path, long rows, String vector) {
        return "{\"add\":{\"path\":\"" + path
                + "\",\"partitionValues\":{},\"size\":1,\"modificationTime\":0,\"dataChange\":true,\"stats\":\"{\\\"numRecords\\\":"
                + rows + ",\\\"tightBounds\\\":false}\",\"deletionVector\":" + vector + "}}";
    }
}
