package dev.tarn.notebook.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.notebook.json.JsonNumber;
import dev.tarn.notebook.run.CellResult.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotebookRunnerTest {

    @TempDir
    Path folder;

    private TestWorkspace workspace;

    @BeforeEach
    void create() {
        workspace = new TestWorkspace(folder);
    }

    @Test
    void cellsShareTheirNamesAndShowTheirLastValue() throws Exception {
        NotebookResult result = workspace
                .notebook("a", "import json\nx = 20\nprint('é')", "x + 1", "x;", "None", "display('a', [1])")
                .run("a");

        assertThat(result.failure()).isEmpty();
        assertThat(workspace.printed()).isEqualTo("é\n");
        assertThat(workspace.shown()).containsExactly("21", "'a'", "[1]");
        assertThat(result.cells()).hasSize(5).allMatch(cell -> cell.status() == Status.OK);
        assertThat(result.exitValue()).isEmpty();
    }

    @Test
    void valuesOfTheCallerComeRightAfterTheParametersCell() throws Exception {
        workspace
                .notebook(
                        "a",
                        "import os\nday = 'early'",
                        "#parameters\nday = 'x'\nfull = False\nlimit = 1",
                        "print(day, full, limit)")
                .parameter("day", "2026")
                .parameter("full", true)
                .parameter("limit", new JsonNumber("7"))
                .run("a");

        assertThat(workspace.printed()).isEqualTo("2026 True 7\n");
    }

    @Test
    void runPullsInAnotherNotebookInTheSameNames() throws Exception {
        NotebookResult result = workspace
                .notebook(
                        "sdk",
                        "#parameters\nlevel = 1",
                        "import sys\nCATALOGUE = [1, 2]\ndef named(n):\n    return sys._getframe(1).f_globals[n]")
                .notebook("a", "y = 5\n%run sdk {\"level\": 3}", "print(named('y'), len(CATALOGUE), level)")
                .run("a");

        assertThat(result.failure()).isEmpty();
        assertThat(workspace.printed()).isEqualTo("5 2 3\n");
        assertThat(result.cells()).extracting(CellResult::depth).containsExactly(1, 1, 0, 0);
    }

    @Test
    void aFailureInTheThirdLevelPointsThere() throws Exception {
        NotebookResult result = workspace
                .notebook("a", "ok = 1", "%run b")
                .notebook("b", "%run c")
                .notebook("c", "pass", "import json\ndef f(x):\n    return json.loads(x)\nf('{')")
                .run("a");

        CellFailure failure = result.failure().orElseThrow();
        assertThat(failure.span().map(Object::toString))
                .contains(folder.resolve("c.Notebook/notebook-content.py") + ":16:1");
        assertThat(failure.type()).isEqualTo("JSONDecodeError");
        assertThat(failure.traceback())
                .startsWith(
                        "Traceback (most recent call last):\n  File \"c cell 2\", line 4, in <module>\n    f('{')\n")
                .doesNotContain("tarn_kernel");
        assertThat(result.cells())
                .filteredOn(cell -> cell.status() == Status.ERROR)
                .hasSize(3);
    }

    @Test
    void saysWhereTheSyntaxIsWrong() throws Exception {
        CellFailure failure =
                workspace.notebook("a", "x = 1\nprint('a'\n").run("a").failure().orElseThrow();

        assertThat(failure.type()).isEqualTo("SyntaxError");
        assertThat(failure.span().map(span -> span.line())).contains(11);
    }

    @Test
    void exitEndsTheNotebookWithItsValue() throws Exception {
        NotebookResult result = workspace
                .notebook("a", "import json\nnotebookutils.notebook.exit(json.dumps({'n': 1}))", "print('never')")
                .run("a");

        assertThat(result.exitValue()).contains("{\"n\": 1}");
        assertThat(result.succeeded()).isTrue();
        assertThat(workspace.printed()).isEmpty();
    }

    @Test
    void exitInsideABareExceptIsSwallowedAsInTheService() throws Exception {
        NotebookResult result = workspace
                .notebook("a", "try:\n    mssparkutils.notebook.exit('x')\nexcept:\n    pass\nprint('on')")
                .run("a");

        assertThat(result.exitValue()).isEmpty();
        assertThat(workspace.printed()).isEqualTo("on\n");
        assertThat(result.notices())
                .containsExactly("a cell 1, line 2: notebook.exit was called, and an except swallowed it");
    }

    @Test
    void aCalledNotebookHasNamesOfItsOwnAndGivesItsValue() throws Exception {
        NotebookResult result = workspace
                .notebook("child", "#parameters\nn = 0", "x = 'child'\nnotebookutils.notebook.exit(n * 2)")
                .notebook("silent", "pass")
                .notebook(
                        "a",
                        "x = 'mine'\nprint(notebookutils.notebook.run('child', 60, {'n': 21, 'useRootDefaultLakehouse': True}), x)",
                        "print(repr(notebookutils.notebook.run('silent')))")
                .run("a");

        assertThat(result.failure()).isEmpty();
        assertThat(workspace.printed()).isEqualTo("42 mine\n''\n");
    }

    @Test
    void notebooksInACircleAreRefused() throws Exception {
        CellFailure failure = workspace
                .notebook("a", "%run b")
                .notebook("b", "%run a")
                .run("a")
                .failure()
                .orElseThrow();

        assertThat(failure.message()).contains("notebooks run each other in a circle: a -> b -> a");
    }

    @Test
    void aMissingNotebookIsNamedWithTheNearest() throws Exception {
        assertThat(workspace
                        .notebook("orders", "pass")
                        .notebook("a", "%run ordrs")
                        .run("a")
                        .failure()
                        .orElseThrow()
                        .message())
                .isEqualTo("FileNotFoundError: there is no notebook 'ordrs': did you mean 'orders'?");
    }

    @Test
    void aCellThatTakesTooLongIsInterrupted() throws Exception {
        NotebookResult result = workspace
                .notebook("a", "import time\nx = 1\ntime.sleep(60)", "print('never')")
                .timeout(Duration.ofMillis(1500))
                .run("a");

        assertThat(result.failure().map(CellFailure::interrupted)).contains(true);
        assertThat(result.failure().flatMap(CellFailure::span).map(span -> span.line()))
                .contains(12);
        assertThat(workspace.printed()).isEmpty();
    }

    @Test
    void anInterruptStopsTheCell() throws Exception {
        NotebookResult result = workspace
                .notebook("a", "import time\nprint('begun')\ntime.sleep(60)")
                .interruptedWhenItPrints()
                .run("a");

        assertThat(result.failure().map(CellFailure::interrupted)).contains(true);
    }

    @Test
    void aPythonThatDiesIsAFailureAndNoHang() throws Exception {
        NotebookResult result =
                workspace.notebook("a", "import os\nos._exit(3)").run("a");

        assertThat(result.failure().map(CellFailure::message))
                .isEqualTo(Optional.of("Python ended in the middle of the run (exit code 3)"));
    }

    @Test
    void cellsOfOtherLanguagesAreSkippedWithANotice() throws Exception {
        NotebookResult result = workspace
                .notebook("a", "%%scala\nval x = 1", "%%tsql\nselect 1", "print('on')")
                .run("a");

        assertThat(result.succeeded()).isTrue();
        assertThat(result.notices())
                .containsExactly(
                        "a cell of %%scala is not run here: the result is partial",
                        "a cell of %%tsql is not run here: the result is partial");
    }
}
