package dev.tarn.engine.spark;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.EngineFactory;
import java.util.List;

/** Offers Spark, where its jars are on the class path. */
public final class SparkEngineFactory implements EngineFactory {

    @Override
    public List<String> names() {
        return List.of("spark");
    }

    /** Throws a {@link dev.tarn.core.engine.FailureException} where another Spark is than this is compiled for, or none. */
    public void checkVersion() {
        Readiness.checkVersion();
    }

    @Override
    public Engine create() {
        return new SparkEngine();
    }
}
