/**
 * Running a plan: ready nodes in parallel, each read, transformed, checked and written; results as values.
 */
@NullMarked
package dev.tarn.core.run;

import org.jspecify.annotations.NullMarked;
