/**
 * What the launcher does once on a machine, so that later starts are fast. The launcher starts it; nothing else in Tarn uses it.
 */
@NullMarked
package dev.tarn.cli.prepare;

import org.jspecify.annotations.NullMarked;
