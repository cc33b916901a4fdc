package dev.tarn.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The flights example at 3 million rows on Spark: by Tarn's engine against the same job written by hand in Spark's Java API,
 * and by the engine for DuckDB. Each is in a process of its own that is warm.
 *
 * <p>{@code TARN_BENCH_FLIGHTS} as for {@link PipelineBench}; {@code TARN_BENCH_ROUNDS} (5).
 */
public final class SparkBench {

    private static final String MEMORY = "-Xmx2g";

    private SparkBench() {}

    /** Runs the comparison; arguments are the folder of the flights example and that of Spark's jars. */
    public static void main(String[] arguments) throws Exception {
        Path example = Path.of(arguments[0]).toAbsolutePath().normalize();
        String own = System.getProperty("java.class.path");
        String withSpark = arguments[1] + "/*:" + own;
        String rounds = System.getenv().getOrDefault("TARN_BENCH_ROUNDS", "5");
        Path folder = Files.createTempDirectory("tarn-bench-spark");
        try {
            Path flights = PipelineBench.flights(folder);
            try (Worker hand = start(withSpark, "hand", example, folder, flights);
                    Worker spark = start(withSpark, "spark", example, folder, flights);
                    Worker duckdb = start(own, "duckdb", example, folder, flights)) {
                new Contest(
                                "flights pipeline, %,d rows".formatted(PipelineBench.rows(flights)),
                                Integer.parseInt(rounds.strip()))
                        .way("Spark by hand", hand, round -> hand.run("run"))
                        .way("Tarn on Spark", spark, round -> spark.run("run"))
                        .way("Tarn on DuckDB", duckdb, round -> duckdb.run("run"))
                        .run();
            }
        } finally {
            PipelineBench.delete(folder);
        }
    }

    private static Worker start(String classPath, String way, Path example, Path folder, Path flights)
            throws Exception {
        Path project = PipelineBench.copy(example, folder.resolve(way));
        return Worker.start(
                Worker.java(MEMORY, classPath, FlightsWork.class, way, project.toString(), flights.toString()));
    }
}
