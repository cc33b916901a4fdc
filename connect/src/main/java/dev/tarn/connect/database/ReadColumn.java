package dev.tarn.connect.database;

/**
 * A column that is read.
 *
 * @param sourceType as the database calls it
 * @param expression what is selected, in the database's SQL
 */
public record ReadColumn(String name, ColumnType type, String sourceType, String expression) {}
