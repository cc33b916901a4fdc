package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.EngineFactory;
import java.util.List;

/** Offers DuckDB under its own name. */
public final class DuckDbEngineFactory implements EngineFactory {

    @Override
    public List<String> names() {
        return List.of("duckdb");
    }

    @Override
    public Engine create() {
        return new DuckDbEngine();
    }
}
