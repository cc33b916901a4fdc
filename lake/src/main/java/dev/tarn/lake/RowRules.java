package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What must hold for each row that is written: check constraints, invariants of columns, and that nothing is NULL inside of
 * lists and maps where the schema forbids it (Delta protocol, "CHECK Constraints" and "Column Invariants"). What is NULL
 * elsewhere is known from the statistics of the files.
 */
final class RowRules {
    private static final int LONGEST_VALUE = 40;
    private static final Pattern LENGTH = Pattern.compile("(char|varchar)\\((\\d{1,9})\\)");

    /**
     * @param name for messages, such as {@code constraint 'positive'}
     * @param text as the table has it
     * @param sql in DuckDB's words about a row; NULL is as bad as false
     */
    private record Rule(Kind kind, String name, String text, String sql) {}

    private final List<Rule> rules = new ArrayList<>();
    private final Metadata metadata;

    /** Refuses a table with a rule of which it is not certain what it means. */
    RowRules(String table, Metadata metadata) {
        this.metadata = metadata;
        metadata.configuration().forEach((key, text) -> {
            // Delta takes the names of constraints in lower case only.
            if (key.toLowerCase(Locale.ROOT).startsWith(TableProperties.CONSTRAINT)) {
                String name = "constraint '" + key.substring(TableProperties.CONSTRAINT.length()) + "'";
                add(table, "checkConstraints", name, text);
            }
        });
        for (DeltaField field : metadata.schema().fields()) {
            addInvariants(table, field.name(), field);
            addLength(table, field.name(), field);
            String row = SparkCondition.ROW + "." + SqlText.name(field.name());
            addNotNull(field.type(), field.name(), row, value -> value, 0, false);
        }
    }

    private void add(String table, String feature, String name, String text) {
        rules.add(new Rule(Kind.CONSTRAINT, name, text, translated(table, feature, name, text, metadata)));
    }

    private static String translated(String table, String feature, String name, String text, Metadata metadata) {
        try {
            return SparkCondition.toDuck(text, metadata.schema());
        } catch (UnlikeException unlike) {
            throw new LakeException(
                    Kind.UNSUPPORTED_FEATURE,
                    "Table '" + table + "' cannot be written, because it uses feature '" + feature + "' (" + name + ": "
                            + text + ") with something that cannot be checked here: it has " + unlike.getMessage()
                            + ".",
                    "Write it with Spark, or put the constraint into comparisons of columns and literals.",
                    unlike);
        }
    }

    /** Refuses the condition of a constraint that is to be, if it is not certain what it means. */
    static void checkMeaning(String name, String text, Metadata metadata) {
        try {
            SparkCondition.toDuck(text, metadata.schema());
        } catch (UnlikeException unlike) {
            throw new LakeException(
                    Kind.INVALID_WRITE,
                    "The condition of constraint '" + name + "' cannot be checked here, because it has "
                            + unlike.getMessage() + ": " + text.strip(),
                    "Put it into comparisons of columns and literals with AND, OR, NOT, IN, BETWEEN, LIKE and IS NULL.",
                    unlike);
        }
    }

    private void addInvariants(String table, String path, DeltaField field) {
        Optional<String> json = Json.string(field.metadata(), "delta.invariants");
        if (json.isPresent()) {
            Optional<String> text = invariant(json.get());
            if (text.isEmpty()) {
                throw FeatureSupport.unwritable(table, "feature 'invariants' (column '" + path + "')");
            }
            add(table, "invariants", "invariant of column '" + path + "'", text.get());
        }
        if (field.type() instanceof DeltaType.Struct struct) {
            struct.fields().forEach(inner -> addInvariants(table, path + "." + inner.name(), inner));
        }
    }

    /** Spark fills up a {@code char(n)} and cuts blanks off a {@code varchar(n)}; here they must be right already. */
    private void addLength(String table, String path, DeltaField field) {
        Optional<String> type = Json.string(field.metadata(), "__CHAR_VARCHAR_TYPE_STRING");
        if (type.isPresent()) {
            Matcher limit = LENGTH.matcher(type.get());
            boolean isColumn = field.type() == DeltaType.Primitive.STRING
                    && metadata.schema().fields().contains(field);
            if (!limit.matches() || !isColumn) {
                throw FeatureSupport.unwritable(table, "length limit '" + type.get() + "' (column '" + path + "')");
            }
            String within = (limit.group(1).equals("char") ? " = " : " <= ") + limit.group(2);
            String length = "length(" + SparkCondition.ROW + "." + SqlText.name(field.name()) + ")";
            String name = "type " + type.get() + " of column '" + path + "'";
            rules.add(new Rule(Kind.CONSTRAINT, name, "length" + within, "coalesce(" + length + within + ", true)"));
        }
        if (field.type() instanceof DeltaType.Struct struct) {
            struct.fields().forEach(inner -> addLength(table, path + "." + inner.name(), inner));
        }
    }

    private static Optional<String> invariant(String json) {
        try {
            return Json.child(Json.object(json), "expression").flatMap(inner -> Json.string(inner, "expression"));
        } catch (IOException garbled) {
            return Optional.empty();
        }
    }

    /**
     * @param value SQL of the value, as far as lists around it let one name it
     * @param around makes a condition about the value one about the row
     */
    private void addNotNull(
            DeltaType type, String path, String value, UnaryOperator<String> around, int depth, boolean inList) {
        if (type instanceof DeltaType.Struct struct) {
            for (DeltaField field : struct.fields()) {
                String inner = "struct_extract(" + value + ", " + SqlText.literal(field.name()) + ")";
                String name = path + "." + field.name();
                if (inList && !field.nullable()) {
                    addNotNull(name, around.apply("(" + value + " IS NOT NULL AND " + inner + " IS NULL)"));
                }
                addNotNull(field.type(), name, inner, around, depth, inList);
            }
        } else if (type instanceof DeltaType.Array array) {
            addItems(array.element(), array.containsNull(), path + ".element", value, around, depth);
        } else if (type instanceof DeltaType.MapOf map) {
            addItems(map.key(), true, path + ".key", "map_keys(" + value + ")", around, depth);
            addItems(map.value(), map.valueContainsNull(), path + ".value", "map_values(" + value + ")", around, depth);
        }
    }

    private void addItems(
            DeltaType type, boolean nullable, String path, String list, UnaryOperator<String> around, int depth) {
        String item = "x" + depth;
        UnaryOperator<String> inside = condition ->
                around.apply("(len(list_filter(" + list + ", lambda " + item + ": " + condition + ")) > 0)");
        if (!nullable) {
            addNotNull(path, inside.apply(item + " IS NULL"));
        }
        addNotNull(type, path, item, inside, depth + 1, true);
    }

    private void addNotNull(String path, String violation) {
        rules.add(new Rule(Kind.NOT_NULL, "column '" + path + "'", "NOT NULL", "(" + violation + " IS NOT TRUE)"));
    }

    boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Refuses files with a row that breaks a rule. */
    void check(Path table, List<AddFile> files) {
        if (rules.isEmpty() || files.isEmpty()) {
            return;
        }
        // On a connection of our own, whose collation and macros are known.
        try (Connection duckdb = OwnDuckDb.forQuestion()) {
            check(duckdb, table, "(" + new Scan(table, metadata).sql(files) + ") AS " + SparkCondition.ROW);
        } catch (SQLException failure) {
            throw new LakeException(
                    Kind.UNSUPPORTED_FEATURE,
                    "Table '" + table + "' was not written, because its constraints could not be checked: "
                            + String.valueOf(failure.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""),
                    "Write it with Spark.",
                    failure);
        }
    }

    private void check(Connection duckdb, Path table, String rows) throws SQLException {
        String counts = rules.stream()
                .map(rule -> "count(*) FILTER (WHERE (" + rule.sql + ") IS NOT TRUE)")
                .collect(Collectors.joining(", "));
        List<String> broken = row(duckdb, "SELECT " + counts + " FROM " + rows);
        for (int i = 0; i < rules.size(); i++) {
            if (!broken.get(i).equals("0")) {
                throw violated(duckdb, table, rows, rules.get(i), Long.parseLong(broken.get(i)));
            }
        }
    }

    private LakeException violated(Connection duckdb, Path table, String rows, Rule rule, long count)
            throws SQLException {
        List<DeltaField> fields = metadata.schema().fields();
        String columns = fields.stream()
                .map(field -> "CAST(" + SparkCondition.ROW + "." + SqlText.name(field.name()) + " AS VARCHAR)")
                .collect(Collectors.joining(", "));
        List<String> values =
                row(duckdb, "SELECT " + columns + " FROM " + rows + " WHERE (" + rule.sql + ") IS NOT TRUE LIMIT 1");
        List<String> example = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            example.add(fields.get(i).name() + " = " + shortened(values.get(i)));
        }
        String message = rule.kind == Kind.NOT_NULL
                ? "The " + rule.name + " has NULLs in " + rows(count) + ", which the schema of table '" + table
                        + "' forbids"
                : "The " + rule.name + " (" + rule.text.strip() + ") of table '" + table + "' does not hold for "
                        + rows(count);
        return new LakeException(
                rule.kind,
                message + ", for example " + String.join(", ", example) + ".",
                "Filter these rows or change their values in the query; nothing was written.");
    }

    private static String rows(long count) {
        return count == 1 ? "1 row" : count + " rows";
    }

    private static String shortened(String value) {
        return value.codePointCount(0, value.length()) <= LONGEST_VALUE
                ? value
                : value.substring(0, value.offsetByCodePoints(0, LONGEST_VALUE)) + "…";
    }

    private static List<String> row(Connection duckdb, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                String value = row.getString(i);
                values.add(value == null ? "NULL" : value);
            }
        }
        return values;
    }
}
