/**
 * What a run tells while it goes on. Listeners never change a run.
 */
@NullMarked
package dev.tarn.core.observe;

import org.jspecify.annotations.NullMarked;
