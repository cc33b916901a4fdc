package dev.tarn.it;

import dev.tarn.connect.database.RowSink;
import dev.tarn.connect.database.TableReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Keeps the rows that a reader hands over, and counts its threads. */
final class CollectedRows implements TableReader.Sinks {

    final List<List<@Nullable Object>> rows = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger sinks = new AtomicInteger();

    @Override
    public RowSink open() {
        sinks.incrementAndGet();
        return new Sink();
    }

    private final class Sink implements RowSink {
        private final List<@Nullable Object> row = new ArrayList<>();

        @Override
        public void beginRow() {
            row.clear();
        }

        @Override
        public void endRow() {
            rows.add(Arrays.asList(row.toArray()));
        }

        @Override
        public void putNull() {
            row.add(null);
        }

        @Override
        public void put(boolean value) {
            row.add(value);
        }

        @Override
        public void put(byte value) {
            row.add((long) value);
        }

        @Override
        public void put(short value) {
            row.add((long) value);
        }

        @Override
        public void put(int value) {
            row.add((long) value);
        }

        @Override
        public void put(long value) {
            row.add(value);
        }

        @Override
        public void put(float value) {
            row.add(value);
        }

        @Override
        public void put(double value) {
            row.add(value);
        }

        @Override
        public void put(String value) {
            row.add(value);
        }

        @Override
        public void put(byte[] value) {
            row.add(value);
        }

        @Override
        public void put(BigDecimal value) {
            row.add(value);
        }

        @Override
        public void putDate(int days) {
            row.add(days);
        }

        @Override
        public void putTime(long micros) {
            row.add(micros);
        }

        @Override
        public void putTimestamp(long micros) {
            row.add(micros);
        }

        @Override
        public void putUuid(long most, long least) {
            row.add(new java.util.UUID(most, least));
        }

        @Override
        public void putList(List<@Nullable Object> values) {
            row.add(values);
        }

        @Override
        public void close() {}
    }
}
