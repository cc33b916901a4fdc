package dev.tarn.it.delta;

import java.nio.file.Path;

/** Something that a writer does to a table with a feature on. */
record FeatureStep(String name, Work work) {

    /** Does it; {@code more} is the list of columns that nobody writes, for the model of the table. */
    @FunctionalInterface
    interface Work {
        void run(Peer peer, Path table, String more) throws Exception;
    }
}
