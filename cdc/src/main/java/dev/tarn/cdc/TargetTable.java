package dev.tarn.cdc;

import dev.tarn.lake.ChangeResult;
import dev.tarn.lake.Commit;
import dev.tarn.lake.CommitOptions;
import dev.tarn.lake.DeltaField;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.DeltaType;
import dev.tarn.lake.Snapshot;
import dev.tarn.lake.TableBuilder;
import dev.tarn.lake.WriteMode;
import dev.tarn.lake.WriteOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The Delta table that follows one table of the source. */
final class TargetTable {

    /** Says of each row whether it is deleted in the source. */
    static final DeltaField DELETED = new DeltaField("_deleted", DeltaType.Primitive.BOOLEAN);

    private final SourceTable source;
    private final boolean soft;
    private final String stream;
    private final DeltaTable table;
    private final TableFit fit;

    TargetTable(SourceTable source, StreamSettings settings) {
        this.source = source;
        this.soft = settings.soft();
        this.stream = settings.name();
        TableBuilder builder = DeltaTable.create(source.folder())
                .property("delta.enableChangeDataFeed", "true")
                .property(TableFit.IDENTITY, source.identity());
        for (Column column : source.columns()) {
            DeltaField field = new DeltaField(column.name(), column.type());
            builder = builder.column(source.isKey(column) ? field.notNull() : field);
        }
        if (soft) {
            builder = builder.column(DELETED);
        }
        this.table = builder.ifNotExists().create();
        this.fit = new TableFit(source, table, settings);
    }

    private String application() {
        return "tarn-stream:" + stream + ":" + source.name();
    }

    /** The last batch of this stream that the table has. */
    long batch() {
        return table.lastTransaction(application()).orElse(0);
    }

    /** Where the source was at the end of that batch; in the table's history. */
    Optional<Position> position() {
        for (Commit commit : table.history(10_000)) {
            Optional<Position> position = commit.userMetadata().flatMap(text -> Position.parse(text, stream));
            if (position.isPresent()) {
                return position;
            }
        }
        return Optional.empty();
    }

    private CommitOptions options(Position position) {
        return CommitOptions.DEFAULT
                .withEngineInfo("Tarn stream")
                .withTransaction(application(), position.batch())
                .withUserMetadata(position.json());
    }

    /** Makes sure that it has the columns of the source. */
    void fit() throws StreamException {
        fit.make();
    }

    /** Replaces all rows by those that are left of a snapshot and what came after it. */
    void replace(Connection duckdb, String net, Position position) throws SQLException {
        String rows =
                "SELECT " + names() + (soft ? ", false AS _deleted" : "") + " FROM (" + net + ") WHERE NOT _delete";
        WriteOptions how = WriteOptions.of(WriteMode.OVERWRITE).withCommit(options(position));
        table.write(duckdb, rows, fit.hasSameColumns() ? how : how.withOverwriteSchema());
        fit.remember();
    }

    /** Applies what became of each key; the commit is made also if that is nothing. */
    void apply(Connection duckdb, String net, Position position) throws SQLException {
        String same = source.key().stream()
                .map(name -> "target." + Column.quoted(name) + " = source." + Column.quoted(name))
                .collect(Collectors.joining(" AND "));
        Map<String, String> set = new LinkedHashMap<>();
        Map<String, String> insert = new LinkedHashMap<>();
        for (int i = 0; i < source.columns().size(); i++) {
            Column column = source.columns().get(i);
            String value = "source." + column.quoted();
            // A value that was left out is one of a row that must be there.
            insert.put(
                    column.name(),
                    column.large() && !source.isKey(column)
                            ? "CASE WHEN source._has_" + i + " THEN " + value
                                    + " ELSE error('a row to update is not there') END"
                            : value);
            if (!source.isKey(column)) {
                set.put(
                        column.name(),
                        column.large()
                                ? "CASE WHEN source._has_" + i + " THEN " + value + " ELSE target." + column.quoted()
                                        + " END"
                                : value);
            }
        }
        if (soft) {
            set.put(DELETED.name(), "false");
            insert.put(DELETED.name(), "false");
        }
        var gone = table.merge(duckdb, net, same).withCommit(options(position)).whenMatched("source._delete");
        var merge = soft ? gone.update(Map.of(DELETED.name(), "true")) : gone.delete();
        if (!set.isEmpty()) {
            merge = merge.whenMatched().update(set);
        }
        ChangeResult result =
                merge.whenNotMatched("NOT source._delete").insert(insert).execute();
        if (result.version().isEmpty() && !result.alreadyDone()) {
            String none = "SELECT " + names() + (soft ? ", false AS _deleted" : "") + " FROM (" + net + ") WHERE false";
            table.write(duckdb, none, WriteOptions.of(WriteMode.APPEND).withCommit(options(position)));
        }
    }

    private String names() {
        return source.columns().stream().map(Column::quoted).collect(Collectors.joining(", "));
    }

    /** Rewrites small files, and writes a checkpoint, now and then. */
    void maintain(Connection duckdb, Position position) throws SQLException {
        Optional<Snapshot> snapshot = table.snapshot();
        if (snapshot.isPresent() && position.batch() % 50 == 0) {
            table.optimize(duckdb).execute();
            table.checkpoint();
        }
    }
}
