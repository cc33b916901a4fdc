package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command knows {@code -p}; those with no other arguments behind it also know the bare project. */
class ProjectPathTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder).file("in.csv", "id\n1\n").nodes("""
                - name: a
                  read: {connection: in, format: csv, path: in.csv}
                """);
        assertThat(project.run().exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "validate",
                "ls",
                "graph",
                "doctor",
                "config show",
                "config explain project",
                "story last",
                "story list",
                "story show last",
                "story open",
                "story diff last last"
            })
    void theProjectIsNamedEitherWay(String command) {
        Outcome bare = project.tarn((command + " " + folder).split(" "));
        Outcome option = project.tarn((command + " -p " + folder).split(" "));
        Outcome longOption = project.tarn((command + " --project=" + folder).split(" "));

        assertThat(bare.exitCode()).as(bare.err()).isEqualTo(option.exitCode()).isLessThan(2);
        assertThat(option.out()).as(option.err()).isNotBlank();
        assertThat(longOption.exitCode()).isEqualTo(bare.exitCode());
    }

    @Test
    void servicesTakeTheSameOption() {
        Outcome outcome = project.tarn("status", "-p", folder.toString());

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }

    @Test
    void aProjectThatIsNamedTwiceIsWrongUsage() {
        Outcome outcome = project.tarn("validate", folder.toString(), "-p", folder.toString());

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("the project is named twice").contains("help: name it once");
    }

    @Test
    void aCountOfOneIsNoPlural() {
        project.nodes("""
                - name: a
                  read: {connection: in, format: csv, path: in.csv}
                  validation:
                    tests: [{type: range, column: id, min: 2, on_fail: quarantine}]
                    quarantine: {connection: lake, table: rejected}
                  write: {connection: lake, format: delta, table: a}
                """);

        Outcome outcome = project.run();

        assertThat(outcome.out()).contains("1 row rejected");
        assertThat(project.tarn("story", "last", folder.toString()).out()).contains("1 of 1 row: ");
        assertThat(outcome.out() + outcome.err()).doesNotContain("1 rows").doesNotContain("1 nodes");
    }
}
