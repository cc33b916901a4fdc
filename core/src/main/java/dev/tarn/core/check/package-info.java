/**
 * Rules on data and what they found, as values. How a rule is evaluated is an engine's business.
 */
@NullMarked
package dev.tarn.core.check;

import org.jspecify.annotations.NullMarked;
