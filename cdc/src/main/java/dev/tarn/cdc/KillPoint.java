package dev.tarn.cdc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Places where tests end the process as a crash would. {@code TARN_STREAM_HALT=name:n} ends it when it comes to the place
 * for the nth time.
 */
enum KillPoint {
    SNAPSHOT_ROW,
    ROW,
    STAGED,
    TABLE_COMMITTED,
    BATCH_COMMITTED,
    CONFIRMED;

    private static final String TOLD = System.getenv().getOrDefault("TARN_STREAM_HALT", "");

    private static final Map<KillPoint, Integer> TIMES = new ConcurrentHashMap<>();

    void reached() {
        if (TOLD.isEmpty() || !TOLD.startsWith(name() + ":")) {
            return;
        }
        int times = TIMES.merge(this, 1, Integer::sum);
        if (times == Integer.parseInt(TOLD.substring(name().length() + 1))) {
            Runtime.getRuntime().halt(137);
        }
    }
}
