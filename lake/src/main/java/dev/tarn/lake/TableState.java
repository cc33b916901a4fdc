package dev.tarn.lake;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A version of a table: what is left when the actions up to it are reconciled.
 *
 * @param files the active files by what identifies them, in the order in which they were added
 * @param tombstones the {@code remove} actions of files that are no longer active, by what identifies them
 * @param transactions the last {@code txn} action of each application, by its id
 * @param domains the {@code domainMetadata} actions that were not removed, by domain
 */
record TableState(
        long version,
        Protocol protocol,
        Metadata metadata,
        Map<String, AddFile> files,
        Map<String, Map<String, Object>> tombstones,
        Map<String, Map<String, Object>> transactions,
        Map<String, Map<String, Object>> domains) {
    private static final String CLUSTERING = "delta.clustering";

    TableState {
        files = Collections.unmodifiableMap(files);
        tombstones = Collections.unmodifiableMap(tombstones);
        transactions = Collections.unmodifiableMap(transactions);
        domains = Collections.unmodifiableMap(domains);
    }

    /** This version with some of its files only. */
    TableState withFiles(Map<String, AddFile> some) {
        return new TableState(version, protocol, metadata, some, tombstones, transactions, domains);
    }

    /** The version that an application recorded last, if it did. */
    OptionalLong lastTransaction(String appId) {
        return Optional.ofNullable(transactions.get(appId))
                .flatMap(txn -> Json.number(txn, "version"))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /** Whether rows are deleted by marking them in deletion vectors ("Writer Requirement for Deletion Vectors"). */
    boolean marksDeletedRows() {
        return protocol.writerFeatures().contains(Protocol.DELETION_VECTORS)
                && "true".equalsIgnoreCase(metadata.configuration().get(TableProperties.DELETION_VECTORS));
    }

    List<AddFile> fileList() {
        return List.copyOf(files.values());
    }

    /** The action that makes an end of the clustering; empty if there is none. */
    Optional<Map<String, Object>> withoutClustering() {
        return Optional.ofNullable(domains.get(CLUSTERING)).map(domain -> {
            Map<String, Object> removed = new LinkedHashMap<>(domain);
            removed.put("removed", true);
            return removed;
        });
    }

    /** The columns by which other writers keep the table clustered ("Clustered Table"). */
    List<String> clusteringColumns() {
        return clusteringPaths().stream()
                .map(path -> String.join(".", metadata.mapping().logical(metadata.schema(), path)))
                .toList();
    }

    /** The same as the names in files that lead to each. */
    List<List<String>> clusteringPaths() {
        return Optional.ofNullable(domains.get(CLUSTERING))
                .flatMap(domain -> Json.string(domain, "configuration"))
                .map(TableState::clusteringPaths)
                .orElse(List.of());
    }

    private static List<List<String>> clusteringPaths(String configuration) {
        try {
            // Each column is the list of names that lead to it.
            return Json.object(configuration).get("clusteringColumns") instanceof List<?> columns
                    ? columns.stream().map(Json::strings).toList()
                    : List.of();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** Applies actions in the order of the log (Delta protocol, "Action Reconciliation"). */
    static final class Replay {
        private final String table;
        private @Nullable Protocol protocol;
        private @Nullable Metadata metadata;
        private Optional<Map<String, Object>> pendingMetadata = Optional.empty();
        private final Map<String, AddFile> files = new LinkedHashMap<>();
        private final Map<String, Map<String, Object>> tombstones = new LinkedHashMap<>();
        private final Map<String, Map<String, Object>> transactions = new LinkedHashMap<>();
        private final Map<String, Map<String, Object>> domains = new LinkedHashMap<>();

        Replay(String table) {
            this.table = table;
        }

        Replay(String table, TableState from) {
            this.table = table;
            this.protocol = from.protocol;
            this.metadata = from.metadata;
            this.files.putAll(from.files);
            this.tombstones.putAll(from.tombstones);
            this.transactions.putAll(from.transactions);
            this.domains.putAll(from.domains);
        }

        void apply(LogCommit commit) {
            commit.actions().forEach(this::apply);
        }

        void apply(Map<String, Object> action) {
            Json.child(action, "add").ifPresent(this::add);
            Json.child(action, "remove").ifPresent(this::remove);
            applyOthers(action);
        }

        /** The rows of a checkpoint have no order, and no file is both active and removed in one. */
        void applyCheckpointRow(Map<String, Object> row) {
            Json.child(row, "add").ifPresent(this::add);
            Json.child(row, "remove").ifPresent(json -> tombstones.put(AddFile.key(json), json));
            applyOthers(row);
        }

        private void add(Map<String, Object> json) {
            String key = AddFile.key(json);
            files.put(key, new AddFile(json));
            tombstones.remove(key);
        }

        private void remove(Map<String, Object> json) {
            String key = AddFile.key(json);
            files.remove(key);
            tombstones.put(key, json);
        }

        private void applyOthers(Map<String, Object> action) {
            Json.child(action, "protocol").ifPresent(json -> protocol = Protocol.parse(json));
            Json.child(action, "metaData").ifPresent(json -> pendingMetadata = Optional.of(json));
            Json.child(action, "txn")
                    .ifPresent(
                            json -> transactions.put(Json.string(json, "appId").orElse(""), json));
            Json.child(action, "domainMetadata").ifPresent(this::domain);
        }

        private void domain(Map<String, Object> json) {
            String name = Json.string(json, "domain").orElse("");
            if (Boolean.TRUE.equals(json.get("removed"))) {
                domains.remove(name);
            } else {
                domains.put(name, json);
            }
        }

        boolean hasProtocol() {
            return protocol != null;
        }

        boolean hasMetadata() {
            return metadata != null || pendingMetadata.isPresent();
        }

        /** The properties of the table as they are now. */
        Map<String, String> configuration() {
            Optional<Map<String, Object>> json = pendingMetadata;
            Map<String, String> properties = new LinkedHashMap<>();
            json.flatMap(each -> Json.child(each, "configuration"))
                    .orElse(Map.of())
                    .forEach((key, value) -> properties.put(key, String.valueOf(value)));
            return properties;
        }

        TableState at(long version) {
            if (protocol != null) {
                // The last protocol counts, and before the schema: a missing feature explains an unknown type.
                FeatureSupport.checkReadable(table, protocol);
            }
            pendingMetadata.ifPresent(json -> metadata = Metadata.parse(table, json));
            if (protocol == null || metadata == null) {
                throw LakeException.corrupt("The log of table '" + table + "' has no "
                        + (protocol == null ? "protocol" : "metaData") + " up to version " + version + ".");
            }
            return new TableState(version, protocol, metadata, files, tombstones, transactions, domains);
        }
    }
}
