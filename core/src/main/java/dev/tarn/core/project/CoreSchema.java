package dev.tarn.core.project;

import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells what an unquoted scalar is, by the core schema of YAML 1.2 (section 10.3.2): {@code yes} and {@code on} are text. */
final class CoreSchema {

    private static final Set<String> NULL = Set.of("null", "Null", "NULL", "~", "");
    private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
    private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern INFINITY = Pattern.compile("[-+]?(\\.inf|\\.Inf|\\.INF)");
    private static final Pattern NOT_A_NUMBER = Pattern.compile("\\.nan|\\.NaN|\\.NAN");
    private static final int LONGEST = 400;

    private CoreSchema() {}

    /** A String, Long, BigInteger (too large for Long), Double, Boolean or null. */
    static @Nullable Object typed(String text) {
        if (NULL.contains(text)) {
            return null;
        }
        if (text.length() > LONGEST) {
            return text;
        }
        if (TRUE.contains(text)) {
            return true;
        }
        if (FALSE.contains(text)) {
            return false;
        }
        // All numbers begin so, and most texts do not.
        return "+-.0123456789".indexOf(text.charAt(0)) >= 0 ? numberOrText(text) : text;
    }

    private static Object numberOrText(String text) {
        if (INTEGER.matcher(text).matches()) {
            return integer(text, 10);
        }
        if (OCTAL.matcher(text).matches()) {
            return integer(text.substring(2), 8);
        }
        if (HEXADECIMAL.matcher(text).matches()) {
            return integer(text.substring(2), 16);
        }
        return floatOrText(text);
    }

    private static Object floatOrText(String text) {
        if (FLOAT.matcher(text).matches()) {
            return Double.parseDouble(text);
        }
        if (INFINITY.matcher(text).matches()) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return NOT_A_NUMBER.matcher(text).matches() ? (Object) Double.NaN : text;
    }

    private static Object integer(String digits, int radix) {
        BigInteger value = new BigInteger(digits, radix);
        return value.bitLength() < Long.SIZE ? (Object) value.longValueExact() : value;
    }
}
