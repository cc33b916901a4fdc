package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a query, to look at or to write to a file; each call asks anew. */
public final class TableRows {
    /** A kind of file that rows can be written to. */
    public enum Format {
        CSV("FORMAT csv, HEADER true"),
        JSON("FORMAT json, ARRAY true"),
        PARQUET("FORMAT parquet, PARQUET_VERSION V1");

        private final String options;

        Format(String options) {
            this.options = options;
        }
    }

    /** A column by its name and DuckDB's type. */
    public record Column(String name, String type) {}

    private final TableSession session;
    private final String select;

    TableRows(TableSession session, String select) {
        this.session = session;
        this.select = select;
    }

    /** The columns, in order. */
    public List<Column> columns() {
        return session.run("the query", duckdb -> {
            List<Column> columns = new ArrayList<>();
            try (Statement statement = duckdb.createStatement();
                    ResultSet rows = statement.executeQuery("DESCRIBE " + select)) {
                while (rows.next()) {
                    columns.add(new Column(rows.getString("column_name"), rows.getString("column_type")));
                }
            }
            return columns;
        });
    }

    /** How many there are. */
    public long count() {
        return session.run("the query", duckdb -> {
            try (Statement statement = duckdb.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM (" + select + ")")) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    /** The first rows as DuckDB prints their values; null for NULL. */
    public List<List<@Nullable String>> texts(long limit) {
        return session.run("the query", duckdb -> {
            List<List<@Nullable String>> texts = new ArrayList<>();
            try (Statement statement = duckdb.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (" + select + " LIMIT " + limit + ")")) {
                while (rows.next()) {
                    texts.add(texts(rows));
                }
            }
            return texts;
        });
    }

    private static List<@Nullable String> texts(ResultSet row) throws SQLException {
        List<@Nullable String> texts = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            texts.add(row.getString(i));
        }
        return texts;
    }

    /** The first rows as values of JSON, by column. */
    public List<Map<String, Object>> json(long limit) {
        return session.run("the query", duckdb -> {
            List<Map<String, Object>> objects = new ArrayList<>();
            try (Statement statement = duckdb.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT CAST(to_json(r) AS VARCHAR) FROM (" + select + " LIMIT " + limit + ") AS r")) {
                while (rows.next()) {
                    objects.add(Json.checkpointRow(rows.getString(1)));
                }
            } catch (IOException impossible) {
                throw new IllegalStateException("DuckDB's JSON of " + select, impossible);
            }
            return objects;
        });
    }

    /**
     * Writes the first rows to a file, which is replaced if it is there.
     *
     * @return how many were written
     */
    public long write(Path file, Format format, long limit) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || (folder != null && !Files.isDirectory(folder))) {
            throw new LakeException(
                    Kind.INVALID_WRITE,
                    Files.isDirectory(file)
                            ? "'" + file + "' is a folder."
                            : "The folder of '" + file + "' is not there.",
                    "Name a file in a folder that is there.");
        }
        String copy = "COPY (" + select + " LIMIT " + limit + ") TO "
                + SqlText.literal(file.toAbsolutePath().toString()) + " (" + format.options + ")";
        return session.run("to write '" + file + "'", duckdb -> {
            try (Statement statement = duckdb.createStatement()) {
                return (long) statement.executeUpdate(copy);
            }
        });
    }
}
