package dev.tarn.lake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives the rows of new files their ids (Delta protocol, "Row Tracking"): each file has the id of its first row, and the table
 * remembers the greatest id that was ever given.
 */
final class RowIds {
    private static final String DOMAIN = "delta.rowTracking";
    private static final String HIGHEST = "rowIdHighWaterMark";

    private final long version;
    private final long before;
    private long highest;

    private RowIds(long version, long highest) {
        this.version = version;
        this.before = highest;
        this.highest = highest;
    }

    /** For the commit of a version; empty if the table has no such ids. */
    static Optional<RowIds> of(Protocol protocol, Optional<TableState> current, long version) {
        return protocol.features().contains("rowTracking")
                ? Optional.of(new RowIds(version, current.map(RowIds::highest).orElse(-1L)))
                : Optional.empty();
    }

    private static long highest(TableState state) {
        Map<String, Object> domain = state.domains().getOrDefault(DOMAIN, Map.of());
        try {
            Optional<String> configuration = Json.string(domain, "configuration");
            return configuration.isEmpty()
                    ? -1
                    : Json.number(Json.object(configuration.get()), HIGHEST).orElse(-1L);
        } catch (IOException garbled) {
            throw LakeException.corrupt("The metadata domain '" + DOMAIN + "' in the log is damaged.");
        }
    }

    List<AddFile> assign(List<AddFile> added) {
        List<AddFile> files = new ArrayList<>();
        for (AddFile file : added) {
            files.add(file.json().get("baseRowId") == null ? assign(file) : file);
        }
        return files;
    }

    private AddFile assign(AddFile file) {
        long rows = file.numRecords().orElseThrow(() -> new IllegalStateException("no count of rows in " + file));
        Map<String, Object> json = new LinkedHashMap<>(file.json());
        json.put("baseRowId", highest + 1);
        json.put("defaultRowCommitVersion", version);
        highest += rows;
        return new AddFile(json);
    }

    /** The action that remembers the greatest id, if it has become greater. */
    Optional<Map<String, Object>> domain() {
        if (highest == before) {
            return Optional.empty();
        }
        Map<String, Object> domain = new LinkedHashMap<>();
        domain.put("domain", DOMAIN);
        domain.put("configuration", Json.text(Map.of(HIGHEST, highest)));
        domain.put("removed", false);
        return Optional.of(domain);
    }
}
