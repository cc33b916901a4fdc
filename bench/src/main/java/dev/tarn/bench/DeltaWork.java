package dev.tarn.bench;

import dev.tarn.lake.DeltaTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The work that module lake and plain DuckDB are measured at, done in a process of its own ({@link Worker}). */
final class DeltaWork {
    private static final String COLUMNS = "id, customer, amount, note, at, score";

    private final Connection duckdb;

    private DeltaWork(Connection duckdb) {
        this.duckdb = duckdb;
    }

    /** Answers commands on standard input; the first argument is DuckDB's memory limit. */
    public static void main(String[] arguments) throws Exception {
        try (Connection duckdb = open(arguments[0])) {
            DeltaWork work = new DeltaWork(duckdb);
            Worker.serve(work::run);
        }
    }

    static Connection open(String memory) throws SQLException {
        Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        for (String setting : List.of("TimeZone = 'UTC'", "async_threads = 0", "memory_limit = '" + memory + "'")) {
            execute(duckdb, "SET " + setting);
        }
        return duckdb;
    }

    private static void execute(Connection duckdb, String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        }
    }

    private String run(List<String> command) throws SQLException, IOException {
        switch (command.get(0)) {
            case "append" -> DeltaTable.forPath(Path.of(command.get(1))).append(duckdb, command.get(2));
            case "copy" -> copy(Path.of(command.get(1)), command.get(2));
            case "merge" ->
                DeltaTable.forPath(Path.of(command.get(1)))
                        .merge(duckdb, "SELECT * FROM read_parquet('" + command.get(2) + "')", "target.id = source.id")
                        .whenMatched()
                        .updateAll()
                        .whenNotMatched()
                        .insertAll()
                        .execute();
            case "read" -> {
                return sum(DeltaTable.forPath(Path.of(command.get(1)))
                        .snapshot()
                        .orElseThrow()
                        .toSql());
            }
            case "changes" -> {
                return sum(DeltaTable.forPath(Path.of(command.get(1)))
                        .changes(Long.parseLong(command.get(2)))
                        .toSql());
            }
            case "changed files" -> {
                return sum("FROM read_parquet('" + command.get(1) + "/_change_data/*.parquet')");
            }
            case "rewrite" -> rewrite(Path.of(command.get(1)), command.get(2));
            case "load" -> {
                return "files "
                        + DeltaTable.forPath(Path.of(command.get(1)))
                                .snapshot()
                                .orElseThrow()
                                .fileCount();
            }
            case "optimize" -> {
                return "files "
                        + DeltaTable.forPath(Path.of(command.get(1)))
                                .optimize(duckdb)
                                .execute()
                                .filesAdded();
            }
            case "checkpoint" -> DeltaTable.forPath(Path.of(command.get(1))).checkpoint();
            default -> throw new IllegalArgumentException(command.toString());
        }
        return "";
    }

    /** All columns are read, and hardly anything is done with them. */
    private String sum(String query) throws SQLException {
        String columns = Stream.of(COLUMNS.split(", ", -1))
                .map(column -> "max(\"" + column + "\")")
                .collect(Collectors.joining(", "));
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*), " + columns + " FROM (" + query + ")")) {
            row.next();
            return row.getString(1) + " rows";
        }
    }

    /** DuckDB's COPY, and an fsync of what it wrote. */
    private void copy(Path folder, String query) throws SQLException, IOException {
        Files.createDirectories(folder);
        execute(
                duckdb,
                "COPY (" + query + ") TO '" + folder
                        + "' (FORMAT parquet, PARQUET_VERSION V1, COMPRESSION snappy, APPEND true, FILENAME_PATTERN"
                        + " 'part-{uuid}', FILE_SIZE_BYTES '192MB')");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
    }

    /** The merge as a person would write it who knew the files that it changes: one COPY of these, and an fsync. */
    private void rewrite(Path table, String source) throws SQLException, IOException {
        String columns = Stream.of(COLUMNS.split(", ", -1))
                .map(column -> "coalesce(s." + column + ", t." + column + ") AS " + column)
                .collect(Collectors.joining(", "));
        copy(
                table.resolve("rewritten"),
                "SELECT " + columns + " FROM read_parquet([" + touched(table, source) + "]) t FULL JOIN read_parquet('"
                        + source + "') s ON t.id = s.id");
    }

    /** The files whose range of keys meets the range of the source. */
    private String touched(Path table, String source) throws SQLException {
        List<String> files = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery("SELECT file_name FROM parquet_metadata('" + table
                        + "/*.parquet') WHERE path_in_schema = 'id' GROUP BY file_name HAVING max(stats_max::BIGINT) >="
                        + " (SELECT min(id) FROM read_parquet('" + source + "')) AND min(stats_min::BIGINT) <= (SELECT"
                        + " max(id) FROM read_parquet('" + source + "'))")) {
            while (rows.next()) {
                files.add("'" + rows.getString(1) + "'");
            }
        }
        return String.join(", ", files);
    }
}
