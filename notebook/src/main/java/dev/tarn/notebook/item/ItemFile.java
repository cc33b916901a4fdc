package dev.tarn.notebook.item;

import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceFileLoader;
import dev.tarn.notebook.json.JsonException;
import dev.tarn.notebook.json.JsonNode;
import dev.tarn.notebook.json.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a JSON file of an item. */
final class ItemFile {

    private ItemFile() {}

    /** The file's content; empty without a problem when it is not there. */
    static Optional<JsonNode> read(Path file, Problems problems) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        SourceFile named = new SourceFile(file.toString(), "");
        Optional<SourceFile> source = new SourceFileLoader(problems).load(file, file.toString(), named.start());
        try {
            return source.isEmpty() || source.get().text().isBlank()
                    ? Optional.empty()
                    : Optional.of(JsonParser.parse(source.get()));
        } catch (JsonException e) {
            problems.error(
                    ProblemCode.NOTEBOOK_SYNTAX,
                    e.span(),
                    "the file is not valid JSON: " + e.getMessage(),
                    "a merge that went wrong is a common reason");
            return Optional.empty();
        }
    }
}
