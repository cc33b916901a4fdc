package dev.tarn.connect.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.connect.database.ColumnType.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decodes rows of PostgreSQL's binary COPY format (its manual, "Binary Format" of COPY, and the send functions of the
 * types) and hands them to a sink.
 */
final class CopyRows {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    /** From PostgreSQL's first day, 2000-01-01, to Java's. */
    private static final int EPOCH_DAYS = 10_957;

    private static final long EPOCH_MICROS = EPOCH_DAYS * 86_400_000_000L;
    private static final int NUMERIC_NEGATIVE = 0x4000;

    private final List<ReadColumn> columns;
    private final Kind[] kinds;
    private final int[] offsets;
    private final int[] lengths;
    private byte[] bytes = new byte[0];
    private ByteBuffer buffer = ByteBuffer.wrap(bytes);
    private boolean begun;
    private long rows;

    CopyRows(List<ReadColumn> columns) {
        this.columns = columns;
        this.kinds = columns.stream().map(c -> c.type().kind()).toArray(Kind[]::new);
        this.offsets = new int[kinds.length];
        this.lengths = new int[kinds.length];
    }

    long rows() {
        return rows;
    }

    /** The column of the value that could not be carried over. */
    static final class Refused extends Exception {
        private final int column;
        private final String value;

        Refused(int column, String value) {
            super(value);
            this.column = column;
            this.value = value;
        }

        int column() {
            return column;
        }

        String value() {
            return value;
        }
    }

    /** One message of the server's: whole rows, which is how the server sends them; an incomplete one waits for the next. */
    void take(byte[] message, RowSink sink) throws Refused, SQLException {
        add(message);
        if (!begun && !begin()) {
            return;
        }
        while (nextRow()) {
            sink.beginRow();
            for (int i = 0; i < kinds.length; i++) {
                try {
                    put(i, sink);
                } catch (UnrepresentableException e) {
                    throw new Refused(i, String.valueOf(e.getMessage()));
                }
            }
            sink.endRow();
            rows++;
        }
    }

    private void add(byte[] message) {
        if (buffer.hasRemaining()) {
            byte[] both = new byte[buffer.remaining() + message.length];
            int left = buffer.remaining();
            buffer.get(both, 0, left);
            System.arraycopy(message, 0, both, left, message.length);
            bytes = both;
        } else {
            bytes = message;
        }
        buffer = ByteBuffer.wrap(bytes);
    }

    private boolean begin() {
        if (buffer.remaining() < SIGNATURE.length + 8) {
            return false;
        }
        for (byte expected : SIGNATURE) {
            if (buffer.get() != expected) {
                throw new IllegalStateException("not PostgreSQL's binary COPY format");
            }
        }
        if (buffer.getInt() != 0) {
            throw new IllegalStateException("unknown flags in PostgreSQL's binary COPY format");
        }
        int extension = buffer.getInt();
        buffer.position(buffer.position() + extension);
        begun = true;
        return true;
    }

    /** Finds where the values of the next row are; false at the end and for a row that is not yet complete. */
    private boolean nextRow() {
        if (buffer.remaining() < 2) {
            return false;
        }
        int start = buffer.position();
        int count = buffer.getShort();
        if (count == -1) {
            return false;
        }
        if (count != kinds.length) {
            throw new IllegalStateException("a row of " + count + " values for " + kinds.length + " columns");
        }
        for (int i = 0; i < count; i++) {
            if (buffer.remaining() < 4) {
                buffer.position(start);
                return false;
            }
            lengths[i] = buffer.getInt();
            offsets[i] = buffer.position();
            int length = Math.max(0, lengths[i]);
            if (buffer.remaining() < length) {
                buffer.position(start);
                return false;
            }
            buffer.position(buffer.position() + length);
        }
        return true;
    }

    private void put(int i, RowSink sink) throws UnrepresentableException, SQLException {
        int length = lengths[i];
        int at = offsets[i];
        if (length < 0) {
            sink.putNull();
            return;
        }
        ColumnType type = columns.get(i).type();
        if (type.isList()) {
            sink.putList(list(at, kinds[i]));
            return;
        }
        switch (kinds[i]) {
            case BOOLEAN -> sink.put(bytes[at] != 0);
            case SHORT -> sink.put(buffer.getShort(at));
            case INTEGER -> sink.put(buffer.getInt(at));
            case LONG -> sink.put(buffer.getLong(at));
            case FLOAT -> sink.put(Float.intBitsToFloat(buffer.getInt(at)));
            case DOUBLE -> sink.put(Double.longBitsToDouble(buffer.getLong(at)));
            case TEXT -> sink.put(new String(bytes, at, length, UTF_8));
            case BYTES -> sink.put(java.util.Arrays.copyOfRange(bytes, at, at + length));
            case DATE -> sink.putDate(date(buffer.getInt(at)));
            case TIME -> sink.putTime(time(buffer.getLong(at)));
            case TIMESTAMP, INSTANT -> sink.putTimestamp(timestamp(buffer.getLong(at)));
            case UUID -> sink.putUuid(buffer.getLong(at), buffer.getLong(at + 8));
            case DECIMAL -> sink.put(decimal(at, type.scale()));
            case BYTE -> throw new IllegalStateException("PostgreSQL has no such type");
        }
    }

    private static int date(int days) throws UnrepresentableException {
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            throw new UnrepresentableException(days > 0 ? "infinity" : "-infinity");
        }
        return days + EPOCH_DAYS;
    }

    /** PostgreSQL has an hour 24 that only midnight is in. */
    private static long time(long micros) throws UnrepresentableException {
        if (micros == 86_400_000_000L) {
            throw new UnrepresentableException("24:00:00");
        }
        return micros;
    }

    private static long timestamp(long micros) throws UnrepresentableException {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            throw new UnrepresentableException(micros > 0 ? "infinity" : "-infinity");
        }
        // The greatest is what the engine takes for infinity.
        if (micros >= Long.MAX_VALUE - 1 - EPOCH_MICROS) {
            throw new UnrepresentableException("a time after the year 294246");
        }
        return micros + EPOCH_MICROS;
    }

    /** Digits to the base of 10,000. */
    private BigDecimal decimal(int at, int scale) throws UnrepresentableException {
        int digits = buffer.getShort(at);
        int weight = buffer.getShort(at + 2);
        int sign = buffer.getShort(at + 4) & 0xFFFF;
        switch (sign) {
            case 0xC000 -> throw new UnrepresentableException("NaN");
            case 0xD000 -> throw new UnrepresentableException("Infinity");
            case 0xF000 -> throw new UnrepresentableException("-Infinity");
            default -> {}
        }
        BigDecimal value = digits <= 4 ? few(at, digits, weight) : many(at, digits, weight);
        try {
            return (sign == NUMERIC_NEGATIVE ? value.negate() : value)
                    .setScale(scale, java.math.RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            throw new UnrepresentableException(value.toPlainString());
        }
    }

    private BigDecimal few(int at, int digits, int weight) {
        long unscaled = 0;
        for (int i = 0; i < digits; i++) {
            unscaled = unscaled * 10_000 + buffer.getShort(at + 8 + 2 * i);
        }
        return BigDecimal.valueOf(unscaled, 4 * (digits - 1 - weight));
    }

    private BigDecimal many(int at, int digits, int weight) {
        StringBuilder text = new StringBuilder(4 * digits);
        for (int i = 0; i < digits; i++) {
            int digit = buffer.getShort(at + 8 + 2 * i);
            text.append((char) ('0' + digit / 1000))
                    .append((char) ('0' + digit / 100 % 10))
                    .append((char) ('0' + digit / 10 % 10))
                    .append((char) ('0' + digit % 10));
        }
        return new BigDecimal(new BigInteger(text.toString()), 4 * (digits - 1 - weight));
    }

    /** Of arrays only those are lists that have one dimension and begin at 1. */
    private List<@Nullable Object> list(int at, Kind kind) throws UnrepresentableException {
        int dimensions = buffer.getInt(at);
        List<@Nullable Object> values = new ArrayList<>();
        if (dimensions == 0) {
            return values;
        }
        if (dimensions > 1) {
            throw new UnrepresentableException("an array of " + dimensions + " dimensions");
        }
        int count = buffer.getInt(at + 12);
        int first = buffer.getInt(at + 16);
        if (first != 1) {
            throw new UnrepresentableException("an array that begins at " + first);
        }
        int next = at + 20;
        for (int i = 0; i < count; i++) {
            int length = buffer.getInt(next);
            next += 4;
            values.add(length < 0 ? null : element(next, length, kind));
            next += Math.max(0, length);
        }
        return values;
    }

    private Object element(int at, int length, Kind kind) {
        return switch (kind) {
            case BOOLEAN -> bytes[at] != 0;
            case SHORT -> buffer.getShort(at);
            case INTEGER -> buffer.getInt(at);
            case LONG -> buffer.getLong(at);
            case FLOAT -> Float.intBitsToFloat(buffer.getInt(at));
            case DOUBLE -> Double.longBitsToDouble(buffer.getLong(at));
            case TEXT -> new String(bytes, at, length, UTF_8);
            default -> throw new IllegalStateException("no list of " + kind);
        };
    }

    /** A value of the current row for people. */
    String shown(int i) {
        if (lengths[i] < 0) {
            return "NULL";
        }
        int at = offsets[i];
        return switch (kinds[i]) {
            case SHORT -> String.valueOf(buffer.getShort(at));
            case INTEGER -> String.valueOf(buffer.getInt(at));
            case LONG -> String.valueOf(buffer.getLong(at));
            case TEXT -> "'" + new String(bytes, at, lengths[i], UTF_8) + "'";
            case UUID -> new UUID(buffer.getLong(at), buffer.getLong(at + 8)).toString();
            case DATE ->
                java.time.LocalDate.ofEpochDay(buffer.getInt(at) + (long) EPOCH_DAYS)
                        .toString();
            default -> HexFormat.of().formatHex(bytes, at, at + lengths[i]);
        };
    }
}
