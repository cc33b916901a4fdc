package dev.tarn.notebook.run;

import dev.tarn.notebook.format.Cell;
import dev.tarn.notebook.format.CellKind;
import dev.tarn.notebook.format.Notebook;
import java.util.List;
import java.util.regex.Pattern;

/** Says whether a notebook will touch Spark. A notebook that does not is spared the seconds that Spark takes to start. */
final class SparkNeed {

    private static final Pattern NAMES = Pattern.compile(
            "\\b(spark|sc|sqlContext|pyspark|SparkSession|DeltaTable|delta)\\b|^\\s*%sql\\b", Pattern.MULTILINE);

    private static final Pattern PULLED = Pattern.compile(
            "^\\s*%run\\s+[\"']?([^\\s{\"']+)|\\bnotebook\\.run\\(\\s*[\"']([^\"']+)[\"']", Pattern.MULTILINE);

    private SparkNeed() {}

    static boolean of(Notebook notebook) {
        return notebook.cells().stream()
                .filter(cell -> cell.kind() == CellKind.CODE && !cell.frozen())
                .anyMatch(cell -> isSql(notebook, cell)
                        || NAMES.matcher(cell.source().text()).find());
    }

    private static boolean isSql(Notebook notebook, Cell cell) {
        return notebook.language(cell).equals("sparksql");
    }

    /** The notebooks that it names in {@code %run} and in calls with their name written out. */
    static List<String> pulledIn(Notebook notebook) {
        return notebook.cells().stream()
                .filter(cell -> cell.kind() == CellKind.CODE && !cell.frozen())
                .flatMap(cell -> PULLED.matcher(cell.source().text()).results())
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .toList();
    }
}
