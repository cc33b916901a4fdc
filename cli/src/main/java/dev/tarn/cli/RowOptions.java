package dev.tarn.cli;

import dev.tarn.lake.TableRows;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What each command takes that prints rows of a table. */
final class RowOptions {

    /** How rows are printed. */
    enum Format {
        TEXT,
        JSON,
        CSV,
        PARQUET
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text, json, csv, or parquet to a file (default: as the file is named, else text).")
    Optional<Format> output = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE", description = "Write the rows to this file; it is replaced.")
    Optional<Path> file = Optional.empty();

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "At most so many rows (default: 20, and all to a file).")
    Optional<Long> limit = Optional.empty();

    @Option(
            names = "--env",
            paramLabel = "NAME",
            description = "Environment of the project to use (default: $TARN_ENV, else none).")
    Optional<String> environment = Optional.empty();

    @Option(
            names = {"-p", "--project"},
            paramLabel = "PROJECT",
            description = "The project, as all commands take it.")
    Optional<Path> project = Optional.empty();

    boolean json() {
        return output.filter(format -> format == Format.JSON).isPresent();
    }

    long rows() {
        long most = limit.orElse(file.isPresent() ? Long.MAX_VALUE : 20);
        if (most < 0) {
            throw new UsageException("'--limit' is " + most, "give a number from 0");
        }
        return most;
    }

    /** The format of the file that the rows go to; empty if they are printed. */
    Optional<TableRows.Format> fileFormat() {
        if (file.isEmpty()) {
            if (output.filter(format -> format == Format.PARQUET).isPresent()) {
                throw new UsageException("Parquet cannot be printed", "name a file by '--out'");
            }
            return Optional.empty();
        }
        String name = file.get().toString().toLowerCase(Locale.ROOT);
        Format format = output.orElse(
                name.endsWith(".parquet") ? Format.PARQUET : name.endsWith(".json") ? Format.JSON : Format.CSV);
        return Optional.of(
                switch (format) {
                    case TEXT, CSV -> TableRows.Format.CSV;
                    case JSON -> TableRows.Format.JSON;
                    case PARQUET -> TableRows.Format.PARQUET;
                });
    }
}
