package dev.tarn.it;

import dev.tarn.lake.DeltaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A copy of the flights example, and what its tables hold. */
final class Flights {

    static final List<String> TABLES = List.of(
            "bronze/flights",
            "bronze/late_reports",
            "bronze/airports",
            "silver/airports",
            "silver/flights",
            "quarantine/airports",
            "quarantine/flights",
            "gold/delays_by_airport",
            "gold/delays_by_day",
            "gold/routes_by_state");

    /** Without the columns that differ from run to run by their nature. */
    private static final String QUARANTINED = "* EXCLUDE (_rejected_at, _source_batch_id)";

    final Path folder;

    private Flights(Path folder) {
        this.folder = folder;
    }

    static Path home() {
        return Path.of(System.getProperty("tarn.home")).toAbsolutePath().normalize();
    }

    static Flights copyTo(Path folder) throws IOException {
        Path example = home().resolve("examples/flights");
        for (String part : List.of("tarn.yaml", "sql", "data")) {
            try (Stream<Path> walk = Files.walk(example.resolve(part))) {
                for (Path file : walk.toList()) {
                    Path twin = folder.resolve(example.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(twin);
                    } else {
                        Files.createDirectories(twin.getParent());
                        Files.copy(file, twin);
                    }
                }
            }
        }
        return new Flights(folder);
    }

    Path table(String name) {
        return folder.resolve("lake").resolve(name);
    }

    /** For each table that is there a fingerprint of its rows, order aside; reading one that is damaged fails. */
    Map<String, String> contents() throws SQLException {
        Map<String, String> contents = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            for (String name : TABLES) {
                if (DeltaTable.isDeltaTable(table(name))) {
                    String columns = name.startsWith("quarantine/") ? QUARANTINED : "*";
                    contents.put(name, fingerprint(connection, table(name), columns));
                }
            }
        }
        return contents;
    }

    private static String fingerprint(Connection connection, Path table, String columns) throws SQLException {
        String rows = DeltaTable.forPath(table).snapshot().orElseThrow().toSql();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*), sum(hash(r)::HUGEINT) FROM (SELECT r FROM"
                        + " (SELECT " + columns + " FROM (" + rows + ")) r)")) {
            result.next();
            return result.getString(1) + " rows, hash " + result.getString(2);
        }
    }
}
