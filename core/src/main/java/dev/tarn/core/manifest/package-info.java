/** What the nodes of a plan are, short enough to be kept and compared later. Knows no database. */
@NullMarked
package dev.tarn.core.manifest;

import org.jspecify.annotations.NullMarked;
