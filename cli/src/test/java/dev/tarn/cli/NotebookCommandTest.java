package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotebookCommandTest {

    private static final String SOURCE = """
            # Fabric notebook source

            # METADATA STARS

            # META {
            # META   "kernel_info": {
            # META     "name": "synapse_pyspark"
            # META   },
            # META   "dependencies": {
            # META     "lakehouse": {
            # META       "default_lakehouse_name": "sales"
            # META     }
            # META   }
            # META }

            # MARKDOWN STARS

            # # Orders

            # PARAMETERS CELL STARS

            day = 'é'
            full = True

            # METADATA STARS

            # META {
            # META   "language": "python",
            # META   "language_group": "synapse_pyspark"
            # META }
            """.replace("STARS", "********************");

    @TempDir
    Path folder;

    private TestProject project;
    private Path item;

    @BeforeEach
    void create() {
        project = new TestProject(folder)
                .file("Orders.Notebook/notebook-content.py", SOURCE)
                .file("sales.Lakehouse/lakehouse.metadata.json", "{\"defaultSchema\": \"dbo\"}")
                .file("vars.VariableLibrary/variables.json", "{\"variables\": [{\"name\": \"A\", \"value\": \"1\"}]}");
        item = folder.resolve("Orders.Notebook");
    }

    private Outcome notebook(String... args) {
        return project.tarn(
                java.util.stream.Stream.concat(java.util.stream.Stream.of("notebook"), java.util.stream.Stream.of(args))
                        .toArray(String[]::new));
    }

    @Test
    void showsCells() {
        assertThat(notebook("show", item.toString()))
                .isEqualTo(new Outcome(0, """
                %s: fabric, kernel synapse_pyspark, lakehouse sales

                cell  kind        language  begins with  line  lines
                1     markdown              # Orders       18      1
                2     parameters  python    day = 'é'      22      2
                """.formatted(item.resolve("notebook-content.py")), ""));
    }

    @Test
    void showsCellsAsJson() throws IOException {
        Map<String, Object> json =
                JSON.std.mapFrom(notebook("show", item.toString(), "-o", "json").out());

        assertThat(json)
                .containsEntry("schema", "tarn/notebook/v1")
                .containsEntry("lakehouse", "sales")
                .containsEntry("problems", List.of());
        assertThat(String.valueOf(json.get("cells"))).contains("source=day = 'é'\nfull = True");
    }

    @Test
    void showsTheItemsOfAWorkspace() {
        assertThat(notebook("show", folder.toString())).isEqualTo(new Outcome(0, """
                type             name    folder                holds
                Notebook         Orders  Orders.Notebook
                Lakehouse        sales   sales.Lakehouse       schemas (default dbo)
                VariableLibrary  vars    vars.VariableLibrary  1 variables
                """, ""));
    }

    @Test
    void convertsThereAndBackWithoutLosingAByte() throws IOException {
        Path jupyter = folder.resolve("orders.ipynb");

        assertThat(notebook("convert", item.toString(), "--to", "ipynb", "--out", jupyter.toString()))
                .isEqualTo(new Outcome(0, "", "wrote PROJECT/orders.ipynb\n"));
        assertThat(notebook("convert", jupyter.toString(), "--to", "fabric").out())
                .isEqualTo(SOURCE);
        assertThat(notebook("convert", jupyter.toString(), "--to", "ipynb").out())
                .isEqualTo(Files.readString(jupyter));
        assertThat(notebook("convert", item.toString(), "--to", "ipynb", "--out", jupyter.toString()))
                .isEqualTo(new Outcome(
                        2,
                        "",
                        "error: file 'PROJECT/orders.ipynb' is there already\nhelp: name another one, or remove it\n"));
    }

    @Test
    void saysWhereANotebookIsWrong() {
        project.file("Orders.Notebook/notebook-content.py", SOURCE.replace("\"kernel_info\":", "\"kernel_info\""));

        Outcome outcome = notebook("convert", item.toString(), "--to", "ipynb");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .contains("error[TARN-0601]: the metadata are not valid JSON: a ':' is expected here")
                .contains("notebook-content.py:6:24");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(notebook().err()).startsWith("error: notebook needs one of: convert, run, show\n");
        assertThat(notebook("show", folder.resolve("none.ipynb").toString()).exitCode())
                .isEqualTo(2);
    }
}
