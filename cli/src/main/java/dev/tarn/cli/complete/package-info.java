/** Completion scripts for shells, made of what the commands declare. */
@NullMarked
package dev.tarn.cli.complete;

import org.jspecify.annotations.NullMarked;
