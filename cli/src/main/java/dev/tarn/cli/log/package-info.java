/** The provider behind SLF4J: writes records to standard error while a run goes on, and drops those of other times. */
@NullMarked
package dev.tarn.cli.log;

import org.jspecify.annotations.NullMarked;
