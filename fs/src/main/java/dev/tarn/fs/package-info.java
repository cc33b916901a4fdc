/** Makes changes to local files that survive a crash and that only one of several racing processes can make. */
@NullMarked
package dev.tarn.fs;

import org.jspecify.annotations.NullMarked;
