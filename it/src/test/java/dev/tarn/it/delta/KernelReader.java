package dev.tarn.it.delta;

import com.fasterxml.jackson.jr.ob.JSON;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.types.DataTypeJsonSerDe;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Delta Kernel with its default engine: the third reading of the protocol. */
final class KernelReader implements Reader {
    private final Engine engine = DefaultEngine.create(new Configuration());

    @Override
    public String name() {
        return "Kernel";
    }

    private Table table(Path table) {
        return Table.forPath(engine, table.toString());
    }

    @Override
    public Rows read(Path table) throws IOException {
        return rows(table(table).getLatestSnapshot(engine));
    }

    @Override
    public Rows read(Path table, long version) throws IOException {
        return rows(table(table).getSnapshotAsOfVersion(engine, version));
    }

    @Override
    public Rows readAsOf(Path table, Instant time) throws IOException {
        return rows(table(table).getSnapshotAsOfTimestamp(engine, time.toEpochMilli()));
    }

    @Override
    public Rows changes(Path table, long from, long to) {
        throw new UnsupportedOperationException("Kernel's default engine has no reader for the change feed");
    }

    @Override
    public long lastTransaction(Path table, String application) {
        return table(table)
                .getLatestSnapshot(engine)
                .getLatestTransactionVersion(engine, application)
                .orElse(-1L);
    }

    private Rows rows(Snapshot snapshot) throws IOException {
        Scan scan = snapshot.getScanBuilder().build();
        Row state = scan.getScanState(engine);
        List<List<@Nullable Object>> values = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(engine)) {
            while (files.hasNext()) {
                try (CloseableIterator<Row> each = files.next().getRows()) {
                    while (each.hasNext()) {
                        readFile(state, each.next(), values);
                    }
                }
            }
        }
        return Rows.of(Values.columns(json(snapshot.getSchema())), values);
    }

    private static java.util.Map<String, Object> json(StructType schema) throws IOException {
        return JSON.std.mapFrom(DataTypeJsonSerDe.serializeDataType(schema));
    }

    private void readFile(Row state, Row file, List<List<@Nullable Object>> values) throws IOException {
        FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
        StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
        CloseableIterator<ColumnarBatch> read = engine.getParquetHandler()
                .readParquetFiles(Utils.singletonCloseableIterator(status), physical, Optional.empty())
                .map(result -> result.getData());
        try (CloseableIterator<FilteredColumnarBatch> batches = Scan.transformPhysicalData(engine, state, file, read)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        values.add(values(rows.next()));
                    }
                }
            }
        }
    }

    private static List<@Nullable Object> values(Row row) {
        List<@Nullable Object> values = new ArrayList<>();
        List<StructField> fields = row.getSchema().fields();
        for (int i = 0; i < fields.size(); i++) {
            values.add(row.isNullAt(i) ? null : value(row, i, fields.get(i).getDataType()));
        }
        return values;
    }

    private static Object value(Row row, int i, DataType type) {
        if (type instanceof StructType struct) {
            return new Values.Struct(struct.fieldNames(), values(row.getStruct(i)));
        } else if (type instanceof ArrayType) {
            return values(row.getArray(i).getElements());
        } else if (type instanceof MapType) {
            MapValue map = row.getMap(i);
            return new Values.Entries(values(map.getKeys()), values(map.getValues()));
        } else if (type instanceof BooleanType) {
            return row.getBoolean(i);
        } else if (type instanceof ByteType) {
            return row.getByte(i);
        } else if (type instanceof ShortType) {
            return row.getShort(i);
        } else if (type instanceof IntegerType) {
            return row.getInt(i);
        } else if (type instanceof LongType) {
            return row.getLong(i);
        } else if (type instanceof FloatType) {
            return row.getFloat(i);
        } else if (type instanceof DoubleType) {
            return row.getDouble(i);
        } else if (type instanceof StringType) {
            return row.getString(i);
        } else if (type instanceof BinaryType) {
            return row.getBinary(i);
        } else if (type instanceof DecimalType) {
            return row.getDecimal(i);
        } else if (type instanceof DateType) {
            return LocalDate.ofEpochDay(row.getInt(i));
        } else if (type instanceof TimestampType) {
            return Values.instant(row.getLong(i));
        } else if (type instanceof TimestampNTZType) {
            return Values.wall(row.getLong(i));
        }
        throw new IllegalArgumentException("no value for " + type);
    }

    private static List<@Nullable Object> values(ColumnVector vector) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < vector.getSize(); i++) {
            values.add(vector.isNullAt(i) ? null : value(vector, i));
        }
        return values;
    }

    private static Object value(ColumnVector vector, int i) {
        DataType type = vector.getDataType();
        if (type instanceof StructType struct) {
            List<@Nullable Object> fields = new ArrayList<>();
            for (int field = 0; field < struct.length(); field++) {
                ColumnVector child = vector.getChild(field);
                fields.add(child.isNullAt(i) ? null : value(child, i));
            }
            return new Values.Struct(struct.fieldNames(), fields);
        } else if (type instanceof ArrayType) {
            return values(vector.getArray(i).getElements());
        } else if (type instanceof MapType) {
            MapValue map = vector.getMap(i);
            return new Values.Entries(values(map.getKeys()), values(map.getValues()));
        } else if (type instanceof BooleanType) {
            return vector.getBoolean(i);
        } else if (type instanceof ByteType) {
            return vector.getByte(i);
        } else if (type instanceof ShortType) {
            return vector.getShort(i);
        } else if (type instanceof IntegerType) {
            return vector.getInt(i);
        } else if (type instanceof LongType) {
            return vector.getLong(i);
        } else if (type instanceof FloatType) {
            return vector.getFloat(i);
        } else if (type instanceof DoubleType) {
            return vector.getDouble(i);
        } else if (type instanceof StringType) {
            return vector.getString(i);
        } else if (type instanceof BinaryType) {
            return vector.getBinary(i);
        } else if (type instanceof DecimalType) {
            return vector.getDecimal(i);
        } else if (type instanceof DateType) {
            return LocalDate.ofEpochDay(vector.getInt(i));
        } else if (type instanceof TimestampType) {
            return Values.instant(vector.getLong(i));
        } else if (type instanceof TimestampNTZType) {
            return Values.wall(vector.getLong(i));
        }
        throw new IllegalArgumentException("no value for " + type);
    }
}
