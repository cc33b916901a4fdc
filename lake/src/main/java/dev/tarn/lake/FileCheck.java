package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the files of a version without reading their rows: size, footer, columns, partition, deletion vector. */
final class FileCheck {
    private static final List<DeltaType> INTEGERS =
            List.of(Primitive.BYTE, Primitive.SHORT, Primitive.INTEGER, Primitive.LONG);

    private final Path table;
    private final TableState state;
    private final Connection duckdb;
    private final List<CheckFinding> findings;
    private final Map<AddFile, Long> sound = new LinkedHashMap<>();

    FileCheck(Path table, TableState state, Connection duckdb, List<CheckFinding> findings) {
        this.table = table;
        this.state = state;
        this.duckdb = duckdb;
        this.findings = findings;
    }

    /** Those files that can be read, and how many rows they have by their footers. */
    Map<AddFile, Long> run() throws SQLException {
        checkTwice();
        for (AddFile file : state.fileList()) {
            checkPartition(file);
            Path path = file.locate(table);
            if (!Files.isRegularFile(path)) {
                add(CheckCode.MISSING_FILE, file, "it is not there");
                continue;
            }
            Optional<Long> rows = rows(path);
            if (rows.isEmpty()) {
                add(CheckCode.UNREADABLE_FILE, file, "it is not a Parquet file that can be read");
                checkSize(file, path, false);
                continue;
            }
            checkSize(file, path, file.numRecords().filter(rows.get()::equals).isPresent());
            if (checkVector(file, rows.get()) && checkColumns(file, path)) {
                sound.put(file, rows.get());
            }
        }
        return sound;
    }

    private void add(CheckCode code, AddFile file, String message) {
        findings.add(CheckFinding.damage(code, file.decodedPath(), message));
    }

    /** One file with two deletion vectors at the same time would count twice. */
    private void checkTwice() {
        Set<String> seen = new HashSet<>();
        for (AddFile file : state.fileList()) {
            if (!seen.add(file.decodedPath())) {
                add(CheckCode.DUPLICATE_FILE, file, "the version has it twice, with different deletion vectors");
            }
        }
    }

    private void checkSize(AddFile file, Path path, boolean isWhole) {
        long size;
        try {
            size = Files.size(path);
        } catch (IOException gone) {
            return;
        }
        if (size != file.size()) {
            CheckFinding finding = CheckFinding.damage(
                    CheckCode.WRONG_SIZE,
                    file.decodedPath(),
                    "it has " + size + " bytes, and the log says " + file.size());
            findings.add(isWhole ? finding.repairable() : finding);
        }
    }

    private Optional<Long> rows(Path path) {
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery("SELECT num_rows FROM parquet_file_metadata("
                        + SqlText.files(List.of(path.toString())) + ")")) {
            return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
        } catch (SQLException unreadable) {
            return Optional.empty();
        }
    }

    private boolean checkVector(AddFile file, long rows) {
        if (file.deletionVector().isEmpty()) {
            return true;
        }
        DeletionVector vector = file.deletionVector().get();
        Optional<Path> stored = Optional.empty();
        try {
            stored = vector.file(table);
        } catch (IllegalArgumentException damagedName) {
            // Reading it says so.
        }
        if (stored.isPresent() && !Files.isRegularFile(stored.get())) {
            add(CheckCode.MISSING_DELETION_VECTOR, file, "its deletion vector '" + stored.get() + "' is not there");
            return false;
        }
        try {
            BitSet deleted = vector.rows(table);
            if (deleted.length() > rows) {
                add(
                        CheckCode.DELETION_VECTOR_OUT_OF_RANGE,
                        file,
                        "its deletion vector deletes row " + (deleted.length() - 1) + ", and it has " + rows + " rows");
                return false;
            }
            return true;
        } catch (LakeException damaged) {
            add(CheckCode.DAMAGED_DELETION_VECTOR, file, damaged.getMessage());
            return false;
        }
    }

    private void checkPartition(AddFile file) {
        Metadata metadata = state.metadata();
        for (String column : metadata.partitionColumns()) {
            DeltaField field = metadata.schema().field(column).orElseThrow();
            String key = metadata.partitionKey(field);
            if (!file.partitionValues().containsKey(key)) {
                add(CheckCode.BAD_PARTITION_VALUE, file, "it has no value of the partition column '" + column + "'");
                continue;
            }
            String text = file.partitionValue(key);
            @Nullable String value = PartitionText.toDuck(field.type(), text);
            if (value == null && !field.nullable()) {
                add(CheckCode.NULL_IN_REQUIRED_COLUMN, file, "its partition column '" + column + "' is NULL");
            } else if (value != null && !parses(value, field.type())) {
                add(
                        CheckCode.BAD_PARTITION_VALUE,
                        file,
                        "the value '" + text + "' of partition column '" + column + "' is no "
                                + field.type().text());
            }
        }
    }

    private final Map<String, Boolean> parsed = new LinkedHashMap<>();

    private boolean parses(String value, DeltaType type) {
        if (type == Primitive.STRING) {
            return true;
        }
        String sql = "SELECT TRY_CAST(" + SqlText.literal(value) + " AS " + type.duckSql() + ") IS NOT NULL";
        return parsed.computeIfAbsent(sql, query -> {
            try (Statement statement = duckdb.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                return row.next() && row.getBoolean(1);
            } catch (SQLException impossible) {
                return false;
            }
        });
    }

    /** Of our own files the log says that they have the columns of the table. */
    private boolean checkColumns(AddFile file, Path path) throws SQLException {
        if (file.hasSchema(state.metadata().fileSchema())) {
            return true;
        }
        ParquetNode footer = ParquetNode.read(duckdb, List.of(path.toString())).get(path.toString());
        if (footer == null) {
            return true;
        }
        List<String> wrong = new ArrayList<>();
        for (DeltaField field : state.metadata().fileColumns()) {
            state.metadata()
                    .mapping()
                    .find(footer, field)
                    .ifPresent(node -> compare(field.name(), field.type(), node, wrong));
        }
        wrong.forEach(what -> add(CheckCode.WRONG_SCHEMA, file, what));
        return wrong.isEmpty();
    }

    private void compare(String name, DeltaType type, ParquetNode node, List<String> wrong) {
        if (type == Primitive.VARIANT || type == Primitive.VOID) {
            return;
        }
        if (type instanceof DeltaType.Struct struct && node.isGroup()) {
            struct.fields()
                    .forEach(field -> state.metadata()
                            .mapping()
                            .find(node, field)
                            .ifPresent(child -> compare(name + "." + field.name(), field.type(), child, wrong)));
        } else if (type instanceof DeltaType.Array array && node.element().isPresent()) {
            compare(name + ".element", array.element(), node.element().get(), wrong);
        } else if (type instanceof DeltaType.MapOf map
                && node.key().isPresent()
                && node.value().isPresent()) {
            compare(name + ".key", map.key(), node.key().get(), wrong);
            compare(name + ".value", map.value(), node.value().get(), wrong);
        } else if (node.isGroup() || !isReadable(node, type)) {
            String stored = node.isGroup() ? "a group" : node.duckType();
            wrong.add("its column '" + name + "' is " + stored + ", and the table's is " + type.text());
        }
    }

    private static boolean isReadable(ParquetNode node, DeltaType wanted) {
        if (node.type().equals("INT96")) {
            return wanted == Primitive.TIMESTAMP || wanted == Primitive.TIMESTAMP_NTZ;
        }
        DeltaType stored;
        try {
            stored = DuckType.toDelta("", node.duckType());
        } catch (LakeException none) {
            return false;
        }
        return stored.equals(wanted)
                || TypeChanges.isWidening(stored, wanted)
                // Without an annotation small integers are integers in Parquet.
                || (stored == Primitive.INTEGER && INTEGERS.contains(wanted))
                || (stored == Primitive.BINARY && wanted == Primitive.STRING)
                || (stored instanceof DeltaType.Decimal from
                        && wanted instanceof DeltaType.Decimal to
                        && from.scale() == to.scale())
                || (isTimestamp(stored) && isTimestamp(wanted));
    }

    private static boolean isTimestamp(DeltaType type) {
        return type == Primitive.TIMESTAMP || type == Primitive.TIMESTAMP_NTZ;
    }
}
