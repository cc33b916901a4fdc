package dev.tarn.notebook.format;

/** How a notebook is written down. */
public enum NotebookForm {
    /** A source file of Fabric's git integration: {@code notebook-content.py}. */
    FABRIC,
    /** A Jupyter notebook. */
    IPYNB
}
