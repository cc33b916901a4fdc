package dev.tarn.lake;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a table asks of its readers and writers (Delta protocol, "Protocol Evolution").
 *
 * @param readerFeatures named features; only from reader version 3 on
 * @param writerFeatures named features; only from writer version 7 on
 */
record Protocol(int minReader, int minWriter, Set<String> readerFeatures, Set<String> writerFeatures) {
    static final String NTZ = "timestampNtz";
    private static final String CHANGE_DATA_FEED = "changeDataFeed";

    Protocol {
        readerFeatures = Set.copyOf(readerFeatures);
        writerFeatures = Set.copyOf(writerFeatures);
    }

    static Protocol parse(Map<String, Object> json) {
        return new Protocol(
                Json.number(json, "minReaderVersion").orElse(1L).intValue(),
                Json.number(json, "minWriterVersion").orElse(1L).intValue(),
                new TreeSet<>(Json.strings(json.get("readerFeatures"))),
                new TreeSet<>(Json.strings(json.get("writerFeatures"))));
    }

    /** The least that a new table needs, so that the oldest readers can read it. */
    static Protocol forNewTable(Metadata metadata) {
        boolean changes = TableProperties.isTrue(metadata.configuration(), TableProperties.CHANGE_DATA_FEED);
        if (hasNtz(metadata.schema())) {
            Set<String> writers = new TreeSet<>(Set.of("appendOnly", "invariants", NTZ));
            if (changes) {
                writers.add(CHANGE_DATA_FEED);
            }
            return new Protocol(3, 7, Set.of(NTZ), writers);
        }
        return new Protocol(1, changes ? 4 : 2, Set.of(), Set.of());
    }

    /** This protocol, raised if the table needs a feature that it lacks. */
    Protocol supporting(Metadata metadata) {
        Protocol raised = forSchema(metadata.schema());
        boolean changes = TableProperties.isTrue(metadata.configuration(), TableProperties.CHANGE_DATA_FEED);
        return changes ? raised.withChangeDataFeed() : raised;
    }

    private Protocol withChangeDataFeed() {
        if (features().contains(CHANGE_DATA_FEED)) {
            return this;
        }
        if (minWriter < 7) {
            return new Protocol(minReader, 4, readerFeatures, writerFeatures);
        }
        Set<String> writers = new TreeSet<>(writerFeatures);
        writers.add(CHANGE_DATA_FEED);
        return new Protocol(minReader, minWriter, readerFeatures, writers);
    }

    /** This protocol, raised to what another one has, too. */
    Protocol including(Protocol other) {
        if (minReader >= other.minReader
                && minWriter >= other.minWriter
                && features().containsAll(other.features())) {
            return this;
        }
        int reader = Math.max(minReader, other.minReader);
        int writer = Math.max(minWriter, other.minWriter);
        if (writer < 7) {
            return new Protocol(reader, writer, Set.of(), Set.of());
        }
        Set<String> writers = new TreeSet<>(features());
        writers.addAll(other.features());
        Set<String> readers = new TreeSet<>();
        if (reader >= 3) {
            readers.addAll(readerFeatures);
            readers.addAll(other.readerFeatures);
            if (minReader == 2 || other.minReader == 2) {
                readers.add("columnMapping");
            }
        }
        return new Protocol(reader, writer, readers, writers);
    }

    /** All features that it supports, named or implied by its versions. */
    Set<String> features() {
        Set<String> features = new TreeSet<>(writerFeatures);
        features.addAll(readerFeatures);
        addImplied(features);
        return features;
    }

    /** This protocol, raised if the schema needs a feature that it lacks. */
    Protocol forSchema(DeltaType.Struct schema) {
        if (!hasNtz(schema) || writerFeatures.contains(NTZ)) {
            return this;
        }
        Set<String> readers = new TreeSet<>(readerFeatures);
        Set<String> writers = new TreeSet<>(writerFeatures);
        readers.add(NTZ);
        writers.add(NTZ);
        addImplied(writers);
        if (minReader < 3 && writers.contains("columnMapping")) {
            // A feature of readers and writers must be in both lists; below reader version 2 the table cannot have it.
            if (minReader == 2) {
                readers.add("columnMapping");
            } else {
                writers.remove("columnMapping");
            }
        }
        return new Protocol(3, 7, readers, writers);
    }

    /** Writer versions before 7 stand for fixed features, which must be listed when a table goes to version 7. */
    private void addImplied(Set<String> writers) {
        String[][] since = {
            {},
            {},
            {"appendOnly", "invariants"},
            {"checkConstraints"},
            {CHANGE_DATA_FEED, "generatedColumns"},
            {"columnMapping"},
            {"identityColumns"}
        };
        for (int version = 0; version <= minWriter && minWriter < 7; version++) {
            writers.addAll(Set.of(since[version]));
        }
    }

    private static boolean hasNtz(DeltaType type) {
        if (type instanceof DeltaType.Struct struct) {
            return struct.fields().stream().anyMatch(field -> hasNtz(field.type()));
        }
        if (type instanceof DeltaType.Array array) {
            return hasNtz(array.element());
        }
        if (type instanceof DeltaType.MapOf map) {
            return hasNtz(map.key()) || hasNtz(map.value());
        }
        return type == DeltaType.Primitive.TIMESTAMP_NTZ;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("minReaderVersion", minReader);
        json.put("minWriterVersion", minWriter);
        if (minReader >= 3) {
            json.put("readerFeatures", new TreeSet<>(readerFeatures).stream().toList());
        }
        if (minWriter >= 7) {
            json.put("writerFeatures", new TreeSet<>(writerFeatures).stream().toList());
        }
        return json;
    }
}
