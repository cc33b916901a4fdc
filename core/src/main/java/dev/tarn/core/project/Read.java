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
 */
public record Read(
        Format format,
        Location location,
        List<Option> options,
        Optional<MappedText> filter,
        OptionalLong version,
        SourceSpan span) {

    public Read {
        options = List.copyOf(options);
    }
}
