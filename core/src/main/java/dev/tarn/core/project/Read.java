package dev.tarn.core.project;

import dev.tarn.core.connection.Location;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a node reads from outside.
 *
 * @param filter SQL condition on the rows to read
 * @param version the version of a Delta table to read; the newest when absent
 * @param sql how a database is read; absent for files and Delta tables
 */
public record Read(
        Format format,
        Location location,
        List<Option> options,
        Optional<MappedText> filter,
        OptionalLong version,
        Optional<SqlRead> sql,
        SourceSpan span) {

    /** Files or a Delta table. */
    public Read(
            Format format,
            Location location,
            List<Option> options,
            Optional<MappedText> filter,
            OptionalLong version,
            SourceSpan span) {
        this(format, location, options, filter, version, Optional.empty(), span);
    }

    public Read {
        options = List.copyOf(options);
    }
}
