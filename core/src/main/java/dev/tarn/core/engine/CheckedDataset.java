package dev.tarn.core.engine;

import dev.tarn.core.project.Quarantine;
import java.time.Instant;
import java.util.List;

/** Rows with the outcome of their checks. Each row is in exactly one of {@link #accepted} and {@link #rejected}. */
public interface CheckedDataset extends AutoCloseable {

    /** The number of all rows. */
    long rows();

    /** For each check, in the order given, the number of rows that break it; 0 for checks that are not of rows. */
    List<Long> violations();

    /** The number of rows that break a check whose rows are quarantined. */
    long rejectedRows();

    /** The rows that break no quarantine check. */
    Dataset accepted();

    /** The other rows, with the quarantine's columns that say why. */
    Dataset rejected(Quarantine quarantine, String node, String runId, Instant at);

    /** At most so many of the rows that break a check, whatever becomes of them. */
    BrokenRows broken(int rows);

    /** Frees the rows; datasets made of them cannot be used any more. */
    @Override
    void close();
}
