package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Knows the table features that are supported, and refuses the others before anything is read or written (Delta
 * protocol, "Table Features").
 */
final class FeatureSupport {

    private static final String VARIANT = "variantType";

    private static final Set<String> READABLE = Set.of(
            Protocol.NTZ,
            "vacuumProtocolCheck",
            Protocol.COLUMN_MAPPING,
            Protocol.DELETION_VECTORS,
            "v2Checkpoint",
            "typeWidening",
            "typeWidening-preview",
            VARIANT,
            "variantType-preview",
            "variantShredding",
            "variantShredding-preview");

    /** These are writable if the table does not use them in a way that is refused further down. */
    private static final Set<String> WRITABLE = Set.of(
            Protocol.NTZ,
            "vacuumProtocolCheck",
            Protocol.COLUMN_MAPPING,
            Protocol.DELETION_VECTORS,
            "appendOnly",
            "invariants",
            "checkConstraints",
            "generatedColumns",
            "identityColumns",
            "allowColumnDefaults",
            "changeDataFeed",
            "domainMetadata",
            "inCommitTimestamp",
            "rowTracking",
            "clustering",
            "v2Checkpoint",
            "typeWidening",
            "typeWidening-preview",
            VARIANT,
            "variantType-preview",
            "variantShredding",
            "variantShredding-preview",
            "icebergCompatV1",
            "icebergCompatV2");

    private static final Set<String> NOT_ADDED = Set.of(
            "rowTracking",
            "clustering",
            "icebergCompatV1",
            "icebergCompatV2",
            "typeWidening-preview",
            "variantType-preview",
            "variantShredding-preview");

    private FeatureSupport() {}

    static void checkReadable(String table, Protocol protocol) {
        if (protocol.minReader() > 3) {
            throw unreadable(table, "reader version " + protocol.minReader());
        }
        Set<String> unknown = new TreeSet<>(protocol.readerFeatures());
        unknown.removeAll(READABLE);
        if (protocol.minReader() == 3 && !unknown.isEmpty()) {
            throw unreadable(table, feature(unknown));
        }
    }

    /** Checks what only the whole version shows. */
    static void checkReadable(String table, TableState state) {
        checkReadable(table, state.protocol());
        checkMapping(table, state);
        Set<String> features = state.protocol().readerFeatures();
        if (state.metadata().schema().contains(Primitive.VARIANT)
                && !features.contains(VARIANT)
                && !features.contains("variantType-preview")) {
            throw unreadable(table, "feature '" + VARIANT + "', which its protocol does not have");
        }
        TypeChanges.findUnknown(state.metadata().schema()).ifPresent(change -> {
            throw unreadable(table, change + ", which is no widening that the protocol knows");
        });
        for (String column : state.metadata().partitionColumns()) {
            Optional<DeltaField> field = state.metadata().schema().field(column);
            if (field.isPresent() && !canPartitionBy(field.get().type())) {
                throw unreadable(
                        table,
                        "partition column '" + column + "' of type "
                                + field.get().type().text() + ", whose values the log does not hold exactly");
            }
        }
        for (AddFile file : state.files().values()) {
            if (file.isRemote()) {
                throw unreadable(table, "data file '" + file.path() + "' in another store");
            }
            if (file.deletionVector().map(DeletionVector::isRemote).orElse(false)) {
                throw unreadable(table, "deletion vectors in another store");
            }
        }
    }

    private static void checkMapping(String table, TableState state) {
        String mode = state.metadata().configuration().getOrDefault(ColumnMapping.PROPERTY, "none");
        Optional<ColumnMapping> mapping = ColumnMapping.of(mode);
        Protocol protocol = state.protocol();
        boolean supported =
                protocol.minReader() == 2 || protocol.readerFeatures().contains(Protocol.COLUMN_MAPPING);
        // Without the feature the protocol has readers ignore the property, which no writer can have meant.
        if (mapping.isEmpty() || (mapping.get() != ColumnMapping.NONE && !supported)) {
            throw unreadable(table, mapped(mode));
        }
        mapping.get().findIncomplete(state.metadata().schema(), "").ifPresent(column -> {
            throw LakeException.corrupt("The schema in the log of table '" + table + "' is damaged: column '" + column
                    + "' has no physical name or id, which the column mapping needs.");
        });
    }

    private static String mapped(String mode) {
        return "feature 'columnMapping' (mode '" + mode + "')";
    }

    /** Checks that a commit which leaves all rows as they are keeps what the table's features ask for. */
    static void checkAlterable(String table, TableState state) {
        checkFeaturesWritable(table, state.protocol());
        refuse(table, icebergCompatible(state.metadata()));
    }

    private static List<String> icebergCompatible(Metadata metadata) {
        List<String> used = new ArrayList<>();
        for (String version : List.of("V1", "V2", "V3")) {
            if (isTrue(metadata, "delta.enableIcebergCompat" + version)) {
                used.add("feature 'icebergCompat" + version + "'");
            }
        }
        return used;
    }

    /** Refuses a feature that tables are not given here: unknown, or meaningless unless all old files say something. */
    static void checkMayAdd(String feature) {
        Set<String> known = new TreeSet<>(WRITABLE);
        known.removeAll(NOT_ADDED);
        if (!known.contains(feature)) {
            throw new LakeException(
                    Kind.INVALID_WRITE,
                    "The feature '" + feature + "' cannot be added to a table.",
                    "These can: '" + String.join("', '", known) + "'.");
        }
    }

    private static void checkFeaturesWritable(String table, Protocol protocol) {
        if (protocol.minWriter() > 7) {
            throw unwritable(table, "writer version " + protocol.minWriter());
        }
        Set<String> unknown = new TreeSet<>(protocol.writerFeatures());
        unknown.removeAll(WRITABLE);
        if (protocol.minWriter() == 7 && !unknown.isEmpty()) {
            throw unwritable(table, feature(unknown));
        }
    }

    /** Checks that rows can be written as they are, whatever rules there are for new ones. */
    static void checkMayCopyRows(String table, TableState state) {
        checkFeaturesWritable(table, state.protocol());
        List<String> used = icebergCompatible(state.metadata());
        if (state.metadata().schema().contains(Primitive.VARIANT)) {
            used.add("feature '" + VARIANT + "'");
        }
        refuse(table, used);
    }

    private static void refuse(String table, List<String> used) {
        if (!used.isEmpty()) {
            throw unwritable(table, String.join(", ", used));
        }
    }

    static void checkWritable(String table, TableState state, boolean removesFiles) {
        checkMayCopyRows(table, state);
        List<String> used = new ArrayList<>();
        addColumnFeatures(state.metadata().schema(), "", used);
        refuse(table, used);
        checkRules(table, state.metadata());
        if (removesFiles && isTrue(state.metadata(), "delta.appendOnly")) {
            throw new LakeException(
                    Kind.UNSUPPORTED_FEATURE,
                    "Table '" + table + "' is append-only ('delta.appendOnly' is true), so it cannot be overwritten.",
                    "Append to it, or take the property 'delta.appendOnly' off with Spark.");
        }
    }

    /** Refuses a table with a constraint that cannot be checked. */
    static void checkRules(String table, Metadata metadata) {
        new RowRules(table, metadata);
    }

    /** Of a table that needs more than this, nobody knows here which files it needs. */
    static void checkVacuumable(String table, Protocol protocol) {
        Set<String> unknown = new TreeSet<>(protocol.writerFeatures());
        unknown.removeAll(WRITABLE);
        unknown.removeAll(READABLE);
        if (protocol.minWriter() > 7 || !unknown.isEmpty()) {
            throw unwritable(table, unknown.isEmpty() ? "writer version " + protocol.minWriter() : feature(unknown));
        }
    }

    /** Checks what only those operations mind that change rows which are there. */
    static void checkMayChangeRows(String table, TableState state, String operation) {
        checkNotAppendOnly(table, state, operation);
        checkMayMoveRows(table, state);
    }

    /** Rows that move to another file must keep their ids ("Row Tracking"). */
    static void checkMayMoveRows(String table, TableState state) {
        if (isTrue(state.metadata(), TableProperties.ROW_TRACKING)) {
            throw new LakeException(
                    Kind.UNSUPPORTED_FEATURE,
                    unwritable(table, "feature 'rowTracking' ('delta.enableRowTracking' is true)")
                            .getMessage(),
                    "Append to it or overwrite it; change or move its rows, or turn that property off, with Spark.");
        }
    }

    static void checkNotAppendOnly(String table, TableState state, String operation) {
        if (isTrue(state.metadata(), "delta.appendOnly")) {
            throw new LakeException(
                    Kind.UNSUPPORTED_FEATURE,
                    "Table '" + table
                            + "' is append-only ('delta.appendOnly' is true), so its rows cannot be changed by"
                            + " this " + operation + ".",
                    "Append to it, or take the property 'delta.appendOnly' off with Spark.");
        }
    }

    /** What a checkpoint has of a table must be all that the table's features put into its log. */
    static void checkCheckpointable(String table, Protocol protocol) {
        Set<String> unknown = new TreeSet<>(protocol.writerFeatures());
        unknown.removeAll(WRITABLE);
        if (protocol.minWriter() > 7 || !unknown.isEmpty()) {
            String what = unknown.isEmpty() ? "writer version " + protocol.minWriter() : feature(unknown);
            throw new LakeException(
                    Kind.UNSUPPORTED_FEATURE,
                    "A checkpoint of table '" + table + "' cannot be written, because it uses " + what + ".",
                    "Let Spark write it.");
        }
    }

    private static void addColumnFeatures(DeltaType type, String path, List<String> used) {
        if (type instanceof DeltaType.Struct struct) {
            for (DeltaField field : struct.fields()) {
                String name = path.isEmpty() ? field.name() : path + "." + field.name();
                addFieldFeatures(field.metadata(), name, used);
                addColumnFeatures(field.type(), name, used);
            }
        } else if (type instanceof DeltaType.Array array) {
            addColumnFeatures(array.element(), path + ".element", used);
        } else if (type instanceof DeltaType.MapOf map) {
            addColumnFeatures(map.key(), path + ".key", used);
            addColumnFeatures(map.value(), path + ".value", used);
        }
    }

    private static void addFieldFeatures(Map<String, Object> metadata, String column, List<String> used) {
        String on = " (column '" + column + "')";
        for (String key : metadata.keySet()) {
            switch (key) {
                case "delta.generationExpression" -> used.add("feature 'generatedColumns'" + on);
                case "delta.identity.start" -> used.add("feature 'identityColumns'" + on);
                default -> {
                    // Comments and the like bind nobody.
                }
            }
        }
    }

    /** Float and double are allowed; text of a nested or binary value would not be exact. */
    static boolean canPartitionBy(DeltaType type) {
        return type instanceof DeltaType.Decimal
                || (type instanceof Primitive
                        && type != Primitive.BINARY
                        && type != Primitive.VARIANT
                        && type != Primitive.VOID);
    }

    private static boolean isTrue(Metadata metadata, String property) {
        return "true".equalsIgnoreCase(metadata.configuration().get(property));
    }

    private static String feature(Set<String> names) {
        return (names.size() == 1 ? "feature '" : "features '") + String.join("', '", names) + "'";
    }

    private static LakeException unreadable(String table, String what) {
        return new LakeException(
                Kind.UNSUPPORTED_FEATURE,
                "Table '" + table + "' cannot be read, because it uses " + what + ".",
                "Read it with Spark, or drop the feature from the table.");
    }

    static LakeException unwritable(String table, String what) {
        return new LakeException(
                Kind.UNSUPPORTED_FEATURE,
                "Table '" + table + "' cannot be written, because it uses " + what + ".",
                "Write it with Spark, or drop the feature from the table.");
    }
}
