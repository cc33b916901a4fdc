package dev.tarn.core.connection;

import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;

/**
 * A folder on this machine.
 *
 * @param basePath absolute and normalised; a relative {@code base_path} is relative to the project file
 */
public record LocalConnection(String name, Path basePath, SourceSpan span) implements Connection {

    public LocalConnection {
        if (!basePath.isAbsolute()) {
            throw new IllegalStateException("base path '" + basePath + "' of connection '" + name + "' is relative");
        }
    }
}
