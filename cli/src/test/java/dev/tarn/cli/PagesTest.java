package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.render.Console;
import dev.tarn.core.run.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The pages that speak of commands and codes have all that there are, and no others. */
class PagesTest {

    private static final Path DOCS = Path.of("../docs");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    private static Stream<String> commands() {
        return line().getSubcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey);
    }

    private static CommandLine line() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return Commands.line(Console.plain(nowhere, nowhere), new Cancellation());
    }

    /** The page's sections by each name in their headings; what stands before the first is under "". */
    private static Map<String, String> sections() throws IOException {
        Map<String, String> sections = new HashMap<>();
        for (String part : Files.readString(DOCS.resolve("cli.md")).split("(?m)^## ", -1)) {
            String heading =
                    part.startsWith("# ") ? "" : part.lines().findFirst().orElse("");
            for (String name : heading.split(", ", -1)) {
                sections.put(name, part);
            }
        }
        return sections;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theCommandHasASectionWithAllItsOptions(String command) throws IOException {
        String section = sections().get(command);
        assertThat(section).as("section '## " + command + "' of docs/cli.md").isNotNull();

        List<String> missing =
                Objects.requireNonNull(line().getSubcommands().get(command)).getCommandSpec().options().stream()
                        .filter(option -> !option.hidden())
                        .map(OptionSpec::longestName)
                        .filter(name -> !(section + common()).contains(name))
                        .toList();

        assertThat(missing).as("options that docs/cli.md does not show").isEmpty();
    }

    /** What all commands take stands before the first section; the grammar of selections has a section of its own. */
    private static String common() {
        try {
            return sections().get("") + sections().get("Selecting nodes");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A command that is asked for is made without the others. */
    @ParameterizedTest
    @MethodSource("commands")
    void theCommandAloneHasTheSameHelpAsAmongAll(String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int code = Main.run(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, command, "--help");

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(Objects.requireNonNull(line().getSubcommands().get(command))
                        .getUsageMessage());
    }

    @Test
    void noCommandIsMadeUp() throws IOException {
        List<String> known = line().getSubcommands().keySet().stream().toList();

        assertThat(sections().keySet())
                .allMatch(name -> name.isEmpty() || name.equals("Selecting nodes") || known.contains(name));
    }

    @Test
    void thePageOfCodesIsFresh() throws IOException {
        Path page = DOCS.resolve("errors.md");
        String printed =
                new TestProject(DOCS).tarn("explain", "--format", "markdown").out();

        if (Boolean.getBoolean("tarn.record")) {
            Files.writeString(page, printed);
        }
        assertThat(Files.readString(page))
                .as("run: tarn explain --format markdown > docs/errors.md")
                .isEqualTo(printed);
    }

    @Test
    void explainWithoutACodeListsAll() {
        TestProject.Outcome outcome = new TestProject(DOCS).tarn("explain");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("TARN-0105  unknown key\n").contains("TARN-0599  internal error\n");
    }

    /** Each page of the folder is in its index, so that nobody has to know its name. */
    @Test
    void theIndexNamesEveryPage() throws IOException {
        String index = Files.readString(DOCS.resolve("README.md"));
        try (Stream<Path> pages = Files.list(DOCS)) {
            assertThat(pages.map(page -> page.getFileName().toString())
                            .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                            .filter(name -> !index.contains("(" + name + ")")))
                    .isEmpty();
        }
    }

    @Test
    void linksBetweenPagesLeadSomewhere() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("../README.md")));
        try (Stream<Path> docs = Files.list(DOCS)) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        for (Path page : pages) {
            List<String> broken = LINK.matcher(Files.readString(page))
                    .results()
                    .map(match -> match.group(1))
                    .filter(link -> !Files.exists(page.resolveSibling(link)))
                    .toList();
            assertThat(broken).as(page.toString()).isEmpty();
        }
    }
}
