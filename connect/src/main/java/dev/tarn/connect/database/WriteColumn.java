package dev.tarn.connect.database;

/** A column of rows that are written. A DECIMAL may have more than 38 digits. */
public record WriteColumn(String name, ColumnType type) {}
