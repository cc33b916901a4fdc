package dev.tarn.core.engine;

import java.util.OptionalLong;

/** Rows that an engine has or can compute; what is inside is the engine's own business. */
public interface Dataset {

    /** The number of rows, where it is known without computing them. */
    OptionalLong rows();
}
