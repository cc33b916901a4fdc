package dev.tarn.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads the actions of a checkpoint: of the first specification in one file or several, or of the second in Parquet or JSON,
 * with the files that it has beside it (Delta protocol, "Checkpoint Specs").
 *
 * <p>What {@code _last_checkpoint} repeats of it is not needed, because all names in the log are read anyway.
 */
final class Checkpoint {
    private final Path table;
    private final Path first;

    private Checkpoint(Path table, Path first) {
        this.table = table;
        this.first = first;
    }

    static List<Map<String, Object>> read(Path table, List<Path> files) {
        return new Checkpoint(table, files.get(0)).read(files);
    }

    private List<Map<String, Object>> read(List<Path> files) {
        try (Connection duckdb = OwnDuckDb.forQuestion()) {
            List<Map<String, Object>> actions = isJson(first)
                    ? lines(first)
                    : rows(duckdb, files.stream().map(Path::toString).toList());
            checkVersion(actions);
            List<Map<String, Object>> all = new ArrayList<>(actions);
            for (Map<String, Object> action : actions) {
                if (action.get("sidecar") != null) {
                    // One by one, because the types of parsed statistics may differ.
                    all.addAll(rows(duckdb, List.of(sidecar(action).toString())));
                }
            }
            return all;
        } catch (SQLException | IOException damaged) {
            throw damaged(
                    String.valueOf(damaged.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static boolean isJson(Path file) {
        return String.valueOf(file.getFileName()).endsWith(".json");
    }

    private static List<Map<String, Object>> lines(Path file) throws IOException {
        List<Map<String, Object>> actions = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                actions.add(Json.object(line));
            }
        }
        return actions;
    }

    private static List<Map<String, Object>> rows(Connection duckdb, List<String> files)
            throws SQLException, IOException {
        String sql = "SELECT CAST(to_json(t) AS VARCHAR) FROM read_parquet(" + SqlText.files(files)
                + ", hive_partitioning = false, union_by_name = true) AS t";
        List<Map<String, Object>> actions = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                actions.add(Json.checkpointRow(rows.getString(1)));
            }
        }
        return actions;
    }

    private void checkVersion(List<Map<String, Object>> actions) {
        String name = Objects.toString(first.getFileName());
        long version = Long.parseLong(name.substring(0, name.indexOf('.')));
        for (Map<String, Object> action : actions) {
            long said = Json.child(action, "checkpointMetadata")
                    .flatMap(json -> Json.number(json, "version"))
                    .orElse(version);
            if (said != version) {
                throw damaged("it is of version " + said);
            }
        }
    }

    /** A file of file actions, which all are in one directory, whatever its path says before the name ("Sidecar Files"). */
    private Path sidecar(Map<String, Object> action) {
        String path = Json.child(action, "sidecar")
                .flatMap(json -> Json.string(json, "path"))
                .orElseThrow(() -> damaged("it names a file without a path"));
        return first.resolveSibling("_sidecars").resolve(LogPath.decode(path.substring(path.lastIndexOf('/') + 1)));
    }

    private LakeException damaged(String why) {
        return LakeException.corrupt(
                "The checkpoint '" + first + "' of table '" + table + "' cannot be read: " + why + ".");
    }
}
