package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Shows how two versions differ: columns, properties and rows.
 *
 * <p>Of two versions of one table with the same columns, only files are read that one of them has and the other has not.
 */
public final class TableDiff {
    /** The column that says what became of a row: {@code added}, {@code removed}, {@code before} or {@code after}. */
    public static final String CHANGE = "_change";

    /** How many rows are only in one version, and how many have the same key and other values. */
    public record Counts(long before, long after, long added, long removed, long changed) {
        /** Whether all rows are the same. */
        public boolean isNone() {
            return added == 0 && removed == 0 && changed == 0;
        }
    }

    /**
     * A column or property that is another or only in one version.
     *
     * @param before empty if it is new
     * @param after empty if it is gone
     */
    public record Difference(String name, Optional<String> before, Optional<String> after) {}

    private final TableSession session;
    private final Snapshot before;
    private final Snapshot after;
    private final List<String> key;
    private final List<String> columns;
    private final String table = "_tarn_diff_" + UUID.randomUUID().toString().replace("-", "");
    private Counts counts = new Counts(0, 0, 0, 0, 0);

    private TableDiff(TableSession session, Snapshot before, Snapshot after, List<String> key, Set<String> ignored) {
        this.session = session;
        this.before = before;
        this.after = after;
        this.columns = after.schema().fields().stream()
                .map(DeltaField::name)
                .filter(name -> before.schema().field(name).isPresent())
                .filter(name -> ignored.stream().noneMatch(name::equalsIgnoreCase))
                .toList();
        if (columns.isEmpty()) {
            throw new LakeException(Kind.INVALID_SQL, "The two have no column in common.", "Compare tables that have.");
        }
        this.key = key.stream().map(this::keyColumn).toList();
    }

    static TableDiff between(
            TableSession session, Snapshot before, Snapshot after, List<String> key, Set<String> ignored) {
        TableDiff diff = new TableDiff(session, before, after, key, ignored);
        session.run("to compare the rows", duckdb -> {
            diff.compare(duckdb);
            return diff;
        });
        return diff;
    }

    private String keyColumn(String name) {
        return columns.stream()
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() -> new LakeException(
                        Kind.INVALID_SQL,
                        "The key column '" + name + "' is not in both.",
                        "Columns of both are '" + String.join("', '", columns) + "'."));
    }

    /** The columns that are not the same: type, whether NULL is allowed, or whether they partition the table. */
    public List<Difference> columns() {
        return differences(described(before), described(after));
    }

    private static Map<String, String> described(Snapshot snapshot) {
        Map<String, String> columns = new LinkedHashMap<>();
        snapshot.schema()
                .fields()
                .forEach(field -> columns.put(
                        field.name(),
                        field.type().text()
                                + (field.nullable() ? "" : " NOT NULL")
                                + (snapshot.partitionColumns().stream().anyMatch(field.name()::equalsIgnoreCase)
                                        ? " (partition)"
                                        : "")));
        return columns;
    }

    /** The properties that are not the same. */
    public List<Difference> properties() {
        return differences(before.properties(), after.properties());
    }

    private static List<Difference> differences(Map<String, String> before, Map<String, String> after) {
        Set<String> names = new LinkedHashSet<>(after.keySet());
        names.addAll(before.keySet());
        return names.stream()
                .map(name -> new Difference(
                        name, Optional.ofNullable(before.get(name)), Optional.ofNullable(after.get(name))))
                .filter(each -> !each.before().equals(each.after()))
                .toList();
    }

    /** How many rows differ. */
    public Counts counts() {
        return counts;
    }

    /** Whether columns, properties and rows are the same. */
    public boolean isEmpty() {
        return counts.isNone() && columns().isEmpty() && properties().isEmpty();
    }

    /**
     * The rows that differ, with the columns that both have, behind {@link #CHANGE}; of a changed one as it was before and
     * as it is after. They come in the order of the key, or of all columns.
     */
    public TableRows rows() {
        String order = names(key.isEmpty() ? columns : key) + ", _side";
        return new TableRows(session, "SELECT * EXCLUDE (_side) FROM (FROM " + table + " ORDER BY " + order + ")");
    }

    private static String names(List<String> columns) {
        return columns.stream().map(SqlText::name).collect(Collectors.joining(", "));
    }

    private void compare(Connection duckdb) throws SQLException {
        boolean sameTable = before.table().equals(after.table())
                && before.state().metadata().hasShapeOf(after.state().metadata());
        String left = values(before, sameTable ? Optional.of(after) : Optional.empty());
        String right = values(after, sameTable ? Optional.of(before) : Optional.empty());
        if (key.isEmpty()) {
            execute(
                    duckdb,
                    "CREATE TEMPORARY TABLE " + table + " AS SELECT 'removed' AS " + CHANGE + ", *, 0 AS _side FROM ("
                            + left + " EXCEPT ALL " + right + ") UNION ALL SELECT 'added', *, 1 FROM (" + right
                            + " EXCEPT ALL "
                            + left + ")");
        } else {
            checkKey(duckdb, left, "before");
            checkKey(duckdb, right, "after");
            execute(duckdb, keyed(left, right));
        }
        Map<String, Long> found = new LinkedHashMap<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT " + CHANGE + ", count(*) FROM " + table + " GROUP BY 1")) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getLong(2));
            }
        }
        counts = new Counts(
                count(duckdb, before),
                count(duckdb, after),
                found.getOrDefault("added", 0L),
                found.getOrDefault("removed", 0L),
                found.getOrDefault("after", 0L));
    }

    private static long count(Connection duckdb, Snapshot snapshot) throws SQLException {
        if (snapshot.numRecords().isPresent()) {
            return snapshot.numRecords().getAsLong();
        }
        return number(duckdb, "SELECT count(*) FROM (" + snapshot.toSql() + ")");
    }

    private static long number(Connection duckdb, String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void execute(Connection duckdb, String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The columns that both have, as types that can be compared. */
    private String values(Snapshot snapshot, Optional<Snapshot> other) {
        Snapshot counterpart = snapshot == before ? after : before;
        String list = columns.stream()
                .map(name -> {
                    String column = SqlText.name(
                            snapshot.schema().field(name).orElseThrow().name());
                    DeltaType ours = snapshot.schema().field(name).orElseThrow().type();
                    DeltaType theirs =
                            counterpart.schema().field(name).orElseThrow().type();
                    boolean comparable = ours.equals(theirs)
                            || TypeChanges.isWidening(ours, theirs)
                            || TypeChanges.isWidening(theirs, ours);
                    return (comparable ? column : "CAST(" + column + " AS VARCHAR)") + " AS " + SqlText.name(name);
                })
                .collect(Collectors.joining(", "));
        return "SELECT " + list + " FROM ("
                + other.map(common -> snapshot.without(common)).orElse(snapshot).toSql() + ")";
    }

    private void checkKey(Connection duckdb, String rows, String which) throws SQLException {
        long twice = number(
                duckdb,
                "SELECT count(*) FROM (SELECT 1 FROM (" + rows + ") GROUP BY " + names(key) + " HAVING count(*) > 1)");
        if (twice > 0) {
            throw new LakeException(
                    Kind.INVALID_SQL,
                    "The key '" + String.join("', '", key) + "' does not tell rows apart: " + which + ", " + twice
                            + (twice == 1 ? " value has" : " values have") + " several rows.",
                    "Add a column to the key, or leave the key out.");
        }
    }

    private String keyed(String left, String right) {
        List<String> values =
                columns.stream().filter(name -> !key.contains(name)).toList();
        String on =
                on(name -> "b." + SqlText.name(name) + " IS NOT DISTINCT FROM a." + SqlText.name(name), key, " AND ");
        String changed = values.isEmpty()
                ? "false"
                : "("
                        + on(
                                name -> "b." + SqlText.name(name) + " IS DISTINCT FROM a." + SqlText.name(name),
                                values,
                                " OR ")
                        + ")";
        String list = columns.stream()
                .map(name -> "CASE WHEN _side = 0 THEN b." + SqlText.name(name) + " ELSE a." + SqlText.name(name)
                        + " END AS " + SqlText.name(name))
                .collect(Collectors.joining(", "));
        return "CREATE TEMPORARY TABLE " + table
                + " AS SELECT CASE WHEN b._there IS NULL THEN 'added' WHEN a._there IS NULL"
                + " THEN 'removed' WHEN _side = 0 THEN 'before' ELSE 'after' END AS " + CHANGE + ", " + list
                + ", _side FROM (SELECT *, true AS _there FROM (" + left
                + ")) AS b FULL JOIN (SELECT *, true AS _there FROM ("
                + right + ")) AS a ON " + on
                + " JOIN (VALUES (0), (1)) AS s(_side) ON (b._there IS NULL AND _side = 1) OR (a._there IS NULL AND _side = 0)"
                + " OR (b._there AND a._there AND " + changed + ")";
    }

    private static String on(Function<String, String> each, List<String> columns, String between) {
        List<String> parts = new ArrayList<>();
        columns.forEach(column -> parts.add(each.apply(column)));
        return String.join(between, parts);
    }
}
