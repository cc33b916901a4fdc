package dev.tarn.notebook.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FabricFormatTest {

    private static final String WHOLE = """
            # Fabric notebook source

            # METADATA STARS

            # META {
            # META   "kernel_info": {
            # META     "name": "synapse_pyspark"
            # META   },
            # META   "dependencies": {
            # META     "lakehouse": {
            # META       "default_lakehouse": "0f9d",
            # META       "default_lakehouse_name": "sales",
            # META       "default_lakehouse_workspace_id": "77"
            # META     },
            # META     "environment": {
            # META       "environmentId": "e1",
            # META       "workspaceId": "00000000-0000-0000-0000-000000000000"
            # META     }
            # META   }
            # META }

            # MARKDOWN STARS

            # # Orders
            #\s
            # What came in.

            # CELL STARS

            %run common

            # METADATA STARS

            # META {
            # META   "language": "python",
            # META   "language_group": "synapse_pyspark"
            # META }

            # PARAMETERS CELL STARS

            day = '2026-01-01'
            full: bool = False


            # METADATA STARS

            # META {
            # META   "language": "python",
            # META   "frozen": true
            # META }

            # CELL STARS

            # MAGIC %%sql
            # MAGIC select 1
            # MAGIC\s
            # MAGIC -- end

            # METADATA STARS

            # META {
            # META   "language": "sparksql",
            # META   "language_group": "synapse_pyspark"
            # META }
            """;

    @Test
    void readsEveryKindOfBlock() {
        Parsed parsed = Parsed.fabric(WHOLE);
        Notebook notebook = parsed.get();

        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.sources())
                .containsExactly(
                        "# Orders\n\nWhat came in.",
                        "%run common",
                        "day = '2026-01-01'\nfull: bool = False\n",
                        "%%sql\nselect 1\n\n-- end");
        assertThat(notebook.cells().get(0).kind()).isEqualTo(CellKind.MARKDOWN);
        assertThat(notebook.parametersCell().map(Cell::number)).isEqualTo(Optional.of(3));
        assertThat(notebook.cells()).extracting(Cell::frozen).containsExactly(false, false, true, false);
        assertThat(notebook.cells().stream().map(notebook::language))
                .containsExactly("python", "python", "python", "sparksql");
        assertThat(notebook.kernel()).contains("synapse_pyspark");
        assertThat(notebook.isPurePython()).isFalse();
        assertThat(notebook.environment()).contains("e1");
        assertThat(notebook.lakehouse().map(LakehouseRef::name)).contains("sales");
        assertThat(notebook.lakehouse().map(ref -> ref.span().line())).contains(12);
    }

    @Test
    void printsItAgainAsItWas() {
        Notebook notebook = Parsed.fabric(WHOLE).get();

        assertThat(FabricPrinter.print(notebook)).isEqualTo(notebook.text());
    }

    @Test
    void knowsWhereEachLineStands() {
        Notebook notebook = Parsed.fabric(WHOLE).get();

        assertThat(notebook.cells().get(2).span(2)).hasToString("notebook-content.py:42:1");
        assertThat(notebook.cells().get(3).span(2)).hasToString("notebook-content.py:55:9");
        assertThat(notebook.cells().get(0).span(3)).hasToString("notebook-content.py:26:3");
    }

    @Test
    void readsWindowsLineEndsAndAByteOrderMark() {
        Parsed parsed = Parsed.of(
                "notebook-content.py",
                "\uFEFF" + WHOLE.replace("STARS", Parsed.STARS).replace("\n", "\r\n"));

        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.sources()).isEqualTo(Parsed.fabric(WHOLE).sources());
        assertThat(parsed.get().cells().get(3).span(2)).hasToString("notebook-content.py:55:9");
    }

    @Test
    void takesWhatHandsLeaveBehind() {
        Parsed parsed = Parsed.fabric("""
                # Fabric notebook source \s
                # CELL STARS\s\s
                one = 1



                # CELL STARS
                # MARKDOWN STARS
                #no space
                #
                # CELL STARS

                # MAGIC %run other
                two = 2""");

        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.sources()).containsExactly("one = 1\n\n", "", "#no space\n", "%run other\ntwo = 2");
        assertThat(parsed.get().cells()).allMatch(cell -> cell.metadata().isEmpty());
        assertThat(parsed.get().kernel()).isEmpty();
    }

    @Test
    void aMarkerNeedsExactlyTwentyAsterisks() {
        Parsed parsed = Parsed.fabric("""
                # Fabric notebook source

                # CELL STARS

                a = 1
                # CELL **{"language":"python"}**
                # METADATA STARS*
                # CELL *******************
                """);

        assertThat(parsed.sources()).hasSize(1);
        assertThat(parsed.problems())
                .containsExactly(
                        "NOTE notebook-content.py:6:1 this line looks like the beginning of a cell but belongs to the cell above",
                        "NOTE notebook-content.py:7:1 this line looks like the beginning of a cell but belongs to the cell above",
                        "NOTE notebook-content.py:8:1 this line looks like the beginning of a cell but belongs to the cell above");
    }

    @Test
    void saysWhereMetadataAreNotJson() {
        Parsed parsed = Parsed.fabric("""
                # Fabric notebook source

                # METADATA STARS

                # META {
                # META   "kernel_info": {
                # META     "name" "synapse_pyspark"
                # META   }
                # META }

                # CELL STARS

                x = 1

                # METADATA STARS

                # META {
                # META   "language": "python",
                y = 2
                """);

        assertThat(parsed.problems())
                .containsExactly(
                        "ERROR notebook-content.py:7:19 the metadata are not valid JSON: a ':' is expected here",
                        "ERROR notebook-content.py:18:31 the metadata are not valid JSON: the name of a member in double quotes is expected here",
                        "ERROR notebook-content.py:19:1 this line stands among metadata but is none");
    }

    @Test
    void metadataBehindTheFirstCellBelongToIt() {
        Parsed parsed = Parsed.fabric("""
                # Fabric notebook source

                # CELL STARS

                x = 1

                # METADATA STARS

                # META {
                # META   "language": "python"
                # META }
                """);

        assertThat(parsed.get().metadata()).isEmpty();
        assertThat(parsed.get().cells().get(0).declaredLanguage()).contains("python");
        assertThat(FabricPrinter.print(parsed.get())).isEqualTo(parsed.get().text());
    }

    @Test
    void warnsOfWhatHasNoEffect() {
        Parsed parsed = Parsed.fabric("""
                # Fabric notebook source
                import os

                # METADATA STARS

                # META {}

                # METADATA STARS

                # META {}

                # CELL STARS

                x = 1

                # METADATA STARS

                # META {
                # META   "tags": ["parameters"]
                # META }
                """);

        assertThat(parsed.problems())
                .containsExactly(
                        "WARNING notebook-content.py:2:1 text before the first cell belongs to no cell and is not run",
                        "WARNING notebook-content.py:8:1 this metadata belongs to no cell",
                        "WARNING notebook-content.py:19:18 the tag 'parameters' makes no parameters cell in a source file");
        assertThat(parsed.get().parametersCell()).isEmpty();
    }

    @Test
    void readsSqlNotebooksOfBothKernels() {
        String text = """
                -- Fabric notebook source

                -- METADATA STARS

                -- META {
                -- META   "kernel_info": {
                -- META     "name": "KERNEL"
                -- META   },
                -- META   "dependencies": {}
                -- META }

                -- MARKDOWN STARS

                -- # Title

                -- CELL STARS

                SELECT 1
                -- of all

                -- CELL STARS

                -- MAGIC %%pyspark
                -- MAGIC x = 1
                """.replace("STARS", Parsed.STARS);
        Notebook spark = Parsed.of("notebook-content.sql", text.replace("KERNEL", "synapse_pyspark"))
                .get();
        Notebook warehouse = Parsed.of("notebook-content.sql", text.replace("KERNEL", "sqldatawarehouse"))
                .get();

        assertThat(spark.cells().stream().map(spark::language)).containsExactly("sparksql", "sparksql", "python");
        assertThat(warehouse.cells().stream().map(warehouse::language)).containsExactly("sql", "sql", "python");
        assertThat(spark.cells().get(1).source().text()).isEqualTo("SELECT 1\n-- of all");
        assertThat(spark.cells().get(2).source().text()).isEqualTo("%%pyspark\nx = 1");
        assertThat(FabricPrinter.print(spark)).isEqualTo(spark.text());
    }

    @Test
    void readsScala() {
        Notebook notebook = Parsed.of(
                        "notebook-content.scala",
                        "// Fabric notebook source\n\n// CELL " + Parsed.STARS + "\n\nval x = 1\n")
                .get();

        assertThat(notebook.language(notebook.cells().get(0))).isEqualTo("scala");
    }

    @Test
    void keepsImagesOfMarkdown() {
        Parsed parsed = Parsed.fabric("""
                # Fabric notebook source

                # MARKDOWN STARS

                # ![a](attachment:a.png)

                # ATTACHMENTS STARS

                # ATTA {"a.png": {"image/png": "iVBOR"}}
                """);

        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.get().cells().get(0).attachments())
                .containsExactly(Map.of("a.png", Map.of("image/png", "iVBOR")));
        assertThat(FabricPrinter.print(parsed.get())).isEqualTo(parsed.get().text());
    }

    @Test
    void aDetachedLakehouseIsNone() {
        Parsed parsed = Parsed.fabric("""
                # Fabric notebook source

                # METADATA STARS

                # META {
                # META   "kernel_info": {"name": "jupyter", "jupyter_kernel_name": "python3.11"},
                # META   "dependencies": {
                # META     "lakehouse": {
                # META       "default_lakehouse_name": "",
                # META       "default_lakehouse_workspace_id": ""
                # META     }
                # META   }
                # META }
                """);

        assertThat(parsed.get().lakehouse()).isEmpty();
        assertThat(parsed.get().isPurePython()).isTrue();
    }

    @Test
    void anotherPythonFileIsNoNotebook() {
        assertThat(Parsed.of("x.py", "import os\n"))
                .isEqualTo(new Parsed(
                        Optional.empty(), java.util.List.of("ERROR x.py:1:1 this is no notebook that is known")));
    }
}
