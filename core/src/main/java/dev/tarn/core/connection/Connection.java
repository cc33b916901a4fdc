package dev.tarn.core.connection;

import dev.tarn.core.source.SourceSpan;

/** A named place where data lives. */
public sealed interface Connection permits LocalConnection, DatabaseConnection, KafkaConnection {

    String name();

    /** Its name in the file. */
    SourceSpan span();
}
