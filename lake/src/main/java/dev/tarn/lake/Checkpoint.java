package dev.tarn.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the actions of a checkpoint (Delta protocol, "Checkpoint Schema"). */
final class Checkpoint {
    private Checkpoint() {}

    static List<Map<String, Object>> read(Path table, List<Path> files) {
        String sql = "SELECT CAST(to_json(t) AS VARCHAR) FROM read_parquet("
                + SqlText.files(files.stream().map(Path::toString).toList())
                + ", hive_partitioning = false, union_by_name = true) AS t";
        List<Map<String, Object>> actions = new ArrayList<>();
        try (Connection duckdb = OwnDuckDb.open();
                Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                actions.add(Json.checkpointRow(rows.getString(1)));
            }
        } catch (SQLException | IOException damaged) {
            throw LakeException.corrupt("The checkpoint '" + files.get(0) + "' of table '" + table
                    + "' cannot be read: "
                    + String.valueOf(damaged.getMessage()).lines().findFirst().orElse("") + ".");
        }
        if (actions.stream().anyMatch(action -> action.get("sidecar") != null)) {
            throw new LakeException(
                    LakeException.Kind.UNSUPPORTED_FEATURE,
                    "Table '" + table + "' cannot be read, because it uses feature 'v2Checkpoint'.",
                    "Read it with Spark, or drop the feature from the table.");
        }
        return actions;
    }
}
