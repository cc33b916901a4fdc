/** New projects: templates, and copying them to where nothing is yet. */
@NullMarked
package dev.tarn.cli.init;

import org.jspecify.annotations.NullMarked;
