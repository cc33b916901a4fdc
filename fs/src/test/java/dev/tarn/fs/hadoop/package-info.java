/** Tests of the log store against the real file system and Hadoop's. */
@NullMarked
package dev.tarn.fs.hadoop;

import org.jspecify.annotations.NullMarked;
