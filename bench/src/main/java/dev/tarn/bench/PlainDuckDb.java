package dev.tarn.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/**
 * The flights example as a person would script it for DuckDB alone: the same SQL and checks, Parquet files instead of
 * Delta tables, and an fsync of each file at the end.
 */
final class PlainDuckDb {

    private final Path project;
    private final Path flights;
    private final Path out;

    PlainDuckDb(Path project, Path flights, Path out) {
        this.project = project;
        this.flights = flights;
        this.out = out;
    }

    void run() throws SQLException, IOException {
        PipelineBench.delete(out);
        Files.createDirectories(out);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            for (String sql : script()) {
                statement.execute(sql);
            }
        }
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
    }

    private List<String> script() throws IOException {
        String delay = "((delay_minutes >= -60 AND delay_minutes <= 1440) IS NOT TRUE)";
        String missing = "(departed_at IS NULL OR origin IS NULL OR destination IS NULL)";
        String unknown = "(origin_state IS NULL OR destination_state IS NULL)";
        return List.of(
                copy("SELECT * FROM read_parquet('" + flights + "')", "bronze_flights"),
                copy(
                        "SELECT * REPLACE (delay::BIGINT AS delay) FROM read_json('"
                                + project.resolve("data/flights-late.json") + "', format = 'array')",
                        "bronze_late"),
                copy(
                        "SELECT * FROM read_csv('" + project.resolve("data/airports.csv") + "', header = true)",
                        "bronze_airports"),
                "CREATE TABLE silver_airports AS SELECT *, state IS NULL OR NOT regexp_matches(state, '^[A-Z]{2}$') AS b1,"
                        + " (state <> 'NA') IS NOT TRUE AS b2 FROM (SELECT iata AS airport, trim(name) AS airport_name,"
                        + " trim(city) AS city, trim(state) AS state, trim(country) AS country, latitude, longitude FROM "
                        + file("bronze_airports") + ")",
                "SELECT airport FROM silver_airports GROUP BY airport HAVING count(*) > 1",
                copy("SELECT * EXCLUDE (b1, b2) FROM silver_airports WHERE b1 OR b2", "rejected_airports"),
                copy("SELECT * EXCLUDE (b1, b2) FROM silver_airports WHERE NOT (b1 OR b2)", "airports"),
                "CREATE TABLE silver_flights AS WITH flights AS NOT MATERIALIZED (SELECT * FROM "
                        + file("bronze_flights")
                        + "), late_reports AS NOT MATERIALIZED (SELECT * FROM " + file("bronze_late")
                        + "), airports AS NOT MATERIALIZED (SELECT * FROM " + file("airports") + "), df AS ("
                        + text("all_flights") + ") SELECT *, " + missing + " AS b1, " + delay + " AS b2, " + unknown
                        + " AS b3, ((origin <> destination) IS NOT TRUE) AS b4 FROM (" + text("with_airports") + ")",
                "SELECT count(*), count(*) FILTER (b1), count(*) FILTER (b2), count(*) FILTER (b3), count(*) FILTER (b4)"
                        + " FROM silver_flights",
                copy("SELECT * EXCLUDE (b1, b2, b3, b4) FROM silver_flights WHERE b1 OR b2 OR b3", "rejected_flights"),
                copy("SELECT * EXCLUDE (b1, b2, b3, b4) FROM silver_flights WHERE NOT (b1 OR b2 OR b3)", "flights"),
                copy(
                        "WITH flights AS NOT MATERIALIZED (SELECT * FROM " + file("flights")
                                + "), airports AS NOT MATERIALIZED (SELECT * FROM " + file("airports")
                                + ") SELECT * FROM ("
                                + text("delays_by_airport") + ")",
                        "delays_by_airport"),
                copy(
                        "SELECT cast(departed_at AS date) AS flight_date, count(*) AS flights, sum(CASE WHEN"
                                + " delay_minutes > 15 THEN 1 ELSE 0 END)::BIGINT AS late_flights, avg(delay_minutes) AS"
                                + " average_delay_minutes FROM " + file("flights")
                                + " GROUP BY cast(departed_at AS date)",
                        "delays_by_day"),
                "COPY (SELECT origin_state, destination_state, count(*) AS flights, sum(distance_miles)::BIGINT AS miles FROM "
                        + file("flights") + " GROUP BY origin_state, destination_state) TO '" + out.resolve("routes")
                        + "' (FORMAT parquet, PARTITION_BY (origin_state))");
    }

    private String copy(String query, String name) {
        return "COPY (" + query + ") TO '" + out.resolve(name + ".parquet") + "' (FORMAT parquet)";
    }

    private String file(String name) {
        return "'" + out.resolve(name + ".parquet") + "'";
    }

    private String text(String name) throws IOException {
        return Files.readString(project.resolve("sql/" + name + ".sql"));
    }
}
