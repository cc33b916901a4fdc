package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;

class ScalarOriginsTest {

    /** In each text the value of {@code k} holds an {@code @}; it is shown where it stands. {@code \} is a line break. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '`',
            value = {
                "k: a@b => 1:5",
                "'é😀': [x, k: é😀@] => 1:16",
                "k: a\\  b\\\\  c@ => 4:4",
                "k: 'it''s @' => 1:11",
                "k: 'a\\    b @' => 2:7",
                "k: \"\\t\\x41\\u00e9\\U0001F600@\" => 1:27",
                "k: \"a <>\\   b@\" => 2:5",
                "k: |\\  a\\   b\\\\  @ => 5:3",
                "k: |-\\    a @\\b: 1 => 2:7",
                "k: |+\\  @\\\\\\b: 1 => 2:3",
                "k: |2\\    a @ => 2:7",
                "k: >\\  a\\  b\\\\  c @ => 5:5",
                "k: >-\\  a\\    b\\  @ => 4:3",
                "k: >1\\   a\\ @ => 3:2",
                "k: &anchor !!str 'a @' => 1:21",
                "k: &anchor # comment\\  a @ => 2:5",
                "k: |  # comment\\  a @ => 2:5"
            })
    void showsWhereACharacterStands(String yaml, String position) {
        String text = yaml.contains("\"") ? escaped(yaml) : yaml.replace('\\', '\n');
        Yaml.Mapping root = (Yaml.Mapping) parse(text);
        MappedText value = find(root);

        assertThat(value.span(value.text().indexOf('@'), 1)).hasToString("a.yaml:" + position);
    }

    /** Here the backslashes are YAML's own; a line break is a backslash before three blanks. */
    private static String escaped(String yaml) {
        return yaml.replace("<>\\   ", "\\\n   ");
    }

    private static MappedText find(Yaml.Mapping root) {
        Yaml value = root.entries().values().iterator().next().value();
        if (value instanceof Yaml.Sequence sequence) {
            return find((Yaml.Mapping) sequence.items().get(1));
        }
        return ((Yaml.Scalar) value).text();
    }

    @Test
    void findsEveryCharacterOfRandomTextsInEveryStyle() {
        Random random = new Random(42);
        for (int i = 0; i < 3000; i++) {
            String text = randomText(random);
            for (ScalarStyle style : ScalarStyle.values()) {
                String yaml = dumped(text, style);
                MappedText value = find((Yaml.Mapping) parse(yaml));
                assertThat(value.text()).isEqualTo(text);
                assertOrigins(yaml, value);
            }
        }
    }

    private static String dumped(String text, ScalarStyle style) {
        DumpSettings settings =
                DumpSettings.builder().setDefaultScalarStyle(style).setWidth(20).build();
        return new Dump(settings).dumpToString(java.util.Map.of("k", text));
    }

    private static void assertOrigins(String yaml, MappedText value) {
        for (int i = 0; i < value.text().length(); i++) {
            char c = value.text().charAt(i);
            char there = yaml.charAt(value.origin(i));
            boolean folded = c == ' ' && there == '\n';
            assertThat(there == c || there == '\\' || folded || c == '\n')
                    .as("character %s '%s' of %s is at '%s'", i, c, yaml, there)
                    .isTrue();
            assertThat(value.origin(i + 1)).as("%s of %s", i, yaml).isGreaterThanOrEqualTo(value.origin(i));
        }
    }

    private static String randomText(Random random) {
        List<String> parts =
                List.of("a", "b", " ", "  ", "\n", "\n\n", "'", "\"", "\\", "\t", "é", "😀", ": ", "word", "#");
        StringBuilder text = new StringBuilder("x");
        int length = random.nextInt(20);
        for (int i = 0; i < length; i++) {
            text.append(parts.get(random.nextInt(parts.size())));
        }
        return text.toString();
    }

    private static Yaml parse(String yaml) {
        return new YamlParser(new SourceFile("a.yaml", yaml), new ExpansionBudget(), new Problems())
                .parse()
                .orElseThrow();
    }
}
