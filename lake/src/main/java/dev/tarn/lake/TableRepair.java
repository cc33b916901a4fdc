package dev.tarn.lake;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Mends what {@link TableCheck} found and what can be mended without the risk to lose anything. */
final class TableRepair {
    private static final Set<CheckCode> CHECKPOINTS =
            Set.of(CheckCode.BROKEN_CHECKPOINT, CheckCode.WRONG_CHECKPOINT, CheckCode.INCOMPLETE_CHECKPOINT);
    private static final Set<CheckCode> HINTS =
            Set.of(CheckCode.BROKEN_CHECKPOINT_HINT, CheckCode.DANGLING_CHECKPOINT_HINT);

    private final DeltaTable table;
    private final TableLog log;
    private final Clock clock;

    TableRepair(DeltaTable table, TableLog log, Clock clock) {
        this.table = table;
        this.log = log;
        this.clock = clock;
    }

    /** @param state the newest version as the commits tell it */
    void run(List<CheckFinding> findings, Optional<TableState> state, Collection<AddFile> wrong) {
        List<CheckFinding> mendable =
                findings.stream().filter(CheckFinding::isRepairable).toList();
        boolean log = false;
        for (CheckFinding finding : mendable) {
            if (CHECKPOINTS.contains(finding.code())) {
                deleteCheckpoint(finding.file().orElseThrow());
                log = true;
            } else if (HINTS.contains(finding.code())) {
                delete(table.path().resolve(finding.file().orElseThrow()));
                log = true;
            }
        }
        if (state.isEmpty()) {
            return;
        }
        if (log) {
            writeCheckpoint(state.get());
        }
        if (!wrong.isEmpty()) {
            restate(state.get(), wrong);
        }
    }

    private static void delete(Path file) {
        try {
            // Spark's file system keeps a sum beside each file that it wrote.
            Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw LakeException.io("The file '" + file + "' cannot be deleted", failure);
        }
    }

    /** With all parts of it. */
    private void deleteCheckpoint(String name) {
        Path file = table.path().resolve(name);
        String first = String.valueOf(file.getFileName());
        if (!first.matches("\\d{20}\\.checkpoint\\.\\d{10}\\.\\d{10}\\.parquet")) {
            delete(file);
            return;
        }
        String version = first.substring(0, 20);
        String count = first.substring(first.length() - 18);
        try (DirectoryStream<Path> parts =
                Files.newDirectoryStream(log.directory(), version + ".checkpoint.??????????." + count)) {
            parts.forEach(TableRepair::delete);
        } catch (IOException failure) {
            throw LakeException.io("The log of table '" + table.path() + "' cannot be listed", failure);
        }
    }

    private void writeCheckpoint(TableState state) {
        try {
            new CheckpointWriter(log, clock).write(state);
        } catch (LakeException notPossible) {
            // The log tells the same without one.
            System.getLogger(TableRepair.class.getName())
                    .log(System.Logger.Level.DEBUG, "no checkpoint of " + table.path(), notPossible);
        }
    }

    /** Adds the files again with what is so, in a commit that changes no row. */
    private void restate(TableState state, Collection<AddFile> wrong) {
        FeatureSupport.checkAlterable(table.path().toString(), state);
        List<AddFile> files = List.copyOf(wrong);
        List<AddFile> restated = new ArrayList<>();
        try (Connection duckdb = OwnDuckDb.open()) {
            try (Statement statement = duckdb.createStatement()) {
                statement.execute("SET TimeZone = 'UTC'");
            }
            for (AddFile file : files) {
                restated.add(restated(duckdb, state.metadata(), file));
            }
        } catch (SQLException | IOException failure) {
            throw new LakeException(
                    LakeException.Kind.IO,
                    "The statistics of table '" + table.path() + "' cannot be computed: " + failure.getMessage(),
                    "Check whether its files can be read.");
        }
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("numFilesRestated", restated.size());
        table.transaction(Optional.of(state), CommitOptions.DEFAULT)
                .commit(
                        Reads.nothing(),
                        new Changes().withoutDataChange().need(files).add(restated),
                        new Operation("COMPUTE STATS", Map.of(), metrics));
    }

    private AddFile restated(Connection duckdb, Metadata metadata, AddFile file) throws SQLException, IOException {
        Map<String, Object> json = new LinkedHashMap<>(file.json());
        Path path = file.locate(table.path());
        // Of all rows in the file, also those that a deletion vector deletes.
        Map<String, Object> plain = new LinkedHashMap<>(file.json());
        plain.remove("deletionVector");
        String rows = new Scan(table.path(), metadata).sql(List.of(new AddFile(plain)));
        Map<String, Map<String, String>> columns = new LinkedHashMap<>();
        for (DeltaField field : metadata.fileColumns()) {
            measure(duckdb, metadata, rows, field, SqlText.name(field.name()), "", columns);
        }
        long count = Long.parseLong(
                one(duckdb, "SELECT count(*) FROM (" + rows + ")").get(0));
        String text = new FileStatistics(columns, metadata.mapping())
                .json(metadata.fileColumns(), count, metadata.statisticsColumns());
        if (file.hasDeletionVector()) {
            Map<String, Object> wide = new LinkedHashMap<>(Json.object(text));
            wide.put("tightBounds", false);
            text = Json.text(wide);
        }
        json.put("stats", text);
        json.remove("stats_parsed");
        json.put("size", Files.size(path));
        json.put("dataChange", false);
        return new AddFile(json);
    }

    /** What DuckDB tells of a file that it writes, of one that is there. */
    private void measure(
            Connection duckdb,
            Metadata metadata,
            String rows,
            DeltaField field,
            String sql,
            String above,
            Map<String, Map<String, String>> columns)
            throws SQLException {
        String path = (above.isEmpty() ? "" : above + ".")
                + SqlText.name(metadata.mapping().physicalName(field));
        if (field.type() instanceof DeltaType.Struct struct) {
            for (DeltaField inner : struct.fields()) {
                String value = "struct_extract(" + sql + ", " + SqlText.literal(inner.name()) + ")";
                measure(duckdb, metadata, rows, inner, value, path, columns);
            }
            return;
        }
        boolean ranged = StatedRange.isComparable(field.type());
        boolean floating = field.type() == DeltaType.Primitive.FLOAT || field.type() == DeltaType.Primitive.DOUBLE;
        List<String> found = one(
                duckdb,
                "SELECT count(*) - count(" + sql + "), count(*), "
                        + (ranged
                                ? "CAST(min(" + sql + ") AS VARCHAR), CAST(max(" + sql + ") AS VARCHAR)"
                                : "NULL, NULL")
                        + ", " + (floating ? "coalesce(bool_or(isnan(" + sql + ")), false)" : "false") + " FROM ("
                        + rows
                        + ")");
        Map<String, String> values = new LinkedHashMap<>();
        values.put("null_count", found.get(0));
        values.put("num_values", found.get(1));
        values.put("has_nan", found.get(4));
        if (ranged && !found.get(0).equals(found.get(1))) {
            values.put("min", found.get(2));
            values.put("max", found.get(3));
            values.put("min_is_exact", "true");
            values.put("max_is_exact", "true");
        }
        columns.put(path, values);
    }

    private static List<String> one(Connection duckdb, String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                values.add(String.valueOf(row.getString(i)));
            }
            return values;
        }
    }
}
