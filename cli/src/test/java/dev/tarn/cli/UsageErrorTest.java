package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageErrorTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            rnu                     | 'tarn' has no command 'rnu' | did you mean 'run'?
            dance                   | 'tarn' has no command 'dance' | see 'tarn --help'
            supervis                | 'tarn' has no command 'supervis' | see 'tarn --help'
            --select x              | 'tarn' has no option '--select' | options stand behind the command that they belong to; see 'tarn --help'
            connection tst          | 'tarn connection' has no command 'tst' | did you mean 'test'?
            run --wrkers=3          | 'tarn run' has no option '--wrkers' | did you mean '--workers'?
            run -Z                  | 'tarn run' has no option '-Z' | see 'tarn run --help'
            run a b c               | too many arguments for 'tarn run': 'b', 'c' | see 'tarn run --help'
            run a select            | too many arguments for 'tarn run': 'select' | did you mean '--select'?
            run --workers           | '--workers' needs a value: a whole number up to 2147483647 | see 'tarn run --help'
            run --workers= .        | '--workers' needs a value: a whole number up to 2147483647 | see 'tarn run --help'
            run --select            | '--select' needs a value: NODES | see 'tarn run --help'
            run --workers x         | '--workers' cannot be 'x', only a whole number up to 2147483647 | see 'tarn run --help'
            table head t -n 1.5     | '--limit' cannot be '1.5', only a whole number | see 'tarn table head --help'
            run --dry-run=maybe     | '--dry-run' takes no value, but has 'maybe' | leave it out
            run -p a -p b           | '--project' stands more than once | write it once
            run -o jsn              | '--output' cannot be 'jsn', only text or json | did you mean 'json'?
            run --color blue        | '--color' cannot be 'blue', only auto, always or never | see 'tarn run --help'
            completion tcsh         | SHELL cannot be 'tcsh', only bash, zsh or fish | see 'tarn completion --help'
            completion              | 'tarn completion' needs SHELL: bash, zsh or fish | write 'tarn completion SHELL'; see 'tarn completion --help'
            story lst               | ACTION cannot be 'lst', only last, list, show, diff or open | did you mean 'last'?
            table describe          | 'tarn table describe' needs TABLE | write 'tarn table describe TABLE'; see 'tarn table describe --help'
            explain TARN-9999       | there is no error code or transformer 'TARN-9999' | 'tarn explain' lists the codes, 'tarn explain transformers' the transformers
            explain dedupliacte     | there is no error code or transformer 'dedupliacte' | did you mean 'deduplicate'?
            """)
    void saysWhatIsWrongAndWhatToDo(String words, String message, String help) {
        Outcome outcome = new TestProject(folder).tarn(words.split(" "));

        assertThat(outcome.err()).isEqualTo("error: " + message + "\nhelp: " + help + "\n");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.exitCode()).isEqualTo(2);
    }

    @Test
    void isAValueOfJsonWhereThatIsAskedFor() {
        assertThat(new TestProject(folder)
                        .tarn("ls", "--selct", "x", "-o", "json")
                        .out())
                .isEqualTo("""
                        {
                          "schema" : "tarn/error/v1",
                          "kind" : "usage",
                          "code" : null,
                          "message" : "'tarn ls' has no option '--selct'",
                          "help" : "did you mean '--select'?"
                        }
                        """);
    }
}
