package dev.tarn.notebook.json;

/** A number as it was written, so that it can be written the same again: {@code 1.0} is not {@code 1}. */
public record JsonNumber(String literal) {}
