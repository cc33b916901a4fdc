package dev.tarn.core.engine;

import java.util.OptionalLong;

/** Rows that are stored but not yet visible at their target. */
public interface StagedWrite {

    long rows();

    /** The rows just written, for nodes that depend on this one. */
    Dataset written();

    /** Whether {@link #written} reads what was stored, and no longer needs the dataset that was staged. */
    boolean standsAlone();

    /**
     * Makes the rows visible, all or none; a crash leaves what was there before or the new. Gives the version that the
     * target has by it, where targets have versions.
     */
    OptionalLong commit();

    /** What the stored rows look like, with at most so many rows; asked for after the commit. */
    Profile profile(int rows);

    /** Removes what was stored; does nothing after a commit. */
    void discard();
}
