package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.source.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotEnvTest {

    private static final String REST = """
            connections: {c: {type: local}}
            pipelines: [{pipeline: p, nodes: [{name: n, transform: {steps: [SELECT 1]}}]}]
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            A=b                     | b
            A = b c                 | b c
            export A=b              | b
            `  export\tA=b  `       | b
            A=                      | ``
            A=''                    | ``
            A=b # comment           | b
            A=b#c                   | b#c
            A=#b                    | #b
            A= # comment            | ``
            A=b=c                   | b=c
            A='b # c' # comment     | b # c
            A='b\\n'                | b\\n
            A="b\\nc"               | `b\nc`
            A="\\"b\\" \\\\ \\$ \\x"| `"b" \\ $ \\x`
            A="b"#comment           | b
            A=it's                  | it's
            A=${B}                  | ${B}
            A="äöü"                 | äöü
            """)
    void understandsALine(String line, String value) {
        ProjectFixture fixture = new ProjectFixture(folder);
        fixture.write(".env", "# first\n\nB=x\r\n" + line + "\n");

        assertThat(owner(fixture)).isEqualTo("<" + value + ">");
    }

    @Test
    void theLastOfTwoLinesCountsAndTheRealEnvironmentWins() {
        ProjectFixture fixture = new ProjectFixture(folder, Map.of("B", "real", "C", ""));
        fixture.write(".env", "A=1\nB=file\nC=file\nA=2\n");

        assertThat(owner(fixture)).isEqualTo("<2>");
        assertThat(fixture.load("project: x\nowner: ${B}${C}\n" + REST)
                        .project()
                        .owner())
                .isEqualTo("real");
    }

    @Test
    void namesTheEnvironment() {
        ProjectFixture fixture = new ProjectFixture(folder);
        fixture.write(".env", "TARN_ENV=prod\n");

        Project project = fixture.load("project: x\nenvironments: {prod: {owner: prod}}\n" + REST)
                .project();

        assertThat(project.owner()).isEqualTo("prod");
    }

    @Test
    void reportsWhatItDoesNotUnderstandWithoutShowingValues() {
        ProjectFixture fixture = new ProjectFixture(folder);
        fixture.write(".env", """
                OK=secret
                secret
                  my-key=secret
                =secret
                A='secret
                export B="secret" secret
                C="secret\\"
                export
                # secret
                D='secret''secret'
                """);

        ProjectFixture.Loaded loaded = fixture.load("project: ${OK}\n" + REST);

        String expected = "expected KEY=VALUE [a key has letters, digits and underscores; a comment starts with #]";
        String open = "the quote is not closed [a value ends on the line where it starts]";
        String after = "text after the closing quote [put the whole value in one pair of quotes]";
        assertThat(loaded.messages())
                .containsExactly(
                        "error ENV_FILE_SYNTAX .env:2:1 " + expected,
                        "error ENV_FILE_SYNTAX .env:3:1 " + expected,
                        "error ENV_FILE_SYNTAX .env:4:1 " + expected,
                        "error ENV_FILE_SYNTAX .env:5:3 " + open,
                        "error ENV_FILE_SYNTAX .env:6:10 " + after,
                        "error ENV_FILE_SYNTAX .env:7:3 " + open,
                        "error ENV_FILE_SYNTAX .env:8:1 " + expected,
                        "error ENV_FILE_SYNTAX .env:10:3 " + after);
        for (Problem problem : loaded.problems()) {
            assertThat(problem.span().file().text()).doesNotContain("secret");
        }
        assertThat(loaded.project().name()).isEqualTo("secret");
    }

    @Test
    void doesNotShowAFileThatIsNotText() throws IOException {
        Files.write(folder.resolve(".env"), "A=secret é".getBytes(StandardCharsets.ISO_8859_1));

        ProjectFixture.Loaded loaded = new ProjectFixture(folder).load("project: x\n" + REST);

        assertThat(loaded.messages())
                .containsExactly(
                        "error FILE_UNREADABLE .env:1:1 the file is not UTF-8 text from here on [save it as UTF-8]");
        assertThat(loaded.problems().get(0).span().file().text()).isEmpty();
    }

    @Test
    void aFolderOfThatNameIsSomethingElse() throws IOException {
        Files.createDirectory(folder.resolve(".env"));

        assertThat(new ProjectFixture(folder).load("project: x\n" + REST).messages())
                .isEmpty();
    }

    private static String owner(ProjectFixture fixture) {
        ProjectFixture.Loaded loaded = fixture.load("project: x\nowner: <${A}>\n" + REST);
        assertThat(loaded.messages()).isEmpty();
        return loaded.project().owner();
    }
}
