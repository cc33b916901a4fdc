package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class YamlParserTest {

    private final Problems problems = new Problems();

    static Stream<Arguments> broken() {
        return Stream.of(
                arguments("a:\n\tb: 1\n", "2:1 a tab is used for indentation [YAML is indented with spaces only]"),
                arguments(
                        "a: \"x\nb: 1\n",
                        "1:4 the quote is not closed [add the closing quote; inside '...' write '' for a quote]"),
                arguments("a: [1, 2\nb: 3\n", "1:4 '[' is not closed [add ']', or a ',' between the entries]"),
                arguments("a: {b: 1\n", "1:4 '{' is not closed [add '}', or a ',' between the entries]"),
                arguments(
                        "a: b: c\n",
                        "1:5 unexpected ':' [put a value that holds ': ' in quotes;"
                                + " entries of one mapping or list start in the same column]"),
                arguments("a:b\nc: 1\n", "2:2 unexpected ':' [the key in line 1 needs a space after its colon]"),
                arguments(
                        "a:\n  - x\n - y\n",
                        "3:2 the indentation fits nothing above"
                                + " [entries of one mapping or list start in the same column]"),
                arguments("a: @x\n", "1:4 a value cannot start with '@' [put the value in quotes]"),
                arguments(
                        "a: 1\nb\nc: 2\n",
                        "2:1 expected 'key: value' [a key needs a colon and a space;"
                                + " entries of one mapping or list start in the same column]"),
                arguments(
                        "a: \"\\q\"\n",
                        "1:6 unknown escape in double quotes [write \\\\ for a backslash, or use single quotes]"),
                arguments(
                        "a: \"b\" c\n",
                        "1:8 text after the end of a value [put the whole value in one pair of quotes]"),
                arguments(
                        "a: |x\n  b\n",
                        "1:5 unexpected text after '|' or '>' [the text starts on the next line, indented]"),
                arguments(
                        "a: - b\n",
                        "1:4 a list item cannot start here"
                                + " [start the list on a line of its own, one '- ' for each item]"),
                arguments("a: ,x\n", "1:4 a value cannot start here [put the value in quotes]"),
                arguments(
                        "a: [${vars.x}]\n",
                        "1:6 '{' inside a list or mapping in brackets [put ${...} in quotes here: \"${...}\"]"),
                arguments("a: !foo x\n", "1:4 tag '!foo' is not supported [remove the tag]"),
                arguments(
                        "%YAML 3.0\n---\na: 1\n",
                        "1:1 the YAML version or a directive is not supported [remove the line that starts with %]"),
                arguments(
                        "a: 1\n---\nb: 1\n",
                        "2:1 a second document starts here"
                                + " [a project file is one document: remove '---' or use a second file]"),
                arguments("a: *x\n", "1:4 unknown alias '*x' [an anchor '&name' must come before its alias '*name']"),
                arguments("a: &a [*a]\n", "1:8 alias '*a' refers to a value that it is part of"),
                arguments("a: 1\nb: 2\na: 3\n", "3:1 key 'a' is given twice in one mapping [the first is in line 1]"),
                arguments("<<: x\n", "1:5 '<<' takes a mapping or a list of mappings, not text"),
                arguments("[a]: 1\n", "1:1 a key must be plain text [quote a key that starts with [, {, * or ?]"),
                arguments(
                        "a: é\u0000\n",
                        "1:5 character U+0000 is not allowed in YAML"
                                + " [in double quotes it can be written as an escape]"),
                arguments(
                        "a: " + "[".repeat(1_000_000),
                        "1:104 nested deeper than 100 levels"
                                + " [no project needs that: check brackets, anchors and aliases]"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void saysWhatBreaksTheRules(String yaml, String expected) {
        parse(yaml);

        assertThat(problems.all())
                .extracting(p -> p.span().line() + ":" + p.span().column() + " " + p.message()
                        + p.help().map(h -> " [" + h + "]").orElse(""))
                .containsExactly(expected);
    }

    @Test
    void boundsWhatAliasesAdd() {
        StringBuilder yaml = new StringBuilder("x0: &x0 [a, a, a, a, a, a, a, a, a]\n");
        for (int i = 1; i < 30; i++) {
            String alias = "*x" + (i - 1) + ", ";
            yaml.append("x" + i + ": &x" + i + " [" + alias.repeat(9) + "]\n");
        }

        assertThat(parse(yaml.toString())).isEmpty();
        assertThat(problems.all()).extracting(p -> p.message()).containsExactly("aliases make the file grow too large");
    }

    @Test
    void typesPlainScalarsByTheCoreSchema() {
        Yaml.Mapping root = (Yaml.Mapping) parse("""
                        on: yes
                        number: 012
                        quoted: '12'
                        string: !!str 12
                        """).orElseThrow();

        assertThat(value(root, "on")).isEqualTo("yes");
        assertThat(value(root, "number")).isEqualTo(12L);
        assertThat(value(root, "quoted")).isEqualTo("12");
        assertThat(value(root, "string")).isEqualTo("12");
    }

    @Test
    void followsAliasesAndMergeKeys() {
        Yaml.Mapping root = (Yaml.Mapping) parse("""
                        base: &base {a: 1, b: 2}
                        more: {<<: *base, b: 3}
                        list: {<<: [*base, {c: 4}]}
                        same: *base
                        """).orElseThrow();

        assertThat(problems.all()).isEmpty();
        assertThat(value(entry(root, "more"), "a")).isEqualTo(1L);
        assertThat(value(entry(root, "more"), "b")).isEqualTo(3L);
        assertThat(value(entry(root, "list"), "c")).isEqualTo(4L);
        assertThat(value(entry(root, "same"), "b")).isEqualTo(2L);
    }

    @Test
    void readsCharactersOutsideTheBasicPlaneWhereverTheyStand() {
        for (int before = 1000; before < 1050; before++) {
            String text = "x".repeat(before) + "\uD83D\uDE00".repeat(600);

            Yaml.Mapping root = (Yaml.Mapping) parse("a: " + text + "\n").orElseThrow();

            assertThat(value(root, "a")).isEqualTo(text);
        }
    }

    private static Yaml.Mapping entry(Yaml.Mapping mapping, String key) {
        return (Yaml.Mapping) Objects.requireNonNull(mapping.entries().get(key)).value();
    }

    private static @Nullable Object value(Yaml.Mapping mapping, String key) {
        return ((Yaml.Scalar) Objects.requireNonNull(mapping.entries().get(key)).value()).value();
    }

    private Optional<Yaml> parse(String yaml) {
        return new YamlParser(new SourceFile("a.yaml", yaml), new ExpansionBudget(), problems).parse();
    }
}
