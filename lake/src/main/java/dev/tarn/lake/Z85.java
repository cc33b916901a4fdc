package dev.tarn.lake;

import java.nio.ByteBuffer;

/** Knows the text form of binary values in the log, five characters for four bytes (ZeroMQ RFC 32). */
final class Z85 {
    private static final String DIGITS =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    private static final int GROUP = 5;

    private Z85() {}

    /** The text of bytes, whose number must be a multiple of four. */
    static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (ByteBuffer in = ByteBuffer.wrap(bytes); in.hasRemaining(); ) {
            long value = Integer.toUnsignedLong(in.getInt());
            char[] group = new char[GROUP];
            for (int i = GROUP - 1; i >= 0; i--) {
                group[i] = DIGITS.charAt((int) (value % DIGITS.length()));
                value /= DIGITS.length();
            }
            text.append(group);
        }
        return text.toString();
    }

    /** Fails with {@link IllegalArgumentException} if the text is anything else. */
    static byte[] decode(String text) {
        if (text.length() % GROUP != 0) {
            throw new IllegalArgumentException("its text is cut");
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length() / GROUP * Integer.BYTES);
        for (int at = 0; at < text.length(); at += GROUP) {
            bytes.putInt(group(text, at));
        }
        return bytes.array();
    }

    private static int group(String text, int at) {
        long value = 0;
        for (int i = at; i < at + GROUP; i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0) {
                throw new IllegalArgumentException("its text has the character '" + text.charAt(i) + "'");
            }
            value = value * DIGITS.length() + digit;
        }
        if (value >> Integer.SIZE != 0) {
            throw new IllegalArgumentException("its text is no number");
        }
        return (int) value;
    }
}
