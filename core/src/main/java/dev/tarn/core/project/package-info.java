/**
 * What a project is: immutable records with the position of each part, and the loader that makes them from YAML. Nothing here reads data or knows an engine.
 */
@NullMarked
package dev.tarn.core.project;

import org.jspecify.annotations.NullMarked;
