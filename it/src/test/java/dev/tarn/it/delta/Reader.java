package dev.tarn.it.delta;

import java.nio.file.Path;
import java.time.Instant;

/** Somebody who reads Delta tables. What it cannot read it refuses by an exception with its own message. */
interface Reader {
    String name();

    /** The newest version. */
    Rows read(Path table) throws Exception;

    Rows read(Path table, long version) throws Exception;

    Rows readAsOf(Path table, Instant time) throws Exception;

    /** The rows of the change feed with their kind and version, columns by name, without times. */
    Rows changes(Path table, long from, long to) throws Exception;

    /** The last version that an application recorded, -1 for none. */
    long lastTransaction(Path table, String application) throws Exception;
}
