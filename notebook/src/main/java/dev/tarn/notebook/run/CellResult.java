package dev.tarn.notebook.run;

import dev.tarn.notebook.format.Cell;
import dev.tarn.notebook.format.Notebook;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a cell ended.
 *
 * @param depth 0 for the notebook that was asked for, more for those that it pulls in or calls
 * @param outputs as nbformat has them
 */
public record CellResult(
        Notebook notebook,
        Cell cell,
        int depth,
        Status status,
        double seconds,
        Optional<CellFailure> failure,
        List<Map<String, Object>> outputs) {

    /** How it ended, in a word. */
    public enum Status {
        OK,
        /** Not run: frozen, or in a language that is not run here. */
        SKIPPED,
        ERROR
    }

    public CellResult {
        outputs = List.copyOf(outputs);
    }
}
