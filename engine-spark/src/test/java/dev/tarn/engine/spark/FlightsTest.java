package dev.tarn.engine.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example gives the same tables on both engines, row for row. */
class FlightsTest {

    @TempDir
    Path folder;

    @Test
    void givesTheSameTables() throws IOException {
        TestProject duckdb = copy("duckdb");
        TestProject spark = copy("spark");

        duckdb.succeed(TestEngine.DUCKDB);
        spark.succeed(TestEngine.SPARK);

        for (String table : List.of(
                "bronze/airports",
                "bronze/late_reports",
                "silver/airports",
                "silver/flights",
                "gold/delays_by_airport",
                "gold/delays_by_day",
                "gold/routes_by_state")) {
            assertThat(spark.table("lake/" + table)).as(table).isEqualTo(duckdb.table("lake/" + table));
        }
        assertThat(spark.table("lake/quarantine/flights")).hasSize(39);
    }

    private TestProject copy(String name) throws IOException {
        Path example = Path.of("..", "examples", "flights");
        Path copy = folder.resolve(name);
        for (String part : List.of("tarn.yaml", "sql", "data")) {
            try (Stream<Path> files = Files.walk(example.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path target = copy.resolve(example.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
        return new TestProject(copy);
    }
}
