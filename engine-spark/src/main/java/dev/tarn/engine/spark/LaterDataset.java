package dev.tarn.engine.spark;

import dev.tarn.core.engine.Dataset;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rows of a write that is not made yet; nobody may ask for them before it is. Thread-safe. */
final class LaterDataset implements Dataset {

    private final Supplier<SparkDataset> rows;
    private @Nullable SparkDataset found;

    LaterDataset(Supplier<SparkDataset> rows) {
        this.rows = rows;
    }

    synchronized SparkDataset get() {
        if (found == null) {
            found = rows.get();
        }
        return found;
    }

    @Override
    public OptionalLong rows() {
        return get().rows();
    }
}
