package dev.tarn.core.engine;

import java.util.List;

/** Makes an engine; found through {@link java.util.ServiceLoader}, so that an engine may be absent. */
public interface EngineFactory {

    /** The values of {@code engine:} that mean this engine, the usual one first. */
    List<String> names();

    /** Returns at once; the engine may go on to get ready in the background. */
    Engine create();
}
