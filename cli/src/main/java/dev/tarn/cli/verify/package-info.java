/** Runs a project on two engines, away from the user's tables, and compares what they made. */
@NullMarked
package dev.tarn.cli.verify;

import org.jspecify.annotations.NullMarked;
