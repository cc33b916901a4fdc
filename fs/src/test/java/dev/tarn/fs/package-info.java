/** Tests of local files against the real file system. */
@NullMarked
package dev.tarn.fs;

import org.jspecify.annotations.NullMarked;
