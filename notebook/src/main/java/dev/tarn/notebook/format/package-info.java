/** Notebooks and workspace items as files: parsed without losing a byte, and printed as their platform prints them. */
@NullMarked
package dev.tarn.notebook.format;

import org.jspecify.annotations.NullMarked;
