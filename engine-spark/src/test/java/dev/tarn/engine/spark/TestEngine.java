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
        static final Engine ENGINE = start();

        /** In a folder that outlives the first test. */
        private static Engine start() {
            try {
                Path folder = Files.createTempDirectory("tarn-shared-spark");
                folder.toFile().deleteOnExit();
                Engine engine = new SparkEngineFactory().create();
                engine.open(new SessionSettings(
                                "start",
                                folder,
                                dev.tarn.core.connection.Connections.NONE,
                                Map.of("spark.master", "local[2]")))
                        .close();
                return engine;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
