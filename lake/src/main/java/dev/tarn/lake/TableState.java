package dev.tarn.lake;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A version of a table: what is left when the actions up to it are reconciled.
 *
 * @param files the active files by what identifies them, in the order in which they were added
 */
record TableState(long version, Protocol protocol, Metadata metadata, Map<String, AddFile> files) {
    TableState {
        files = Collections.unmodifiableMap(files);
    }

    List<AddFile> fileList() {
        return List.copyOf(files.values());
    }

    /** Applies actions in the order of the log (Delta protocol, "Action Reconciliation"). */
    static final class Replay {
        private final String table;
        private @Nullable Protocol protocol;
        private @Nullable Metadata metadata;
        private Optional<Map<String, Object>> pendingMetadata = Optional.empty();
        private final Map<String, AddFile> files;

        Replay(String table) {
            this.table = table;
            this.files = new LinkedHashMap<>();
        }

        Replay(String table, TableState from) {
            this.table = table;
            this.protocol = from.protocol;
            this.metadata = from.metadata;
            this.files = new LinkedHashMap<>(from.files);
        }

        void apply(Map<String, Object> action) {
            Json.child(action, "add").ifPresent(add -> files.put(AddFile.key(add), new AddFile(add)));
            Json.child(action, "remove").ifPresent(remove -> files.remove(AddFile.key(remove)));
            Json.child(action, "protocol").ifPresent(json -> protocol = Protocol.parse(json));
            Json.child(action, "metaData").ifPresent(json -> pendingMetadata = Optional.of(json));
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
            return new TableState(version, protocol, metadata, files);
        }
    }
}
