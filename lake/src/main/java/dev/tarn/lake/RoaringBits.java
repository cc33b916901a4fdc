package dev.tarn.lake;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Reads and writes a set of row numbers in the 64-bit portable form of Roaring bitmaps (Delta protocol, "Deletion Vector Format"; the
 * containers are those of the Roaring format specification).
 */
final class RoaringBits {
    private static final int MAGIC = 1_681_511_377;
    private static final int COOKIE_WITH_RUNS = 12_347;
    private static final int COOKIE = 12_346;

    /** With runs, smaller bitmaps have no offsets. */
    private static final int NO_OFFSETS_BELOW = 4;

    private static final String TOO_FAR = "it has rows beyond the first 2,147,418,112";

    /** Up to the keys: magic number, number of buckets, bucket, cookie, number of containers. */
    private static final int HEADER = Integer.BYTES + Long.BYTES + 3 * Integer.BYTES;

    private static final int CONTAINER = 1 << 16;
    private static final int MOST_IN_ARRAY = 4096;

    private final ByteBuffer in;
    private final BitSet rows = new BitSet();

    private RoaringBits(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Fails with {@link IllegalArgumentException} if the bytes are anything else. */
    static BitSet parse(byte[] bytes) {
        try {
            RoaringBits bits = new RoaringBits(bytes);
            bits.read();
            return bits.rows;
        } catch (BufferUnderflowException cut) {
            throw new IllegalArgumentException("it ends early", cut);
        }
    }

    /** The bytes of a set that is not empty. Runs are for readers alone: a vector with them would be no smaller for most. */
    static byte[] bytes(BitSet rows) {
        require(rows.length() <= (CONTAINER / 2 - 1) * CONTAINER, TOO_FAR);
        List<Integer> keys = new ArrayList<>();
        for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit((row / CONTAINER + 1) * CONTAINER)) {
            keys.add(row / CONTAINER);
        }
        List<byte[]> containers = keys.stream()
                .map(key -> container(rows.get(key * CONTAINER, (key + 1) * CONTAINER)))
                .toList();
        int size = containers.stream().mapToInt(each -> each.length).sum();
        ByteBuffer out = ByteBuffer.allocate(HEADER + keys.size() * 2 * Integer.BYTES + size)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putLong(1).putInt(0);
        int start = out.position();
        out.putInt(COOKIE).putInt(keys.size());
        for (int key : keys) {
            int count = rows.get(key * CONTAINER, (key + 1) * CONTAINER).cardinality();
            out.putShort((short) key).putShort((short) (count - 1));
        }
        int offset = out.position() - start + keys.size() * Integer.BYTES;
        for (byte[] container : containers) {
            out.putInt(offset);
            offset += container.length;
        }
        containers.forEach(out::put);
        return out.array();
    }

    private static byte[] container(BitSet rows) {
        if (rows.cardinality() > MOST_IN_ARRAY) {
            // BitSet has the bytes in the same order, without zeros at the end.
            return Arrays.copyOf(rows.toByteArray(), CONTAINER / Byte.SIZE);
        }
        ByteBuffer out = ByteBuffer.allocate(rows.cardinality() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        rows.stream().forEach(row -> out.putShort((short) row));
        return out.array();
    }

    private void read() {
        require(in.getInt() == MAGIC, "it has another format");
        long buckets = in.getLong();
        // A bucket stands for 2^32 rows, more than a data file has.
        require(buckets >= 0 && buckets <= 1, TOO_FAR);
        if (buckets == 1) {
            require(in.getInt() == 0, TOO_FAR);
            readBitmap();
        }
        require(!in.hasRemaining(), "it has more bytes than its bitmap");
    }

    private void readBitmap() {
        int cookie = in.getInt();
        boolean hasRuns = (cookie & 0xFFFF) == COOKIE_WITH_RUNS;
        require(hasRuns || cookie == COOKIE, "it has another format");
        int count = hasRuns ? (cookie >>> 16) + 1 : in.getInt();
        require(count >= 0 && count <= CONTAINER, "it has another format");
        byte[] runs = new byte[hasRuns ? (count + 7) / 8 : 0];
        in.get(runs);
        int[] keys = new int[count];
        int[] sizes = new int[count];
        for (int i = 0; i < count; i++) {
            keys[i] = next();
            sizes[i] = next() + 1;
            require(i == 0 || keys[i] > keys[i - 1], "its parts are out of order");
            // The end of the last part would be no int.
            require(keys[i] < CONTAINER / 2 - 1, TOO_FAR);
        }
        if (!hasRuns || count >= NO_OFFSETS_BELOW) {
            in.position(checked(in.position() + 4L * count));
        }
        for (int i = 0; i < count; i++) {
            readContainer(keys[i] * CONTAINER, sizes[i], hasRuns && (runs[i / 8] >> (i % 8) & 1) == 1);
        }
    }

    private int checked(long position) {
        require(position <= in.limit(), "it ends early");
        return (int) position;
    }

    private void readContainer(int from, int size, boolean isRuns) {
        if (isRuns) {
            readRuns(from);
        } else if (size <= MOST_IN_ARRAY) {
            for (int i = 0; i < size; i++) {
                rows.set(from + next());
            }
        } else {
            long[] words = new long[CONTAINER / Long.SIZE];
            in.asLongBuffer().get(words);
            in.position(in.position() + words.length * Long.BYTES);
            BitSet.valueOf(words).stream().forEach(bit -> rows.set(from + bit));
        }
        require(rows.get(from, from + CONTAINER).cardinality() == size, "a part has another size than it says");
    }

    private void readRuns(int from) {
        int count = next();
        for (int i = 0; i < count; i++) {
            int start = next();
            int end = start + next() + 1;
            require(end <= CONTAINER, "a run leaves its part");
            rows.set(from + start, from + end);
        }
    }

    private int next() {
        return Short.toUnsignedInt(in.getShort());
    }

    private static void require(boolean valid, String problem) {
        if (!valid) {
            throw new IllegalArgumentException(problem);
        }
    }
}
