package dev.tarn.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the rows of files with what the log and the schema say of them. */
final class RowCheck {
    /** Files that one query reads. */
    private static final int BATCH = 200;

    private final Path table;
    private final Metadata metadata;
    private final Connection duckdb;
    private final List<CheckFinding> findings;
    private final List<Leaf> leaves = new ArrayList<>();
    private final Set<AddFile> wrong = new LinkedHashSet<>();

    /**
     * A column, or a field of a struct.
     *
     * @param names from the outermost on, as the log has them
     * @param required whether NULL is forbidden
     */
    private record Leaf(String name, String sql, List<String> names, DeltaType type, boolean required) {}

    RowCheck(Path table, Metadata metadata, Connection duckdb, List<CheckFinding> findings) {
        this.table = table;
        this.metadata = metadata;
        this.duckdb = duckdb;
        this.findings = findings;
        for (DeltaField field : metadata.fileColumns()) {
            collect(field, field.name(), SqlText.name(field.name()), List.of(), !field.nullable());
        }
    }

    private void collect(DeltaField field, String name, String sql, List<String> above, boolean required) {
        List<String> names = new ArrayList<>(above);
        names.add(metadata.mapping().physicalName(field));
        if (field.type() instanceof DeltaType.Struct struct && !required) {
            for (DeltaField inner : struct.fields()) {
                String value = "struct_extract(" + sql + ", " + SqlText.literal(inner.name()) + ")";
                collect(inner, name + "." + inner.name(), value, names, false);
            }
        } else {
            leaves.add(new Leaf(name, sql, names, statedType(field), required));
        }
    }

    /** Of a column that was widened, statistics may have been written of floats. */
    private static DeltaType statedType(DeltaField field) {
        boolean wasFloat =
                field.type() == DeltaType.Primitive.DOUBLE && field.metadata().containsKey("delta.typeChanges");
        return wasFloat ? DeltaType.Primitive.FLOAT : field.type();
    }

    /** Files of which the log says what is not so. */
    Set<AddFile> run(Map<AddFile, Long> rows) throws SQLException {
        rows.forEach(this::checkCount);
        List<AddFile> files = List.copyOf(rows.keySet());
        for (int from = 0; from < files.size(); from += BATCH) {
            List<AddFile> some = files.subList(from, Math.min(files.size(), from + BATCH));
            try {
                check(some);
            } catch (SQLException | LakeException somewhere) {
                for (AddFile one : some) {
                    checkAlone(one);
                }
            }
        }
        return wrong;
    }

    private void checkAlone(AddFile file) {
        try {
            check(List.of(file));
        } catch (SQLException | LakeException unreadable) {
            String reason =
                    String.valueOf(unreadable.getMessage()).lines().findFirst().orElse("");
            findings.add(CheckFinding.damage(
                    CheckCode.UNREADABLE_FILE, file.decodedPath(), "its rows cannot be read: " + reason));
        }
    }

    private void checkCount(AddFile file, long rows) {
        String text = Json.string(file.json(), "stats").orElse("");
        if (!text.isBlank() && file.statistics().isEmpty()) {
            wrong.add(file);
            findings.add(CheckFinding.note(
                            CheckCode.UNREADABLE_STATISTICS, file.decodedPath(), "its statistics are not JSON")
                    .repairable());
        }
        file.numRecords()
                .filter(stated -> stated != rows)
                .ifPresent(stated -> lie(file, "it has " + rows + " rows, and the log says " + stated));
    }

    private void lie(AddFile file, String what) {
        wrong.add(file);
        findings.add(CheckFinding.damage(CheckCode.WRONG_STATISTICS, file.decodedPath(), what)
                .repairable());
    }

    private void check(List<AddFile> files) throws SQLException {
        String prefix = Scratch.freePrefix(metadata.schema());
        List<String> paths =
                files.stream().map(file -> file.locate(table).toString()).toList();
        String rows =
                new Scan(table, metadata).sql(files, new Scan.RowPosition(prefix + "file", prefix + "row", paths));
        String columns = leaves.stream()
                .map(leaf -> ", count(" + leaf.sql() + ")"
                        + (StatedRange.isComparable(leaf.type())
                                ? ", " + StatedRange.sql("min", leaf.sql(), leaf.type()) + ", "
                                        + StatedRange.sql("max", leaf.sql(), leaf.type())
                                : ", NULL, NULL"))
                .collect(Collectors.joining());
        String file = SqlText.name(prefix + "file");
        try (Statement statement = duckdb.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT " + file + ", count(*)" + columns + " FROM (" + rows + ") GROUP BY " + file)) {
            while (found.next()) {
                compare(files.get(found.getInt(1)), found);
            }
        }
    }

    private void compare(AddFile file, ResultSet found) throws SQLException {
        Map<String, Object> statistics = file.statistics();
        // Wide bounds are those of the file before rows were deleted ("Per-file Statistics").
        boolean tight = !Boolean.FALSE.equals(statistics.get("tightBounds"));
        long rows = found.getLong(2);
        for (int i = 0; i < leaves.size(); i++) {
            Leaf leaf = leaves.get(i);
            long nulls = rows - found.getLong(3 + 3 * i);
            if (leaf.required() && nulls > 0) {
                findings.add(CheckFinding.damage(
                        CheckCode.NULL_IN_REQUIRED_COLUMN,
                        file.decodedPath(),
                        "column '" + leaf.name() + "' forbids NULL and has " + nulls));
            }
            Optional<Long> stated = stated(statistics, "nullCount", leaf)
                    .filter(Number.class::isInstance)
                    .map(number -> ((Number) number).longValue());
            if (tight && stated.isPresent() && stated.get() != nulls) {
                lie(file, "column '" + leaf.name() + "' has " + nulls + " NULLs, and the log says " + stated.get());
            }
            compareBound(file, statistics, leaf, "minValues", found.getString(4 + 3 * i));
            compareBound(file, statistics, leaf, "maxValues", found.getString(5 + 3 * i));
        }
    }

    private void compareBound(
            AddFile file, Map<String, Object> statistics, Leaf leaf, String kind, @Nullable String value) {
        Optional<Object> bound = stated(statistics, kind, leaf);
        if (bound.isEmpty() || value == null) {
            return;
        }
        boolean isLeast = kind.equals("minValues");
        Optional<Boolean> outside = StatedRange.isOutside(leaf.type(), bound.get(), value, isLeast);
        if (outside.orElse(false)) {
            lie(
                    file,
                    "column '" + leaf.name() + "' has the " + (isLeast ? "least" : "greatest") + " value "
                            + shown(leaf, value) + ", and the log says " + bound.get());
        }
    }

    private static String shown(Leaf leaf, String value) {
        boolean micros =
                leaf.type() == DeltaType.Primitive.TIMESTAMP || leaf.type() == DeltaType.Primitive.TIMESTAMP_NTZ;
        String text = micros ? String.valueOf(Instant.EPOCH.plus(Long.parseLong(value), ChronoUnit.MICROS)) : value;
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    private static Optional<Object> stated(Map<String, Object> statistics, String kind, Leaf leaf) {
        Optional<Map<String, Object>> at = Json.child(statistics, kind);
        for (int i = 0; i < leaf.names().size() - 1; i++) {
            String name = leaf.names().get(i);
            at = at.flatMap(json -> Json.child(json, name));
        }
        String last = leaf.names().get(leaf.names().size() - 1);
        return at.map(json -> json.get(last));
    }
}
