package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Read;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.lake.DeltaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells whether the files or the table behind a read are still those of another time, without reading their rows. */
final class SourceStates {

    private final Database database;

    SourceStates(Database database) {
        this.database = database;
    }

    SortedMap<String, String> of(Read read) {
        SortedMap<String, String> states = new TreeMap<>();
        try {
            if (read.format() == Format.SQL) {
                // A database does not say cheaply whether it has changed: --resume goes on with what was read.
                states.put(read.location().path(), "a database");
            } else if (read.format() == Format.DELTA) {
                states.put(read.location().path(), stateOfTable(read));
            } else {
                for (String file : new SourceFiles(database).find(read)) {
                    states.put(file, state(Path.of(file)));
                }
            }
            return states;
        } catch (IOException e) {
            throw new FailureException(new Failure(
                    ProblemCode.READ_FAILED,
                    "'" + read.location() + "' cannot be read: " + e.getMessage(),
                    Optional.empty(),
                    Optional.of(read.location().span()),
                    false,
                    e));
        }
    }

    /** The commit's own time and size tell a table that was deleted and made anew from the one before. */
    private static String stateOfTable(Read read) throws IOException {
        DeltaTable table = DeltaTable.forPath(Path.of(read.location().path()));
        OptionalLong version = read.version().isPresent() ? read.version() : table.newestVersion();
        if (version.isEmpty()) {
            return "none";
        }
        Path commit = table.commitFile(version.getAsLong());
        return "version " + version.getAsLong() + (Files.exists(commit) ? ", " + state(commit) : "");
    }

    private static String state(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.size() + " bytes, " + attributes.lastModifiedTime();
    }
}
