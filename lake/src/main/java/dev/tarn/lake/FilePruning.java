package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the log alone which files may have a row for which a condition holds (Delta protocol, "Per-file Statistics"
 * and "Partition Value Serialization").
 *
 * <p>DuckDB decides, with the types and settings of the condition itself; what is not certain keeps the file.
 */
final class FilePruning {
    private final Scratch scratch;
    private final Target target;
    private final Map<String, DeltaField> ranges = new LinkedHashMap<>();
    private final List<String> tests = new ArrayList<>();

    private FilePruning(Scratch scratch, Target target) {
        this.scratch = scratch;
        this.target = target;
    }

    /** Keeps all files. */
    static FilePruning none(Scratch scratch, Target target) {
        return new FilePruning(scratch, target);
    }

    static FilePruning of(Scratch scratch, Target target, Optional<MergeSource> source, Expression condition)
            throws SQLException {
        FilePruning pruning = new FilePruning(scratch, target);
        boolean binaryOrder = scratch.rows("SELECT current_setting('default_collation')")
                .get(0)
                .get(0)
                .isEmpty();
        for (Expression conjunct : condition.conjuncts(scratch.duckdb())) {
            pruning.add(conjunct, source, binaryOrder);
        }
        return pruning;
    }

    /** Whether the condition is about nothing but the partition, so that it holds for all rows of a file or for none. */
    static boolean isAboutPartitions(Target target, Expression condition) {
        return !condition.hasSubquery()
                && condition.columns().stream().allMatch(name -> isPartition(target, target.column(name)));
    }

    private static boolean isPartition(Target target, Optional<DeltaField> column) {
        return column.isPresent()
                && target.metadata().isPartitionColumn(column.get().name());
    }

    /** The files of which all rows match a condition that {@link #isAboutPartitions}. */
    static List<AddFile> matching(Scratch scratch, Target target, List<AddFile> files, Expression condition)
            throws SQLException {
        FilePruning pruning = new FilePruning(scratch, target);
        pruning.tests.add(condition.sql());
        return pruning.keep(files);
    }

    private void add(Expression conjunct, Optional<MergeSource> source, boolean binaryOrder) throws SQLException {
        if (conjunct.hasSubquery()) {
            return;
        }
        boolean inSource = source.isPresent()
                && conjunct.columns().stream()
                        .anyMatch(name -> source.get().column(name).isPresent());
        if (!inSource && isAboutPartitions(target, conjunct)) {
            // An error may be one that the whole condition never meets.
            tests.add("TRY(" + conjunct.sql() + ") IS NOT FALSE");
            return;
        }
        String kind = conjunct.kind();
        if (kind.startsWith("COMPARE_") && OPERATORS.containsKey(kind)) {
            Connection duckdb = scratch.duckdb();
            Expression left = conjunct.side(duckdb, "left");
            Expression right = conjunct.side(duckdb, "right");
            addComparison(left, Objects.requireNonNull(OPERATORS.get(kind)), right, source, binaryOrder);
            addComparison(right, Objects.requireNonNull(FLIPPED.get(kind)), left, source, binaryOrder);
        }
    }

    private static final Map<String, String> OPERATORS = Map.of(
            "COMPARE_EQUAL", "=",
            "COMPARE_LESSTHAN", "<",
            "COMPARE_GREATERTHAN", ">",
            "COMPARE_LESSTHANOREQUALTO", "<=",
            "COMPARE_GREATERTHANOREQUALTO", ">=");

    private static final Map<String, String> FLIPPED = Map.of(
            "COMPARE_EQUAL", "=",
            "COMPARE_LESSTHAN", ">",
            "COMPARE_GREATERTHAN", "<",
            "COMPARE_LESSTHANOREQUALTO", ">=",
            "COMPARE_GREATERTHANOREQUALTO", "<=");

    private void addComparison(
            Expression side, String operator, Expression value, Optional<MergeSource> source, boolean binaryOrder)
            throws SQLException {
        if (!side.kind().equals("COLUMN_REF") || side.columns().size() != 1) {
            return;
        }
        List<String> name = side.columns().get(0);
        Optional<DeltaField> column = target.column(name);
        if (column.isEmpty()
                || (name.size() == 1 && source.flatMap(all -> all.column(name)).isPresent())) {
            return;
        }
        boolean constant = value.columns().isEmpty();
        boolean ofSource = !constant
                && source.isPresent()
                && value.columns().stream()
                        .allMatch(each -> source.get().column(each).isPresent()
                                && target.column(each).isEmpty());
        if (!constant && !ofSource) {
            return;
        }
        String from =
                source.map(all -> MergeSource.empty(all.columns(), all.alias())).orElse(target.empty());
        if (!isComparable(column.get(), value, from, binaryOrder)) {
            return;
        }
        if (target.metadata().isPartitionColumn(column.get().name())) {
            if (ofSource && operator.equals("=")) {
                tests.add(qualified(column.get().name()) + " IN (SELECT " + value.sql() + " FROM ("
                        + source.get().select() + ") AS "
                        + SqlText.name(source.get().alias()) + ")");
            }
        } else if (constant) {
            addRange(column.get(), operator, "(" + value.text() + ")", "(" + value.text() + ")");
        } else {
            String bounds = scratch.table("SELECT min(" + value.sql() + ") AS low, max(" + value.sql()
                    + ") AS high FROM (" + source.get().select() + ") AS "
                    + SqlText.name(source.get().alias()));
            addRange(column.get(), operator, "(SELECT low FROM " + bounds + ")", "(SELECT high FROM " + bounds + ")");
        }
    }

    private void addRange(DeltaField column, String operator, String low, String high) {
        ranges.put(column.name(), column);
        String min = qualified(target.prefix() + "min_" + column.name());
        String max = qualified(target.prefix() + "max_" + column.name());
        List<String> needed = new ArrayList<>();
        if (operator.equals("=") || operator.startsWith("<")) {
            needed.add(min + (operator.equals("<") ? " < " : " <= ") + high);
        }
        if (operator.equals("=") || operator.startsWith(">")) {
            needed.add(max + (operator.equals(">") ? " > " : " >= ") + low);
        }
        tests.add("(" + min + " IS NULL OR " + max + " IS NULL OR (" + String.join(" AND ", needed) + "))");
    }

    /** Whether DuckDB compares both as what they are: a text compared with a number has the number's order. */
    private boolean isComparable(DeltaField column, Expression value, String from, boolean binaryOrder)
            throws SQLException {
        Order order = Order.of(column.type());
        // Not every writer counts NaN, which is greater than the greatest number.
        boolean uncertain = column.type() == Primitive.FLOAT || column.type() == Primitive.DOUBLE;
        if (order == Order.NONE || uncertain || (order == Order.TEXT && !binaryOrder)) {
            return false;
        }
        try {
            return value.isStringConstant() || order == Order.of(value.type(scratch.duckdb(), column.name(), from));
        } catch (LakeException otherType) {
            return false;
        }
    }

    private enum Order {
        NONE,
        NUMBER,
        TEXT,
        DATE,
        TIMESTAMP,
        TIMESTAMP_NTZ;

        static Order of(DeltaType type) {
            if (type instanceof DeltaType.Decimal) {
                return NUMBER;
            }
            if (!(type instanceof Primitive primitive)) {
                return NONE;
            }
            return switch (primitive) {
                case BYTE, SHORT, INTEGER, LONG, FLOAT, DOUBLE -> NUMBER;
                case STRING -> TEXT;
                case DATE -> DATE;
                case TIMESTAMP -> TIMESTAMP;
                case TIMESTAMP_NTZ -> TIMESTAMP_NTZ;
                case BOOLEAN, BINARY, VARIANT, VOID -> NONE;
            };
        }
    }

    private String qualified(String column) {
        return SqlText.name(target.alias()) + "." + SqlText.name(column);
    }

    /** Those of some files that may have a matching row. */
    List<AddFile> keep(List<AddFile> files) throws SQLException {
        if (tests.isEmpty() || files.isEmpty()) {
            return files;
        }
        String sql = "SELECT " + SqlText.name(target.fileColumn()) + " FROM (SELECT v0 AS "
                + SqlText.name(target.fileColumn()) + columns() + " FROM (VALUES "
                + IntStream.range(0, files.size())
                        .mapToObj(i -> values(i, files.get(i)))
                        .collect(Collectors.joining(", "))
                + ") AS v("
                + IntStream.rangeClosed(0, width()).mapToObj(i -> "v" + i).collect(Collectors.joining(", "))
                + ")) AS " + SqlText.name(target.alias()) + " WHERE " + String.join(" AND ", tests) + " ORDER BY 1";
        return scratch.rows(sql).stream()
                .map(row -> files.get(Integer.parseInt(row.get(0))))
                .toList();
    }

    /** Whether a file that another writer added may have a matching row. */
    boolean mayMatch(AddFile file) {
        try {
            return !keep(List.of(file)).isEmpty();
        } catch (SQLException | RuntimeException uncertain) {
            return true;
        }
    }

    private int width() {
        return target.metadata().partitionColumns().size() + 2 * ranges.size();
    }

    private String columns() {
        StringBuilder sql = new StringBuilder();
        int at = 1;
        for (String name : target.metadata().partitionColumns()) {
            DeltaField field = target.schema().field(name).orElseThrow();
            sql.append(", CAST(v" + at++ + " AS " + field.type().duckSql() + ") AS " + SqlText.name(field.name()));
        }
        for (DeltaField field : ranges.values()) {
            String type = field.type().duckSql();
            boolean timestamp = field.type() == Primitive.TIMESTAMP || field.type() == Primitive.TIMESTAMP_NTZ;
            // Spark cuts the greatest timestamp to milliseconds, and adds one when it reads.
            String slack = timestamp ? " + INTERVAL 1 MILLISECOND" : "";
            sql.append(", TRY_CAST(v" + at++ + " AS " + type + ") AS "
                    + SqlText.name(target.prefix() + "min_" + field.name()));
            sql.append(", TRY_CAST(v" + at++ + " AS " + type + ")" + slack + " AS "
                    + SqlText.name(target.prefix() + "max_" + field.name()));
        }
        return sql.toString();
    }

    private String values(int number, AddFile file) {
        List<String> values = new ArrayList<>();
        values.add(String.valueOf(number));
        for (String name : target.metadata().partitionColumns()) {
            DeltaField field = target.schema().field(name).orElseThrow();
            values.add(literal(PartitionText.toDuck(
                    field.type(), file.partitionValue(target.metadata().partitionKey(field)))));
        }
        Map<String, Object> statistics = file.statistics();
        for (DeltaField field : ranges.values()) {
            values.add(bound(statistics, "minValues", field));
            values.add(bound(statistics, "maxValues", field));
        }
        return "(" + String.join(", ", values) + ")";
    }

    private String bound(Map<String, Object> statistics, String kind, DeltaField field) {
        String column = target.metadata().mapping().physicalName(field);
        return literal(Json.child(statistics, kind)
                .map(values -> values.get(column))
                .map(String::valueOf)
                .orElse(null));
    }

    private static String literal(@Nullable String text) {
        return text == null ? "CAST(NULL AS VARCHAR)" : SqlText.literal(text);
    }
}
