package dev.tarn.lake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Changes the properties, constraints and protocol of a table. */
final class TableChange {
    /** Begins what Spark takes among the properties to add support of a feature, which is none of them. */
    private static final String FEATURE = "delta.feature.";

    private final Alteration alteration;
    private final Metadata metadata;

    TableChange(DeltaTable table) {
        this.alteration = Alteration.of(table);
        this.metadata = alteration.metadata();
    }

    long set(Map<String, String> wanted) {
        Map<String, String> given = new TreeMap<>(wanted);
        Set<String> features = new TreeSet<>();
        given.keySet().removeIf(name -> name.startsWith(FEATURE) && features.add(feature(name, wanted)));
        given.forEach(TableProperties::check);
        Map<String, String> properties = new LinkedHashMap<>(metadata.configuration());
        properties.putAll(given);
        Metadata changed = mapped(metadata.withConfiguration(properties));
        checkStatistics(changed);
        return alteration
                .with("properties", Json.text(new TreeMap<>(wanted)))
                .commit(
                        "SET TBLPROPERTIES",
                        changed,
                        alteration.state().protocol().with(features),
                        Reads.nothing());
    }

    private static String feature(String property, Map<String, String> wanted) {
        String value = String.valueOf(wanted.get(property));
        if (!value.equals("supported") && !value.equals("enabled")) {
            throw NewSchema.invalid(
                    "The table property '" + property + "' cannot be '" + value + "'.", "It takes 'supported'.");
        }
        String feature = property.substring(FEATURE.length());
        FeatureSupport.checkMayAdd(feature);
        return feature;
    }

    /** A table without a mapping can get one by name, as its files are; everything else would have to rewrite them. */
    private Metadata mapped(Metadata changed) {
        if (changed.mapping() == metadata.mapping()) {
            return changed;
        }
        if (metadata.mapping() != ColumnMapping.NONE || changed.mapping() != ColumnMapping.NAME) {
            throw NewSchema.invalid(
                    "The column mapping of table '" + alteration.path() + "' cannot change from '" + mode(metadata)
                            + "' to '" + mode(changed) + "'.",
                    "Only 'none' can become 'name'; for anything else write a new table.");
        }
        return ColumnIds.assignPresentNames(changed);
    }

    private static String mode(Metadata metadata) {
        return metadata.mapping().name().toLowerCase(Locale.ROOT);
    }

    private void checkStatistics(Metadata changed) {
        String named = changed.configuration().get(StatisticsColumns.NAMED);
        if (named == null || named.equals(metadata.configuration().get(StatisticsColumns.NAMED))) {
            return;
        }
        for (List<String> column : ColumnPath.list(named)) {
            new SchemaPart(alteration.path(), changed.schema()).field(column);
        }
    }

    long unset(List<String> names) {
        Map<String, String> properties = new LinkedHashMap<>(metadata.configuration());
        for (String name : names) {
            if (name.startsWith("delta.columnMapping.") || name.startsWith(TableProperties.CONSTRAINT)) {
                throw NewSchema.invalid(
                        "The table property '" + name + "' cannot be taken off.",
                        name.startsWith(TableProperties.CONSTRAINT)
                                ? "Drop the constraint."
                                : "The table needs it to find its columns.");
            }
            if (properties.remove(name) == null) {
                throw NewSchema.invalid(
                        "Table '" + alteration.path() + "' has no property '" + name + "'.",
                        "It has '"
                                + String.join("', '", metadata.configuration().keySet()) + "'.");
            }
        }
        return alteration
                .with("properties", Json.text(names))
                .with("ifExists", false)
                .commit("UNSET TBLPROPERTIES", metadata.withConfiguration(properties));
    }

    /** Delta protocol, "CHECK Constraints": all rows that are there satisfy it, and all that come will. */
    long addConstraint(String name, String condition) {
        if (!name.matches("\\w+")) {
            throw NewSchema.invalid(
                    "A constraint cannot be named '" + name + "'.", "Use letters, digits and underscores.");
        }
        // As Spark, which keeps the names in lower case.
        String key = TableProperties.CONSTRAINT + name.toLowerCase(Locale.ROOT);
        if (metadata.configuration().containsKey(key)) {
            throw NewSchema.invalid(
                    "Table '" + alteration.path() + "' has a constraint '" + name + "' already.",
                    "Drop it first, or choose another name.");
        }
        RowRules.checkMeaning(name, condition, metadata);
        Map<String, String> alone = Map.of(key, condition.strip());
        checkRows(new RowRules(alteration.path(), metadata.withConfiguration(with(ColumnMapping.PROPERTY, alone))));
        Map<String, String> properties = new LinkedHashMap<>(metadata.configuration());
        properties.putAll(alone);
        return alteration
                .with("name", name)
                .with("expr", condition.strip())
                .commit(
                        "ADD CONSTRAINT",
                        metadata.withConfiguration(properties),
                        alteration.state().protocol(),
                        Reads.all());
    }

    private void checkRows(RowRules rules) {
        try {
            rules.check(Path.of(alteration.path()), alteration.state().fileList());
        } catch (LakeException broken) {
            if (broken.kind() != LakeException.Kind.CONSTRAINT) {
                throw broken;
            }
            throw new LakeException(
                    broken.kind(),
                    broken.getMessage(),
                    "Update or delete these rows first; the constraint was not added.");
        }
    }

    /** Some properties, and one of the table's if it has it. */
    private Map<String, String> with(String kept, Map<String, String> properties) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        String value = metadata.configuration().get(kept);
        if (value != null) {
            all.put(kept, value);
        }
        return all;
    }

    long dropConstraint(String name) {
        String key = metadata.configuration().keySet().stream()
                .filter((TableProperties.CONSTRAINT + name)::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() -> NewSchema.invalid(
                        "Table '" + alteration.path() + "' has no constraint '" + name + "'.", constraints()));
        Map<String, String> properties = new LinkedHashMap<>(metadata.configuration());
        String condition = String.valueOf(properties.remove(key));
        return alteration
                .with("name", name)
                .with("expr", condition)
                .with("existed", true)
                .commit("DROP CONSTRAINT", metadata.withConfiguration(properties));
    }

    private String constraints() {
        List<String> names = new ArrayList<>();
        for (String key : metadata.configuration().keySet()) {
            if (key.startsWith(TableProperties.CONSTRAINT)) {
                names.add(key.substring(TableProperties.CONSTRAINT.length()));
            }
        }
        return names.isEmpty() ? "It has none." : "It has '" + String.join("', '", names) + "'.";
    }

    long upgrade(int reader, int writer) {
        Protocol now = alteration.state().protocol();
        if (reader < now.minReader() || writer < now.minWriter()) {
            throw NewSchema.invalid(
                    "The protocol of table '" + alteration.path() + "' is " + now.minReader() + "/" + now.minWriter()
                            + " and cannot go back to " + reader + "/" + writer + ".",
                    "Drop features with Spark.");
        }
        return upgrade(now.upgraded(reader, writer));
    }

    long addFeature(String... names) {
        Arrays.stream(names).forEach(FeatureSupport::checkMayAdd);
        return upgrade(alteration.state().protocol().with(Set.of(names)));
    }

    private long upgrade(Protocol protocol) {
        return protocol.equals(alteration.state().protocol())
                ? alteration.state().version()
                : alteration
                        .with("newProtocol", Json.text(protocol.json()))
                        .commit("UPGRADE PROTOCOL", metadata, protocol, Reads.nothing());
    }
}
