/** Runs notebooks in a Python of their own, and hears what their cells do. */
@NullMarked
package dev.tarn.notebook.run;

import org.jspecify.annotations.NullMarked;
