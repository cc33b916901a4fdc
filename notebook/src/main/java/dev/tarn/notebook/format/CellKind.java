package dev.tarn.notebook.format;

/** What a cell is. */
public enum CellKind {
    CODE,
    MARKDOWN,
    /** Text that nobody runs or renders; only Jupyter notebooks have it. */
    RAW
}
