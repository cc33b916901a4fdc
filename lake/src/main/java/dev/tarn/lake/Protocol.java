package dev.tarn.lake;

import java.util.LinkedHashMap;
import java.util.List;
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
    static final String CHANGE_DATA_FEED = "changeDataFeed";
    static final String DELETION_VECTORS = "deletionVectors";
    static final String COLUMN_MAPPING = "columnMapping";

    /** The features that each writer version before 7 stands for ("Writer Version Requirements"). */
    private static final List<Set<String>> IMPLIED = List.of(
            Set.of(),
            Set.of(),
            Set.of("appendOnly", "invariants"),
            Set.of("checkConstraints"),
            Set.of(CHANGE_DATA_FEED, "generatedColumns"),
            Set.of(COLUMN_MAPPING),
            Set.of("identityColumns"));

    private static final int NAMED = IMPLIED.size();

    /** What a reader must know too; all other features are of writers alone. */
    private static final Set<String> OF_READERS = Set.of(
            NTZ,
            COLUMN_MAPPING,
            DELETION_VECTORS,
            "v2Checkpoint",
            "vacuumProtocolCheck",
            "typeWidening",
            "typeWidening-preview",
            "variantType",
            "variantType-preview",
            "variantShredding",
            "variantShredding-preview");

    private static final Protocol LEAST = new Protocol(1, 2, Set.of(), Set.of());

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
        return LEAST.supporting(metadata);
    }

    /** This protocol, raised if the table needs a feature that it lacks. */
    Protocol supporting(Metadata metadata) {
        return with(metadata.neededFeatures());
    }

    /** This protocol, raised if it lacks one of some features. */
    Protocol with(Set<String> wanted) {
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(features());
        missing.removeIf(feature -> features().contains(feature + "-preview"));
        if (wanted.contains(COLUMN_MAPPING) && minReader < 2) {
            missing.add(COLUMN_MAPPING);
        }
        if (missing.isEmpty()) {
            return this;
        }
        int legacy = legacyVersion(missing);
        if (minWriter < NAMED && legacy < NAMED) {
            int reader = legacy >= 5 && missing.contains(COLUMN_MAPPING) ? Math.max(2, minReader) : minReader;
            return new Protocol(reader, Math.max(legacy, minWriter), Set.of(), Set.of());
        }
        return named(missing);
    }

    /** At least these versions, which stand for what they do. */
    Protocol upgraded(int reader, int writer) {
        if (reader > 3 || writer > NAMED || reader < 1 || writer < 1 || (reader == 3 && writer < NAMED)) {
            throw NewSchema.invalid(
                    "There is no protocol " + reader + "/" + writer + " of Delta tables.",
                    "Readers have versions from 1 to 3, writers from 1 to 7, and reader version 3 goes with writer"
                            + " version 7.");
        }
        if (reader == minReader && writer == minWriter) {
            return this;
        }
        if (writer < NAMED) {
            return new Protocol(reader, writer, Set.of(), Set.of());
        }
        Set<String> writers = features();
        if (minReader < 2) {
            writers.remove(COLUMN_MAPPING);
        }
        Set<String> readers = new TreeSet<>(readerFeatures);
        if (reader == 3) {
            readers.addAll(writers);
            readers.retainAll(OF_READERS);
        }
        return new Protocol(reader, NAMED, readers, writers);
    }

    /** The writer version that stands for all of some features; 7 if there is none before. */
    private static int legacyVersion(Set<String> features) {
        int version = 0;
        for (String feature : features) {
            int since = 0;
            while (since < NAMED && !IMPLIED.get(since).contains(feature)) {
                since++;
            }
            version = Math.max(version, since);
        }
        return version;
    }

    private Protocol named(Set<String> missing) {
        Set<String> writers = features();
        if (minReader < 2) {
            // Below reader version 2 the table cannot have been mapped, and readers would have to know of it.
            writers.remove(COLUMN_MAPPING);
        }
        writers.addAll(missing);
        Set<String> ofReaders = new TreeSet<>(writers);
        ofReaders.retainAll(OF_READERS);
        boolean onlyMapping = minReader == 2 && ofReaders.equals(Set.of(COLUMN_MAPPING));
        if (ofReaders.isEmpty() || onlyMapping) {
            return new Protocol(minReader, NAMED, readerFeatures, writers);
        }
        // A feature of readers and writers must be in both lists ("Table Features").
        Set<String> readers = new TreeSet<>(readerFeatures);
        readers.addAll(ofReaders);
        return new Protocol(3, NAMED, readers, writers);
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
        for (int version = 0; version <= minWriter && minWriter < NAMED; version++) {
            features.addAll(IMPLIED.get(version));
        }
        return features;
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
