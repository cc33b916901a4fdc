package dev.tarn.notebook.run;

import dev.tarn.notebook.format.Cell;
import dev.tarn.notebook.format.Notebook;
import dev.tarn.notebook.json.JsonNumber;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gives the text of a parameter the type that the notebook expects. */
public final class Parameters {

    private Parameters() {}

    /**
     * The value as plain JSON: of the type of the default in the parameters cell, or of its annotation; else a boolean or a number
     * if it looks like one; else a text.
     */
    public static @Nullable Object value(Notebook notebook, String name, String text) {
        Optional<String> type = notebook.parametersCell().flatMap(cell -> type(cell, name));
        if (type.equals(Optional.of("str"))) {
            return text;
        }
        if (text.matches("(?i)true|false")) {
            return Boolean.valueOf(text);
        }
        if (text.equals("None")) {
            return null;
        }
        boolean number = text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
        return number ? new JsonNumber(text) : text;
    }

    private static Optional<String> type(Cell cell, String name) {
        Matcher matcher = Pattern.compile(
                        "(?m)^" + Pattern.quote(name) + "\\s*(?::\\s*([A-Za-z]+)[^=\\n]*)?=\\s*([rbfuRBFU]{0,2}['\"])?")
                .matcher(cell.source().text());
        if (!matcher.find()) {
            return Optional.empty();
        }
        return matcher.group(2) != null ? Optional.of("str") : Optional.ofNullable(matcher.group(1));
    }
}
