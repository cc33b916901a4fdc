package dev.tarn.connect.database;

/**
 * A column of the table that is written to.
 *
 * @param type its name without arguments, in lower case: {@code numeric}
 * @param declared with them, for messages
 * @param precision digits in all, length of a text, or digits behind the second; -1 if unlimited
 * @param scale digits behind the point
 */
record TargetColumn(String name, String type, String declared, int precision, int scale) {}
