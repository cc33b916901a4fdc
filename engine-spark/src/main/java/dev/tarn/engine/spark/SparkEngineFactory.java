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

    @Override
    public Engine create() {
        return new SparkEngine();
    }
}
