package dev.tarn.notebook.run;

import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param cells in the order in which they ended, those of pulled-in notebooks too
 * @param exitValue what the notebook passed to {@code notebook.exit}
 * @param notices what makes the result partial, or another one than in the service
 */
public record NotebookResult(
        List<CellResult> cells, Optional<String> exitValue, Optional<CellFailure> failure, List<String> notices) {

    public NotebookResult {
        cells = List.copyOf(cells);
        notices = List.copyOf(notices);
    }

    public boolean succeeded() {
        return failure.isEmpty();
    }
}
