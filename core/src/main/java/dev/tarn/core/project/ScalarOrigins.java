package dev.tarn.core.project;

import java.util.Arrays;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/**
 * Finds where each character of a scalar's value stands in the file.
 *
 * <p>The parser gives the value and where the scalar starts and ends. The characters between are reduced to units (one
 * for each character that can be in the value: escapes are one, indentation and quotes are none), and value and units
 * are walked side by side; a line break among the units may have been folded to a space or to nothing.
 */
final class ScalarOrigins {

    /** Stands for an escape, whatever character it means. Not a character that YAML allows. */
    private static final char ANY = '\uFFFF';

    private final String file;
    private final int end;
    private final StringBuilder units = new StringBuilder();
    private int[] offsets = new int[16];

    private ScalarOrigins(String file, int end) {
        this.file = file;
        this.end = end;
    }

    /**
     * The offset of each character and one for the end.
     *
     * @param start offset of the scalar, or of the anchor or tag before it
     */
    static int[] of(String file, int start, int end, ScalarStyle style, String value) {
        int content = afterProperties(file, start, end);
        return switch (style) {
            case LITERAL, FOLDED -> ofBlock(file, content, end, value);
            case SINGLE_QUOTED, DOUBLE_QUOTED -> ofQuoted(file, content, end, value);
            default -> ofFlow(file, content, end, ANY, value);
        };
    }

    private static int[] ofQuoted(String file, int start, int end, String value) {
        return ofFlow(file, Math.min(start + 1, end), Math.max(start + 1, end - 1), file.charAt(start), value);
    }

    private static int[] ofFlow(String file, int start, int end, char quote, String value) {
        if (end - start == value.length() && file.startsWith(value, start)) {
            return consecutive(start, value.length());
        }
        ScalarOrigins origins = new ScalarOrigins(file, end);
        origins.addFlow(start, quote);
        return origins.align(value).orElseGet(() -> allAt(start, value));
    }

    private static int[] ofBlock(String file, int start, int end, String value) {
        int lines = Math.min(end, file.indexOf('\n', start) + 1);
        if (lines == 0) {
            return allAt(start, value);
        }
        // An explicit indentation indicator counts from the parent's indentation, which is not known here.
        boolean indicator = file.substring(start, lines).matches("(?s)[|>][-+]?[1-9].*");
        int most = indentation(file, lines, end);
        for (int indent = most; indent >= (indicator ? 0 : most); indent--) {
            ScalarOrigins origins = new ScalarOrigins(file, end);
            origins.addLines(lines, indent);
            Optional<int[]> found = origins.align(value);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return allAt(start, value);
    }

    /** Skips {@code &anchor} and {@code !tag}. */
    private static int afterProperties(String file, int start, int end) {
        int i = start;
        while (i < end && (file.charAt(i) == '&' || file.charAt(i) == '!')) {
            while (i < end && !isWhite(file.charAt(i))) {
                i++;
            }
            i = skipWhite(file, i, end);
        }
        return Math.min(i, file.length());
    }

    private static int skipWhite(String file, int from, int end) {
        int i = from;
        while (i < end && (isWhite(file.charAt(i)) || file.charAt(i) == '#')) {
            i = file.charAt(i) == '#' ? Math.max(i + 1, file.indexOf('\n', i)) : i + 1;
        }
        return i;
    }

    /** Spaces before the first line that holds anything. */
    private static int indentation(String file, int from, int end) {
        int spaces = 0;
        for (int i = from; i < end; i++) {
            char c = file.charAt(i);
            if (c != ' ' && c != '\n') {
                return spaces;
            }
            spaces = c == ' ' ? spaces + 1 : 0;
        }
        return spaces;
    }

    private void addLines(int from, int indent) {
        for (int i = from; i < end; i++) {
            int stripped = i;
            while (stripped < end && stripped - i < indent && file.charAt(stripped) == ' ') {
                stripped++;
            }
            i = stripped;
            while (i < end && file.charAt(i) != '\n') {
                add(file.charAt(i), i++);
            }
            add('\n', i);
        }
    }

    private void addFlow(int from, char quote) {
        int i = from;
        while (i < end) {
            char c = file.charAt(i);
            if (c == '\n') {
                dropBlanks();
                add(c, i);
                i = skipBlanks(i + 1);
            } else if (c == '\\' && quote == '"') {
                i = addEscape(i);
            } else {
                add(c, i);
                i += c == '\'' && quote == '\'' ? 2 : 1;
            }
        }
    }

    /** Adds the unit for the escape at {@code i} and returns where it ends. */
    private int addEscape(int i) {
        char kind = i + 1 < end ? file.charAt(i + 1) : '\\';
        if (kind == '\n') {
            return skipBlanks(i + 2);
        }
        add(ANY, i);
        if (kind == 'U' && !file.startsWith("0000", i + 2)) {
            add(ANY, i);
        }
        return i + (kind == 'x' ? 4 : kind == 'u' ? 6 : kind == 'U' ? 10 : 2);
    }

    private int skipBlanks(int from) {
        int i = from;
        while (i < end && isBlank(file.charAt(i))) {
            i++;
        }
        return i;
    }

    private void dropBlanks() {
        while (!units.isEmpty() && isBlank(units.charAt(units.length() - 1))) {
            units.setLength(units.length() - 1);
        }
    }

    private void add(char unit, int offset) {
        if (units.length() == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * offsets.length);
        }
        offsets[units.length()] = offset;
        units.append(unit);
    }

    private Optional<int[]> align(String value) {
        int[] origins = new int[value.length() + 1];
        int unit = 0;
        for (int i = 0; i < value.length(); i++) {
            unit = find(value.charAt(i), unit);
            if (unit < 0) {
                return Optional.empty();
            }
            origins[i] = offsets[unit++];
        }
        origins[value.length()] = unit < units.length() ? offsets[unit] : end;
        return Optional.of(origins);
    }

    /** The unit at or after {@code from} that became {@code c}; -1 if there is none. */
    private int find(char c, int from) {
        for (int unit = from; unit < units.length(); unit++) {
            char u = units.charAt(unit);
            if (u == c || u == ANY || (c == ' ' && u == '\n')) {
                return unit;
            }
            if (u != '\n') {
                return -1;
            }
        }
        return -1;
    }

    private static int[] consecutive(int start, int length) {
        int[] origins = new int[length + 1];
        Arrays.setAll(origins, i -> start + i);
        return origins;
    }

    private static int[] allAt(int start, String value) {
        int[] origins = new int[value.length() + 1];
        Arrays.fill(origins, start);
        return origins;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isWhite(char c) {
        return isBlank(c) || c == '\n';
    }
}
