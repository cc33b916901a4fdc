package dev.tarn.notebook.run;

import java.nio.file.Path;

/**
 * The folder that stands for a lakehouse.
 *
 * @param root with {@code Files} and {@code Tables}
 * @param schema of tables that are named without one; empty for a lakehouse without schemas
 */
public record LakehouseFolder(String name, Path root, String schema) {}
