package dev.tarn.notebook.format;

import dev.tarn.core.source.SourceFile;
import dev.tarn.notebook.json.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * A notebook as its file has it.
 *
 * @param file its exact text, byte order mark and line ends included
 * @param comment how a comment begins in the language of a source file: {@code #}, {@code --} or {@code //}
 * @param metadata what the file says about the whole; empty when it says nothing
 */
public record Notebook(
        SourceFile file, NotebookForm form, String comment, Optional<JsonNode> metadata, List<Cell> cells) {

    public Notebook {
        cells = List.copyOf(cells);
    }

    /** The exact text that it was parsed from. */
    public String text() {
        return file.text();
    }

    /** The cell that holds the default values of parameters. */
    public Optional<Cell> parametersCell() {
        return cells.stream().filter(Cell::parameters).findFirst();
    }

    /** The name of the kernel, such as {@code synapse_pyspark}; empty when the file names none. */
    public Optional<String> kernel() {
        return string("kernel_info", "name").or(() -> string("kernelspec", "name"));
    }

    /** Whether it is for Python without Spark. */
    public boolean isPurePython() {
        return kernel().map(k -> k.equals("jupyter") || k.matches("python3(\\.[0-9]+)?"))
                .orElse(false);
    }

    /** The language of cells that name none. */
    public String language() {
        if (kernel().equals(Optional.of("sqldatawarehouse"))) {
            return "sql";
        }
        return switch (comment) {
            case "--" -> "sparksql";
            case "//" -> "scala";
            default ->
                string("microsoft", "language")
                        .or(() -> string("language_info", "name"))
                        .orElse("python");
        };
    }

    /** The language of a cell: its magic decides, then its metadata, then the notebook. */
    public String language(Cell cell) {
        return cell.magic()
                .flatMap(Notebook::languageOfMagic)
                .or(cell::declaredLanguage)
                .orElseGet(this::language);
    }

    private static Optional<String> languageOfMagic(String magic) {
        return Optional.ofNullable(
                switch (magic) {
                    case "pyspark", "python" -> "python";
                    case "sql" -> "sparksql";
                    case "tsql" -> "sql";
                    case "spark", "scala" -> "scala";
                    case "sparkr", "r" -> "r";
                    case "csharp", "kql", "html", "bash", "sh", "markdown" -> magic;
                    default -> null;
                });
    }

    /** The default lakehouse; empty when none is attached. An id without a name counts, an empty name does not. */
    public Optional<LakehouseRef> lakehouse() {
        Optional<LakehouseRef> found = lakehouse("dependencies").or(() -> lakehouse("trident"));
        return found.filter(ref -> !ref.name().isEmpty() || !ref.id().isEmpty());
    }

    private Optional<LakehouseRef> lakehouse(String block) {
        return metadata.flatMap(m -> m.at(block, "lakehouse"))
                .filter(node -> !node.members().isEmpty())
                .map(node -> new LakehouseRef(
                        node.string("default_lakehouse_name").orElse(""),
                        node.string("default_lakehouse").orElse(""),
                        node.string("default_lakehouse_workspace_id").orElse(""),
                        node.at("default_lakehouse_name")
                                .or(() -> node.at("default_lakehouse"))
                                .orElse(node)
                                .span()));
    }

    /** The id of the environment that is attached; empty when none is. */
    public Optional<String> environment() {
        return string("dependencies", "environment", "environmentId").filter(id -> !id.isEmpty());
    }

    private Optional<String> string(String... path) {
        return metadata.flatMap(m -> m.string(path));
    }
}
