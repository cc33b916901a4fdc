package dev.tarn.core.connection;

import dev.tarn.core.source.SourceSpan;

/**
 * Where a node reads or writes: a path, glob or table of a connection.
 *
 * @param declared as the user wrote it, for messages
 * @param path absolute; for a read it may hold the wildcards {@code * ? [ ]} and {@code **}
 */
public record Location(String connection, String declared, String path, SourceSpan span) {

    /** Whether the path is a pattern rather than one file or folder. */
    public boolean isGlob() {
        return path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    /** {@code connection:path}, short enough for a message. */
    @Override
    public String toString() {
        return connection + ":" + declared;
    }
}
