package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionCommandTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder).file("in.csv", "id\n1\n").nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: in.csv}
                - name: order_count
                  depends_on: [orders]
                  transform: {steps: [select count(*) as n from df]}
                """);
    }

    private Path script(String shell) throws IOException {
        return Files.writeString(
                folder.resolve("completion." + shell),
                project.tarn("completion", shell).out());
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s ended", command)
                    .isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean isInstalled(String program) {
        return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, program)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void theShellAcceptsItsScript(String shell) throws Exception {
        assumeTrue(isInstalled(shell), shell + " is not installed here");

        assertThat(output(List.of(shell, "-n", script(shell).toString()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void everyCommandAndOptionIsKnown(String shell) throws IOException {
        assertThat(Files.readString(script(shell)))
                .contains("run", "validate", "ls", "graph", "explain", "completion")
                .contains("select", "exclude", "workers", "dry-run", "trace", "output")
                .contains("tree dot mermaid", "text json", "bash zsh fish")
                .endsWith("\n");
    }

    @Test
    void anUnknownShellIsWrongUsage() {
        assertThat(project.tarn("completion", "tcsh").exitCode()).isEqualTo(2);
        assertThat(project.tarn("completion").exitCode()).isEqualTo(2);
    }

    /** A command of this name that runs these classes, as a user would call it. */
    private Path tarn() throws IOException {
        Path script = Files.writeString(folder.resolve("tarn"), """
                #!/bin/sh
                echo called >>'%s/calls'
                exec '%s/bin/java' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' dev.tarn.cli.Main "$@"
                """.formatted(
                        folder, System.getProperty("java.home"), System.getProperty("java.class.path")));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    /** What bash offers when the key is pressed at the end of these words. */
    private List<String> bash(String... words) throws Exception {
        assumeTrue(isInstalled("bash"), "bash is not installed here");
        String last = words[words.length - 1];
        String quoted =
                String.join(" ", Stream.of(words).map(w -> "'" + w + "'").toList());
        Path driver = Files.writeString(
                folder.resolve("driver.bash"), """
                source '%s'
                COMP_WORDS=('%s' %s)
                COMP_CWORD=%d
                _tarn tarn '%s' ''
                printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(script("bash"), tarn(), quoted, words.length, last));
        return output(List.of("bash", "--norc", driver.toString())).lines().toList();
    }

    @ParameterizedTest
    @CsvSource({
        "p.ord,          p.orders p.order_count",
        "p.order_,       p.order_count",
        "+p.ord,         +p.orders +p.order_count",
        "2+p.orders,     2+p.orders",
        "'tag:x,p.ord',  'tag:x,p.orders tag:x,p.order_count'",
        "'p.orders +p.order_', p.orders +p.order_count",
    })
    void bashCompletesNodesBehindOperators(String typed, String offered) throws Exception {
        assertThat(String.join(" ", bash("run", folder.toString(), "--select", typed)))
                .isEqualTo(offered);
    }

    @Test
    void bashTakesEqualsAndAtSignsAsWords() throws Exception {
        assertThat(bash("ls", folder.toString(), "--exclude", "=", "p.order_")).containsExactly("p.order_count");
        assertThat(bash("ls", folder.toString(), "--select", "@", "p.order_")).containsExactly("p.order_count");
        assertThat(bash("ls", folder.toString(), "--exclude", "=")).containsExactly("p.orders", "p.order_count");
    }

    @Test
    void bashCompletesCommandsAndOptionsWithoutAskingTheProject() throws Exception {
        assertThat(bash("va")).containsExactly("validate");
        assertThat(bash("run", "--dr")).containsExactly("--dry-run");
        assertThat(bash("graph", "--format", "m")).containsExactly("mermaid");
        assertThat(bash("completion", "f")).containsExactly("fish");
        assertThat(bash("init", "m")).containsExactly("medallion");
        assertThat(bash("config", "e")).containsExactly("explain");
        assertThat(bash("run", "--log-level", "w")).containsExactly("warn");
        assertThat(bash("ls", "--r")).containsExactly("");
        assertThat(folder.resolve("calls")).doesNotExist();
    }

    @Test
    void bashOffersNothingForAProjectThatIsWrong() throws Exception {
        project.file("tarn.yaml", "project: [");

        assertThat(bash("run", folder.toString(), "--select", "p")).containsExactly("");
    }
}
