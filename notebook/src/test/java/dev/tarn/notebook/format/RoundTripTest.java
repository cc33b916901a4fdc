package dev.tarn.notebook.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundTripTest {

    private static final int NOTEBOOKS = 1000;

    @Test
    void generatedSourceFilesArePrintedByteForByte() {
        int cells = 0;
        for (int seed = 0; seed < NOTEBOOKS; seed++) {
            String text = new GeneratedNotebooks(seed).text();
            Notebook notebook = Parsed.of("notebook-content.py", text).get();
            cells += notebook.cells().size();

            assertThat(FabricPrinter.print(notebook)).as("seed %d", seed).isEqualTo(text);
        }
        assertThat(cells).isGreaterThan(2 * NOTEBOOKS);
    }

    @Test
    void generatedPythonNotebooksComeBackFromJupyter() {
        for (int seed = 0; seed < NOTEBOOKS; seed++) {
            String text = new GeneratedNotebooks(seed).text();
            if (!text.startsWith("# ")) {
                continue;
            }
            Notebook source = Parsed.of("notebook-content.py", text).get();
            String jupyter = IpynbPrinter.print(source);
            Notebook back = Parsed.of("a.ipynb", jupyter).get();

            assertThat(IpynbPrinter.print(back)).as("seed %d", seed).isEqualTo(jupyter);
            assertThat(FabricPrinter.print(back)).as("seed %d", seed).isEqualTo(text);
        }
    }

    @Test
    void brokenFilesNeverCrashTheParserAndLoseNothing() {
        List<String> parts = List.of(
                "\n",
                "\r\n",
                "#",
                "# META ",
                "# MAGIC",
                "# CELL " + Parsed.STARS,
                "# METADATA " + Parsed.STARS + "\n",
                "{",
                "}",
                "\"",
                "\\",
                "\\u12",
                "[",
                "%%",
                "\uFEFF",
                "\uD83D",
                "\u0000",
                "# ATTA {",
                "*");
        int seen = 0;
        for (int seed = 0; seed < 4 * NOTEBOOKS; seed++) {
            Random random = new Random(seed);
            String text = new GeneratedNotebooks(seed).text();
            boolean json = seed % 2 == 0;
            if (json) {
                text = IpynbPrinter.print(Parsed.of("notebook-content.py", text).get());
            }
            for (int i = 0; i <= random.nextInt(4); i++) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(30));
                text = text.substring(0, at) + parts.get(random.nextInt(parts.size())) + text.substring(end);
            }
            Parsed parsed = Parsed.of(json ? "a.ipynb" : "notebook-content.py", text);
            for (Cell cell : parsed.notebook().map(Notebook::cells).orElse(List.of())) {
                assertThat(cell.span(1).line()).isPositive();
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(NOTEBOOKS);
    }

    @Test
    void everyCharacterOfACellStandsInTheFileWhereItSays() {
        for (int seed = 0; seed < 200; seed++) {
            String text = new GeneratedNotebooks(seed).text().replace("\n", seed % 2 == 0 ? "\n" : "\r\n");
            Notebook notebook = Parsed.of("notebook-content.py", text).get();
            for (Cell cell : notebook.cells()) {
                String source = cell.source().text();
                for (int i = 0; i < source.length(); i++) {
                    char there = text.charAt(cell.source().origin(i));
                    assertThat(there == '\r' ? '\n' : there).isEqualTo(source.charAt(i));
                }
            }
        }
    }
}
