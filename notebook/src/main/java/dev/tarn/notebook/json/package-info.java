/** JSON whose every value knows where it stands in its file; for files that people write or commit. */
@NullMarked
package dev.tarn.notebook.json;

import org.jspecify.annotations.NullMarked;
