package dev.tarn.lake;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the expressions that a table keeps, as texts in Spark's SQL, and the columns that these may name. */
record NamedIn(Metadata metadata) {

    /** What names a column of this name, in words; a text that cannot be read is taken for one that does. */
    Optional<String> expression(String column) {
        return expressions().entrySet().stream()
                .filter(each -> mayName(each.getValue(), column))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Map<String, String> expressions() {
        Map<String, String> texts = new LinkedHashMap<>();
        metadata.configuration().forEach((key, text) -> {
            if (key.startsWith(TableProperties.CONSTRAINT)) {
                texts.put("constraint '" + key.substring(TableProperties.CONSTRAINT.length()) + "'", text);
            }
        });
        add(texts, metadata.schema(), "");
        return texts;
    }

    private static void add(Map<String, String> texts, DeltaType.Struct struct, String path) {
        for (DeltaField field : struct.fields()) {
            String name = path + field.name();
            Json.string(field.metadata(), "delta.generationExpression")
                    .ifPresent(text -> texts.put("generated column '" + name + "'", text));
            Json.string(field.metadata(), "delta.invariants")
                    .ifPresent(text -> texts.put("the invariant of column '" + name + "'", text));
            if (field.type() instanceof DeltaType.Struct inner) {
                add(texts, inner, name + ".");
            }
        }
    }

    private static boolean mayName(String text, String column) {
        try {
            return SparkTokens.of(text).stream().anyMatch(token -> token.text().equalsIgnoreCase(column));
        } catch (UnlikeException unreadable) {
            return true;
        }
    }
}
