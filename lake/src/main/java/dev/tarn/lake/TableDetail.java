package dev.tarn.lake;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Describes the newest version of a table: what Spark's {@code DESCRIBE DETAIL} shows.
 *
 * @param format always {@code delta}
 * @param id the table's own, which a rewrite of its schema keeps
 * @param createdAt when its writer says that it was created
 * @param lastModified when the newest version was made
 * @param clusteringColumns the columns by which others keep it clustered
 * @param numFiles how many data files the newest version has
 * @param sizeInBytes of these files
 * @param tableFeatures what its protocol supports, whether the table uses it or not
 */
public record TableDetail(
        String format,
        String id,
        Optional<String> name,
        Optional<String> description,
        Path location,
        Optional<Instant> createdAt,
        Instant lastModified,
        List<String> partitionColumns,
        List<String> clusteringColumns,
        long numFiles,
        long sizeInBytes,
        Map<String, String> properties,
        int minReaderVersion,
        int minWriterVersion,
        Set<String> tableFeatures) {
    public TableDetail {
        partitionColumns = List.copyOf(partitionColumns);
        clusteringColumns = List.copyOf(clusteringColumns);
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        tableFeatures = Collections.unmodifiableSet(new TreeSet<>(tableFeatures));
    }

    static TableDetail of(Path location, TableState state, Instant lastModified) {
        Map<String, Object> metadata = state.metadata().json();
        return new TableDetail(
                "delta",
                Json.string(metadata, "id").orElse(""),
                Json.string(metadata, "name"),
                Json.string(metadata, "description"),
                location,
                Json.number(metadata, "createdTime").map(Instant::ofEpochMilli),
                lastModified,
                state.metadata().partitionColumns(),
                state.clusteringColumns(),
                state.files().size(),
                state.files().values().stream().mapToLong(AddFile::size).sum(),
                state.metadata().configuration(),
                state.protocol().minReader(),
                state.protocol().minWriter(),
                state.protocol().features());
    }
}
