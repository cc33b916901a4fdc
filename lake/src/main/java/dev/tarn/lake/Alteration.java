package dev.tarn.lake;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Changes what a table is, and not its rows: starts from the newest version and makes the next one. */
final class Alteration {
    private final DeltaTable table;
    private final TableState state;
    private final Map<String, Object> parameters = new LinkedHashMap<>();

    private Alteration(DeltaTable table, TableState state) {
        this.table = table;
        this.state = state;
    }

    static Alteration of(DeltaTable table) {
        TableState state = table.state()
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.TABLE_NOT_FOUND,
                        "There is no Delta table at '" + table.path() + "'.",
                        "Check the path of the table."));
        FeatureSupport.checkAlterable(table.path().toString(), state);
        return new Alteration(table, state);
    }

    String path() {
        return table.path().toString();
    }

    TableState state() {
        return state;
    }

    Metadata metadata() {
        return state.metadata();
    }

    SchemaPart schema() {
        return new SchemaPart(path(), metadata().schema());
    }

    /** A parameter for the history. */
    Alteration with(String parameter, Object value) {
        parameters.put(parameter, value);
        return this;
    }

    Alteration with(String parameter, Optional<String> value) {
        value.ifPresent(text -> parameters.put(parameter, text));
        return this;
    }

    /** Makes the version; other writers' rows do not stand in its way. */
    long commit(String operation, Metadata metadata) {
        return commit(operation, metadata, state.protocol(), Reads.nothing());
    }

    /** Makes the version of which a protocol and reads are asked, and returns it. */
    long commit(String operation, Metadata metadata, Protocol atLeast, Reads reads) {
        ChangeFeed.checkColumns(metadata);
        Changes changes = new Changes();
        if (!metadata.equals(state.metadata())) {
            changes.metadata(metadata);
        }
        Protocol protocol = atLeast.supporting(metadata);
        if (!protocol.equals(state.protocol())) {
            changes.protocol(protocol);
        }
        return table.transaction(Optional.of(state), CommitOptions.DEFAULT)
                .commit(reads, changes, new Operation(operation, parameters, Map.of()))
                .version();
    }
}
