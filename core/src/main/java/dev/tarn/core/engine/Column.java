package dev.tarn.core.engine;

/**
 * A column of rows.
 *
 * @param type as the engine calls it
 */
public record Column(String name, String type) {}
