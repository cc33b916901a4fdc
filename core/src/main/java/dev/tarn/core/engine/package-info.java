/**
 * What an engine offers to a run: datasets, SQL, checks and staged writes. No engine, cloud or file format library may come in here.
 */
@NullMarked
package dev.tarn.core.engine;

import org.jspecify.annotations.NullMarked;
