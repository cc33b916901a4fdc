/** Tests of the comparison, on real tables. */
@NullMarked
package dev.tarn.cli.verify;

import org.jspecify.annotations.NullMarked;
