package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.source.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damages a good project in thousands of ways: the loader reports, and never throws or hangs. */
class ProjectFuzzTest {

    private static final List<String> PIECES = List.of(
            "\t",
            "\n",
            " ",
            "  ",
            ": ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "'",
            "#",
            "&a ",
            "*a",
            "!x ",
            "|",
            ">",
            "%",
            "@",
            "${",
            "}",
            "${vars.x}",
            "$${",
            "${env:X}",
            "<<: ",
            "? ",
            "\u0000",
            "é",
            "\uD83D\uDE00",
            "\\",
            "---\n",
            "null",
            "1e999",
            "0x",
            "''",
            "~",
            "-",
            "*",
            ",");

    @TempDir
    Path folder;

    @Test
    @Timeout(60)
    void survivesAnyDamage() throws IOException {
        String good = Files.readString(Path.of("src/test/projects/flights/tarn.yaml"));
        Random random = new Random(20240315);
        int withProblems = 0;
        for (int i = 0; i < 2000; i++) {
            ProjectFixture.Loaded loaded = load(damaged(good, random).getBytes(StandardCharsets.UTF_8));
            withProblems += loaded.problems().isEmpty() ? 0 : 1;
            loaded.problems().forEach(ProjectFuzzTest::assertWellFormed);
        }
        assertThat(withProblems).isGreaterThan(1500);
    }

    @Test
    @Timeout(60)
    void survivesRandomBytes() {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            load(bytes).problems().forEach(ProjectFuzzTest::assertWellFormed);
        }
    }

    @Test
    @Timeout(60)
    void survivesDamageInEachOfSeveralFiles() throws IOException {
        String good = Files.readString(Path.of("src/test/projects/flights/tarn.yaml"));
        String environment = "vars: {raw: r}\npipelines: [{pipeline: bronze, nodes: [{name: flights, tags: x}]}]\n";
        String importing = "imports: [a.yaml, b.yaml]\n" + good + "environments:\n  prod:\n" + environment.indent(4);
        Random random = new Random(11);
        ProjectFixture fixture = new ProjectFixture(folder);
        for (int i = 0; i < 300; i++) {
            fixture.write("a.yaml", damaged(good, random));
            fixture.write("b.yaml", damaged("imports: a.yaml\nvars: {x: {y: 1}}\npipelines: []\n", random));
            fixture.write("env.prod.yaml", damaged(environment, random));
            load(damaged(importing, random).getBytes(StandardCharsets.UTF_8));
            fixture.loadIn("prod").problems().forEach(ProjectFuzzTest::assertWellFormed);
        }
    }

    private ProjectFixture.Loaded load(byte[] yaml) {
        return new ProjectFixture(folder, Map.of("OUT", "out")).load(yaml);
    }

    private static void assertWellFormed(Problem problem) {
        int line = problem.span().line();
        assertThat(line)
                .isBetween(1, 1 + (int) problem.span().file().text().lines().count());
        String text = problem.span().file().line(line);
        assertThat(problem.span().column()).isBetween(1, 1 + text.codePointCount(0, text.length()));
        assertThat(problem.message()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
    }

    private static String damaged(String text, Random random) {
        StringBuilder result = new StringBuilder(text);
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(result.length());
            int end = Math.min(result.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> result.delete(at, end);
                case 1 -> result.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> result.replace(at, at + 1, PIECES.get(random.nextInt(PIECES.size())));
                case 3 -> result.insert(random.nextInt(result.length()), result.substring(at, end));
                default -> moveLine(result, at, random);
            }
        }
        return result.toString();
    }

    private static void moveLine(StringBuilder text, int at, Random random) {
        int start = text.lastIndexOf("\n", at) + 1;
        int end = text.indexOf("\n", at) + 1;
        if (end > start) {
            String line = text.substring(start, end);
            text.delete(start, end);
            text.insert(random.nextInt(text.length() + 1), line);
        }
    }
}
