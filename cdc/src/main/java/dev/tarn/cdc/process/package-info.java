/** The process of a stream. */
@NullMarked
package dev.tarn.cdc.process;

import org.jspecify.annotations.NullMarked;
