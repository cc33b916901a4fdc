package dev.tarn.notebook.run;

import dev.tarn.notebook.format.Cell;
import dev.tarn.notebook.format.Notebook;
import java.util.Map;

/** Hears what a run does, from one thread. */
public interface RunListener {

    /** A cell begins. */
    default void started(Notebook notebook, Cell cell, int depth) {}

    /**
     * Something was printed.
     *
     * @param stream {@code stdout} or {@code stderr}
     */
    default void printed(String stream, String text) {}

    /** Something was shown, in one or several kinds of text or image. */
    default void shown(Map<String, Object> data) {}

    /** What the user should know of the run. */
    default void notice(String text) {}

    /** A cell has ended. */
    default void finished(CellResult result) {}
}
