package dev.tarn.engine.duckdb;

import dev.tarn.core.check.Check;
import dev.tarn.core.engine.BrokenRows;
import dev.tarn.core.engine.CheckColumns;
import dev.tarn.core.engine.CheckedDataset;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.transform.SqlDialect;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Rows stored once, with a truth value beside each row for each rule, so that no row can be both accepted and rejected or
 * neither, not even when the query or a rule is random.
 */
final class CheckedTable implements CheckedDataset {

    private final Database database;
    private final String table;
    private final Map<Path, Long> versions;
    private final CheckColumns flags;
    private final long rows;
    private final List<Long> violations;
    private final long rejectedRows;

    private CheckedTable(
            Database database, String table, Map<Path, Long> versions, CheckColumns flags, List<Long> counts) {
        this.database = database;
        this.table = table;
        this.versions = versions;
        this.flags = flags;
        this.rows = counts.get(0);
        this.rejectedRows = counts.get(1);
        this.violations = List.copyOf(counts.subList(2, counts.size()));
    }

    static CheckedTable of(Database database, DuckDbDataset data, List<Check> checks, String table) {
        CheckColumns flags = new CheckColumns(SqlDialect.DUCKDB, checks);
        store(database, data.query(), flags, table);
        try {
            markDuplicates(database, checks, flags, table);
            return new CheckedTable(database, table, data.versions(), flags, count(database, flags, table));
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        }
    }

    @Override
    public void close() {
        try {
            database.execute("DROP TABLE IF EXISTS " + table);
        } catch (SQLException e) {
            // Only memory is at stake, and the session's end frees it; the node's work must not fail for it.
            return;
        }
    }

    private static void store(Database database, SqlText query, CheckColumns flags, String table) {
        SqlText complete = new SqlText.Builder()
                .add("CREATE TABLE " + table + " AS SELECT *")
                .add(flags.computed())
                .add(" FROM (")
                .add(query)
                .add(")")
                .build();
        try {
            database.execute(complete.text());
        } catch (SQLException e) {
            throw Failures.of(e, complete);
        }
    }

    /** All rows of a group of equals break {@code unique}; groups are counted by key, then the few found are marked. */
    private static void markDuplicates(Database database, List<Check> checks, CheckColumns flags, String table)
            throws SQLException {
        for (int i = 0; i < checks.size(); i++) {
            if (checks.get(i) instanceof Check.Unique rule) {
                String keys = Literal.names(rule.columns());
                String same = rule.columns().stream()
                        .map(Literal::name)
                        .map(key -> "c." + key + " IS NOT DISTINCT FROM d." + key)
                        .collect(Collectors.joining(" AND "));
                database.execute("UPDATE " + table + " AS c SET " + flags.name(i) + " = true FROM (SELECT " + keys
                        + " FROM " + table + " GROUP BY " + keys + " HAVING count(*) > 1) d WHERE " + same);
            }
        }
    }

    private static List<Long> count(Database database, CheckColumns flags, String table) throws SQLException {
        return database.rows("SELECT " + flags.counts() + " FROM " + table).get(0).stream()
                .map(count -> Long.valueOf(String.valueOf(count)))
                .toList();
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public List<Long> violations() {
        return violations;
    }

    @Override
    public long rejectedRows() {
        return rejectedRows;
    }

    @Override
    public Dataset accepted() {
        String filter = rejectedRows == 0 ? "" : " WHERE NOT " + flags.isRejected();
        return DuckDbDataset.constant(
                SqlText.ours("SELECT " + withoutFlags() + " FROM " + table + filter),
                OptionalLong.of(rows - rejectedRows),
                versions);
    }

    private String withoutFlags() {
        return "* EXCLUDE (" + String.join(", ", flags.names()) + ")";
    }

    @Override
    public BrokenRows broken(int rows) {
        String all = String.join(", ", flags.names());
        try {
            return flags.split(database.sample("SELECT " + withoutFlags() + ", " + all + " FROM " + table + " WHERE "
                    + all.replace(", ", " OR ") + " LIMIT " + rows));
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        }
    }

    @Override
    public Dataset rejected(Quarantine quarantine, String node, String runId, Instant at) {
        String query = "SELECT " + ownColumns(quarantine) + flags.rejection(quarantine, node, runId, at) + " FROM "
                + table + " WHERE " + flags.isRejected();
        return DuckDbDataset.constant(SqlText.ours(query), OptionalLong.of(rejectedRows), Map.of());
    }

    private String ownColumns(Quarantine quarantine) {
        try {
            List<String> columns = database.describe("FROM " + table).stream()
                    .map(Database.Column::name)
                    .toList();
            List<String> own = columns.subList(0, columns.size() - flags.names().size());
            return Literal.names(flags.kept(own, quarantine));
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        }
    }
}
