package dev.tarn.cdc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/**
 * Debezium's offsets, which begin with what the lake says and are kept nowhere else. Debezium makes it by its name and hands
 * it the worker's settings only, so the beginning is a system property.
 */
public final class SeededOffsets extends MemoryOffsetBackingStore {

    /** The JSON of the offset; absent for a new stream. */
    static final String BEGINNING = "tarn.stream.offset";

    @Override
    public void configure(WorkerConfig config) {
        // Nothing to set.
    }

    @Override
    public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
        String beginning = System.getProperty(BEGINNING, "");
        Map<ByteBuffer, ByteBuffer> found = new HashMap<>();
        for (ByteBuffer key : keys) {
            ByteBuffer set = data.get(key);
            if (set == null && !beginning.isEmpty()) {
                set = ByteBuffer.wrap(beginning.getBytes(StandardCharsets.UTF_8));
            }
            if (set != null) {
                found.put(key, set);
            }
        }
        return CompletableFuture.completedFuture(found);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }
}
