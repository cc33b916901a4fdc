package dev.tarn.engine.spark;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.engine.duckdb.DuckDbEngineFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The engines that the same tests run on. All tests share one Spark, which takes longer to start than they take. */
enum TestEngine {
    DUCKDB {
        @Override
        Engine open() {
            return new DuckDbEngineFactory().create();
        }

        @Override
        void close(Engine engine) {
            engine.close();
        }
    },
    SPARK {
        @Override
        Engine open() {
            return SharedSpark.ENGINE;
        }

        @Override
        void close(Engine engine) {
            // The next test goes on with it.
        }
    };

    abstract Engine open();

    abstract void close(Engine engine);

    private static final class SharedSpark {
        /** Of a few rows, what costs time is to compile code for them and to give them out. */
        private static final Map<String, String> SETTINGS = Map.of(
                "spark.master", "local[2]",
                "spark.sql.codegen.wholeStage", "false",
                "spark.sql.codegen.factoryMode", "NO_CODEGEN",
                "spark.sql.shuffle.partitions", "1",
                "spark.databricks.delta.snapshotPartitions", "1");

        static final Engine ENGINE = start();

        /** In a folder that outlives the first test. */
        private static Engine start() {
            try {
                Path folder = Files.createTempDirectory("tarn-shared-spark");
                folder.toFile().deleteOnExit();
                Engine engine = new SparkEngineFactory().create();
                engine.open(new SessionSettings("start", folder, dev.tarn.core.connection.Connections.NONE, SETTINGS))
                        .close();
                return engine;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
