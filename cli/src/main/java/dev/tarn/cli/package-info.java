/**
 * The commands: each loads, plans and runs by calling the parts, and turns the outcome into an exit code. What is
 * printed is made in {@code render}.
 */
@NullMarked
package dev.tarn.cli;

import org.jspecify.annotations.NullMarked;
