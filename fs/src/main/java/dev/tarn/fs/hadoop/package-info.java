/** The safe local commit for Spark sessions, through Delta's and Hadoop's own interfaces; Spark brings their libraries. */
@NullMarked
package dev.tarn.fs.hadoop;

import org.jspecify.annotations.NullMarked;
