/** Benchmarks: each prints the ratio to a floor or a peer that ran in the same process, or a bar; interleaved. */
@NullMarked
package dev.tarn.bench;

import org.jspecify.annotations.NullMarked;
