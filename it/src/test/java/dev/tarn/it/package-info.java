/**
 * What no module can test alone: the architecture over all of them, and the program as its users start it.
 */
@NullMarked
package dev.tarn.it;

import org.jspecify.annotations.NullMarked;
