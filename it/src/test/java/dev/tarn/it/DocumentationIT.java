package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows is run, and what it prints is what the documentation says. */
class DocumentationIT {

    private static final Pattern SHELL = Pattern.compile("^```sh\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern YAML = Pattern.compile("^```yaml\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern SUMMARY =
            Pattern.compile("^(node +status.*?)\\n\\n", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir
    Path scratch;

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Flights.home().resolve("README.md")));
        try (Stream<Path> docs = Files.walk(Flights.home().resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }

    private static List<String> blocks(Pattern pattern, Path page) throws IOException {
        return pattern.matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void everyCommandRuns() throws Exception {
        int run = 0;
        for (Path page : pages()) {
            for (String block : blocks(SHELL, page)) {
                for (String command : block.lines().filter(l -> !l.isBlank()).toList()) {
                    check(command);
                    run++;
                }
            }
        }
        assertThat(run).isGreaterThanOrEqualTo(2);
    }

    /** A make target must exist; running the tests inside a test would never end. */
    private void check(String command) throws Exception {
        if (command.startsWith("make ")) {
            String target = command.substring("make ".length()).strip();
            assertThat(Files.readString(Flights.home().resolve("Makefile"))).containsPattern("(?m)^" + target + ":");
            return;
        }
        assertThat(shell(command)).isNotEmpty();
    }

    private String shell(String command) throws Exception {
        Path out = Files.createTempFile(scratch, "out", ".txt");
        Path err = Files.createTempFile(scratch, "err", ".txt");
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(Flights.home().toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(command).isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", command, Files.readString(err))
                    .isZero();
            return Files.readString(out);
        } finally {
            process.destroyForcibly();
        }
    }

    /** From an empty folder, with nothing but Tarn on the path, in the order of the page. */
    @Test
    void theQuickstartCanBeFollowedToTheLetter() throws Exception {
        Path page = Flights.home().resolve("docs/quickstart.md");
        String script = "set -e\ncd '" + scratch + "'\nPATH=\"" + Flights.home() + ":$PATH\"\n"
                + String.join(
                        "", blocks(Pattern.compile("^```bash\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL), page));

        String printed = shell(script);

        assertThat(printed).contains("greetings.guests     ok            4         3         1");
        assertThat(Files.readString(page))
                .contains("```\n" + Files.readString(scratch.resolve("orders/lake/by_customer.csv")) + "```");
    }

    @Test
    void theReadmeShowsTheSummaryThatTheExamplePrints() throws Exception {
        String shown = blocks(SUMMARY, Flights.home().resolve("README.md")).get(0);
        Matcher printed = SUMMARY.matcher(shell("./tarn run examples/flights"));

        assertThat(printed.find()).isTrue();
        assertThat(withoutSeconds(printed.group(1))).isEqualTo(withoutSeconds(shown));
    }

    private static List<String> withoutSeconds(String table) {
        return table.lines().map(line -> line.replaceFirst(" +[0-9.]+$", "")).toList();
    }

    @Test
    void everyWholeProjectIsValid() throws Exception {
        int valid = 0;
        for (Path page : pages()) {
            for (String block : blocks(YAML, page)) {
                if (block.startsWith("project:")) {
                    Path folder = Files.createTempDirectory(scratch, "project");
                    Files.writeString(folder.resolve("tarn.yaml"), block);
                    Files.createDirectories(folder.resolve("data"));
                    Files.writeString(folder.resolve("data/orders.csv"), "id,amount\n1,2\n");
                    assertThat(dev.tarn.cli.Main.run(System.out, System.err, "run", folder.toString()))
                            .isZero();
                    valid++;
                }
            }
        }
        assertThat(valid).isPositive();
    }
}
