package dev.tarn.notebook.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MagicsTest {

    @TempDir
    Path folder;

    private TestWorkspace workspace;

    @BeforeEach
    void create() {
        workspace = new TestWorkspace(folder);
    }

    private NotebookResult run(String... cells) throws Exception {
        return workspace.notebook("a", cells).run("a");
    }

    @Test
    void shellCommandsPrintWhatTheyPrint() throws Exception {
        assertThat(run(
                                "x = 1\n!echo one; echo two >&2; exit 3\nprint('after')",
                                "%%bash\nfor i in 1 2; do echo $i; done")
                        .failure())
                .isEmpty();
        assertThat(workspace.printed()).isEqualTo("one\ntwo\n(exit code 3)\nafter\n1\n2\n");
    }

    @Test
    void signsInsideStringsAndExpressionsAreNoMagics() throws Exception {
        NotebookResult result = run("""
                text = '''
                %run nothing
                !rm -rf /
                '''
                a = (7
                     % 4)
                b = 10 \\
                    % 3
                # %run nothing either
                if a != b:
                    !echo unequal
                    %time print('timed')
                print(text.count('%'), a, b)""");

        assertThat(result.failure()).isEmpty();
        assertThat(workspace.printed())
                .startsWith("unequal\ntimed\nWall time: ")
                .endsWith("1 3 1\n");
    }

    @Test
    void linesKeepTheirNumbersBehindMagics() throws Exception {
        CellFailure failure = run("!true\n%matplotlib inline\nraise ValueError('x')")
                .failure()
                .orElseThrow();

        assertThat(failure.span().map(span -> span.line())).contains(12);
        assertThat(failure.traceback()).contains("line 3, in <module>\n    raise ValueError('x')");
    }

    @Test
    void pipIsThatOfThePython() throws Exception {
        assertThat(run("%pip --version", "pip list --format=json").failure()).isEmpty();
        assertThat(workspace.printed()).startsWith("pip ");
    }

    @Test
    void pagesAndMarkdownAreShown() throws Exception {
        run("%%html\n<b>bold</b>", "%%markdown\n# Title", "displayHTML('<i>x</i>')");

        assertThat(workspace.shown()).containsExactly("bold", "# Title", "x");
    }

    @Test
    void aFileIsWritten() throws Exception {
        run("%%writefile notes.txt\nline", "print(open('notes.txt').read(), end='')");

        assertThat(workspace.printed()).isEqualTo("line\n");
    }

    @Test
    void unknownMagicsAreNamed() throws Exception {
        assertThat(run("%frobnicate x").failure().orElseThrow().message())
                .contains("the line magic %frobnicate is not known here");
        assertThat(new TestWorkspace(folder)
                        .notebook("b", "%%frob\nx")
                        .run("b")
                        .failure()
                        .orElseThrow()
                        .message())
                .contains("the cell magic %%frob is not known here");
    }
}
