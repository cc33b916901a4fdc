/** What the build makes of the templates in {@code src/main/jte}; found by name, so nothing depends on it. */
@NullMarked
package dev.tarn.core.story.html;

import org.jspecify.annotations.NullMarked;
