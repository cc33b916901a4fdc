package dev.tarn.notebook.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpynbFormatTest {

    private static final String WHOLE = """
            {
             "nbformat": 4, "nbformat_minor": 2,
             "metadata": {
              "kernelspec": {"name": "synapse_pyspark", "language": "Python"},
              "language_info": {"name": "python"},
              "trident": {"lakehouse": {"default_lakehouse": "17", "default_lakehouse_name": "sales"}}
             },
             "cells": [
              {"cell_type": "markdown", "metadata": {}, "source": "# Title\\n\\ntext",
               "attachments": {"a.png": {"image/png": "iVBOR"}}},
              {"cell_type": "code", "metadata": {"tags": ["parameters", "x"], "microsoft": {"language": "python"}},
               "source": ["day = \\"1\\"\\n", "city = 'Gr\\u00e4fe'"], "outputs": [], "execution_count": 7},
              {"cell_type": "code", "metadata": {}, "source": ["%%sql\\n", "select 1"], "outputs": []},
              {"cell_type": "raw", "metadata": {}, "source": []}
             ]
            }
            """;

    @Test
    void readsSourcesAsTextAndAsLines() {
        Parsed parsed = Parsed.of("a.ipynb", WHOLE);
        Notebook notebook = parsed.get();

        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.sources())
                .containsExactly("# Title\n\ntext", "day = \"1\"\ncity = 'Gräfe'", "%%sql\nselect 1", "");
        assertThat(notebook.cells())
                .extracting(Cell::kind)
                .containsExactly(CellKind.MARKDOWN, CellKind.CODE, CellKind.CODE, CellKind.RAW);
        assertThat(notebook.parametersCell().map(Cell::number)).contains(2);
        assertThat(notebook.lakehouse().map(LakehouseRef::name)).contains("sales");
        assertThat(notebook.language(notebook.cells().get(2))).isEqualTo("sparksql");
        assertThat(notebook.cells().get(0).attachments())
                .containsExactly(Map.of("a.png", Map.of("image/png", "iVBOR")));
    }

    @Test
    void knowsWhereEachLineStands() {
        Cell cell = Parsed.of("a.ipynb", WHOLE).get().cells().get(1);

        assertThat(cell.span(1)).hasToString("a.ipynb:12:16");
        assertThat(cell.span(2)).hasToString("a.ipynb:12:33");
    }

    @Test
    void becomesASourceFile() {
        assertThat(FabricPrinter.print(Parsed.of("a.ipynb", WHOLE).get()))
                .isEqualTo("""
                # Fabric notebook source

                # METADATA STARS

                # META {
                # META   "kernel_info": {
                # META     "name": "synapse_pyspark"
                # META   },
                # META   "dependencies": {
                # META     "lakehouse": {
                # META       "default_lakehouse": "17",
                # META       "default_lakehouse_name": "sales"
                # META     }
                # META   }
                # META }

                # MARKDOWN STARS

                # # Title
                #\s
                # text

                # ATTACHMENTS STARS

                # ATTA {"a.png": {"image/png": "iVBOR"}}

                # PARAMETERS CELL STARS

                day = "1"
                city = 'Gräfe'

                # METADATA STARS

                # META {
                # META   "language": "python",
                # META   "tags": [
                # META     "x"
                # META   ]
                # META }

                # CELL STARS

                # MAGIC %%sql
                # MAGIC select 1

                # METADATA STARS

                # META {
                # META   "language": "sparksql",
                # META   "language_group": "synapse_pyspark"
                # META }

                # MARKDOWN STARS

                #\s
                """.replace("STARS", Parsed.STARS));
    }

    @Test
    void outputsGoToTheirCells() {
        Notebook notebook = Parsed.of("a.ipynb", WHOLE).get();
        String printed = IpynbPrinter.print(
                notebook, Map.of(3, List.of(Map.of("output_type", "stream", "name", "stdout", "text", "1\n"))));

        Notebook again = Parsed.of("b.ipynb", printed).get();
        assertThat(again.cells()).hasSize(4);
        assertThat(printed).contains("\"execution_count\": 1").contains("\"output_type\": \"stream\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"cells\": [}              | ERROR a.ipynb:1:12 the notebook is not valid JSON: a JSON value is expected here",
                "{\"cells\": []              | ERROR a.ipynb:1:13 the notebook is not valid JSON: the JSON ends in the middle",
                "{\"worksheets\": []}        | ERROR a.ipynb:1:1 the notebook has the old format 3",
                "{\"a\": 1}                  | ERROR a.ipynb:1:1 the JSON has no 'cells', so it is no notebook",
                "{\"cells\": [{\"source\": \"\"}]} | ERROR a.ipynb:1:12 a cell has no 'cell_type' that is known",
                "{\"cells\": [{\"cell_type\": \"code\"}]} | ERROR a.ipynb:1:12 a cell has no 'source'",
                "{\"cells\": [\"\\x\"]}      | ERROR a.ipynb:1:13 the notebook is not valid JSON: JSON has no such escape",
                "{\"cells\": \"x             | ERROR a.ipynb:1:11 the notebook is not valid JSON: the string that begins here has no end",
            })
    void saysWhereItIsWrong(String text, String problem) {
        assertThat(Parsed.of("a.ipynb", text).problems()).containsExactly(problem);
    }

    @Test
    void deepNestingIsAProblemAndNoCrash() {
        assertThat(Parsed.of("a.ipynb", "[".repeat(100_000)).problems())
                .containsExactly(
                        "ERROR a.ipynb:1:201 the notebook is not valid JSON: more than 200 values inside each other");
    }
}
