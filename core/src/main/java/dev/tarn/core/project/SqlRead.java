package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is read of a database, and how.
 *
 * @param query a SELECT that the database runs; the location's table when absent
 * @param splitBy the column whose ranges are read in parallel; the primary key when absent
 * @param parallel how many connections read at the same time; as many as the table deserves when absent
 */
public record SqlRead(Optional<MappedText> query, Optional<String> splitBy, OptionalInt parallel) {

    /** The whole table. */
    public static final SqlRead TABLE = new SqlRead(Optional.empty(), Optional.empty(), OptionalInt.empty());
}
