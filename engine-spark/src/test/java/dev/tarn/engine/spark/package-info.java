@NullMarked
package dev.tarn.engine.spark;

import org.jspecify.annotations.NullMarked;
