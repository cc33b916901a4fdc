package dev.tarn.core.project;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A text cut into what stands for itself and its references, a dollar and a name in braces.
 *
 * @param unclosed where a reference has no end; what follows it is taken as it is
 */
record Template(List<Part> parts, OptionalInt unclosed) {

    /**
     * A piece of the text.
     *
     * @param from where it starts; for a reference its {@code $}
     * @param to where it ends; for a reference after its closing brace
     */
    record Part(boolean isReference, int from, int to) {}

    static Template of(String text) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        int open = text.indexOf("${");
        while (open >= 0) {
            boolean escaped = open > from && text.charAt(open - 1) == '$';
            // Of $${ the first dollar goes; the second and the brace stay.
            addText(parts, from, escaped ? open - 1 : open);
            int to = escaped ? open + 2 : end(text, open);
            if (to < 0) {
                addText(parts, open, text.length());
                return new Template(parts, OptionalInt.of(open));
            }
            parts.add(new Part(!escaped, open, to));
            from = to;
            open = text.indexOf("${", to);
        }
        addText(parts, from, text.length());
        return new Template(parts, OptionalInt.empty());
    }

    /** Whether the whole text is one reference. */
    boolean isOneReference() {
        return parts.size() == 1 && parts.get(0).isReference();
    }

    private static void addText(List<Part> parts, int from, int to) {
        if (to > from) {
            parts.add(new Part(false, from, to));
        }
    }

    /** After the brace that closes the one at {@code open}; a default may hold references itself. -1 if there is none. */
    private static int end(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            if (text.startsWith("${", i)) {
                depth++;
                i++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }
}
