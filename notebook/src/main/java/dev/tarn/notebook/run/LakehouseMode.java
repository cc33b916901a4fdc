package dev.tarn.notebook.run;

/** Which data a run finds in its lakehouse, and leaves there. */
public enum LakehouseMode {
    /** Those that earlier runs have left; what this one writes stays. */
    KEEP,
    /** Only the files that come with the lakehouse's item; what is written stays in the run's own folder. */
    FRESH,
    /** A copy of what earlier runs have left, in the run's own folder. */
    COPY
}
