package dev.tarn.core.project;

import dev.tarn.core.connection.Location;
import dev.tarn.core.source.SourceSpan;
import java.util.List;
import java.util.Set;

/**
 * Where and how a node's output is stored.
 *
 * @param partitionBy columns, outermost first
 * @param mergeSchema new columns are added to the target instead of refused
 * @param overwriteSchema an overwrite may replace the target's schema
 * @param metadata columns that are added to the rows
 * @param keys of an upsert: the columns by which rows are the same
 */
public record Write(
        Format format,
        Location location,
        WriteMode mode,
        List<String> partitionBy,
        boolean mergeSchema,
        boolean overwriteSchema,
        List<Option> options,
        Set<MetadataColumn> metadata,
        List<String> keys,
        SourceSpan span) {

    /** A write that is no upsert. */
    public Write(
            Format format,
            Location location,
            WriteMode mode,
            List<String> partitionBy,
            boolean mergeSchema,
            boolean overwriteSchema,
            List<Option> options,
            Set<MetadataColumn> metadata,
            SourceSpan span) {
        this(format, location, mode, partitionBy, mergeSchema, overwriteSchema, options, metadata, List.of(), span);
    }

    public Write {
        partitionBy = List.copyOf(partitionBy);
        options = List.copyOf(options);
        metadata = Set.copyOf(metadata);
        keys = List.copyOf(keys);
    }
}
