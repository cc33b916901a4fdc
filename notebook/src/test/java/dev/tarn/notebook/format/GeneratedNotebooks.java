package dev.tarn.notebook.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Source files as Fabric writes them, made by chance. */
final class GeneratedNotebooks {

    private static final List<String> WORDS = List.of(
            "x = 1",
            "df.write.mode(\"overwrite\").saveAsTable('a.b')",
            "",
            "    return \"é 😀 \\n\"",
            "# CELL **CELL**",
            "# METADATA ***",
            "# MAGICAL",
            "\ttabs  ",
            "%pip install faker",
            "# COMMAND ----------",
            "print(f'{x!r} \\\\ ')",
            "\u00a0",
            "# META {",
            "!ls");

    private final Random random;
    private final String comment;

    GeneratedNotebooks(long seed) {
        random = new Random(seed);
        comment = List.of("#", "#", "#", "--", "//").get(random.nextInt(5));
    }

    String text() {
        List<String> blocks = new ArrayList<>();
        blocks.add(comment + " Fabric notebook source\n");
        blocks.add(meta("{\n  \"kernel_info\": {\n    \"name\": \"synapse_pyspark\"\n  },\n  \"dependencies\": "
                + (random.nextBoolean()
                        ? "{}"
                        : "{\n    \"lakehouse\": {\n      \"default_lakehouse_name\": \"" + word(8)
                                + "\",\n      \"known_lakehouses\": [\n        {\n          \"id\": \"1\"\n        }\n      ]\n    }\n  }")
                + "\n}"));
        int cells = random.nextInt(8);
        for (int i = 0; i < cells; i++) {
            if (random.nextInt(4) == 0) {
                blocks.add(block("MARKDOWN", prefixed(comment + " ", lines())));
            } else {
                code(blocks);
            }
        }
        return String.join("\n", blocks);
    }

    private void code(List<String> blocks) {
        String magic = random.nextInt(4) == 0
                ? "%%" + List.of("sql", "pyspark", "bash").get(random.nextInt(3))
                : "";
        String source = magic.isEmpty() ? lines() : magic + "\n" + lines();
        String text = magic.isEmpty() ? source + "\n" : prefixed(comment + " MAGIC ", source);
        blocks.add(block(random.nextInt(6) == 0 ? "PARAMETERS CELL" : "CELL", text));
        blocks.add(meta("{\n  \"language\": \"python\",\n  \"language_group\": \"synapse_pyspark\""
                + (random.nextInt(8) == 0 ? ",\n  \"frozen\": true,\n  \"editable\": false" : "")
                + "\n}"));
    }

    private String lines() {
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(7);
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : "\n").append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }

    private String word(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private String meta(String json) {
        return block("METADATA", prefixed(comment + " META ", json));
    }

    private String block(String word, String content) {
        return comment + " " + word + " " + Parsed.STARS + "\n\n" + content;
    }

    private static String prefixed(String prefix, String text) {
        return prefix + text.replace("\n", "\n" + prefix) + "\n";
    }
}
