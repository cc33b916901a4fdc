package dev.tarn.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes logs by hand, as another writer would. */
final class LogFixture {
    static final String PROTOCOL = "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}";

    private static final String VECTOR = "STRUCT(storageType VARCHAR, pathOrInlineDv VARCHAR, \"offset\" INTEGER,"
            + " sizeInBytes INTEGER, cardinality BIGINT)";

    private final Path table;

    LogFixture(Path table) throws IOException {
        this.table = table;
        Files.createDirectories(log());
    }

    Path log() {
        return table.resolve("_delta_log");
    }

    Path commitPath(long version) {
        return log().resolve(String.format("%020d.json", version));
    }

    Path checkpointPath(long version, String name) {
        return log().resolve(String.format("%020d.checkpoint.%s", version, name));
    }

    void commit(long version, String... lines) throws IOException {
        Files.writeString(commitPath(version), String.join("\n", lines) + "\n");
    }

    void commit(long version, List<String> lines) throws IOException {
        commit(version, lines.toArray(String[]::new));
    }

    /** Writes a checkpoint of a version by DuckDB, with the schema that the protocol gives it. */
    void checkpoint(Duck duck, long version, String name, String filter) throws Exception {
        String commits;
        try (Stream<Path> files = Files.list(log())) {
            commits = SqlText.files(files.map(Path::toString)
                    .filter(file -> file.endsWith(".json"))
                    .sorted()
                    .toList());
        }
        String key = "coalesce(add.path, remove.path), coalesce(add.deletionVector, remove.deletionVector)";
        duck.run("COPY (SELECT txn, add, remove, metaData, protocol FROM (SELECT *, count(add.path) OVER (PARTITION BY "
                + key + ") AS adds, count(remove.path) OVER (PARTITION BY " + key
                + ") AS removes, row_number() OVER () AS n FROM read_ndjson(" + commits
                + ", filename = true, columns = {"
                + "txn: 'STRUCT(appId VARCHAR, \"version\" BIGINT, lastUpdated BIGINT)',"
                + "add: 'STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, modificationTime"
                + " BIGINT, dataChange BOOLEAN, stats VARCHAR, deletionVector " + VECTOR + ")',"
                + "remove: 'STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, deletionVector " + VECTOR
                + ")',"
                + "metaData: 'STRUCT(id VARCHAR, format STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR)),"
                + " schemaString VARCHAR, partitionColumns VARCHAR[], configuration MAP(VARCHAR, VARCHAR), createdTime"
                + " BIGINT)',"
                + "protocol: 'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[],"
                + " writerFeatures VARCHAR[])'}) WHERE parse_filename(filename)[1:20]::BIGINT <= " + version
                + ") WHERE (add IS NULL OR removes = 0) AND (add IS NOT NULL OR remove IS NOT NULL OR metaData IS NOT NULL"
                + " OR protocol IS NOT NULL) AND " + filter + ") TO "
                + SqlText.literal(checkpointPath(version, name).toString()) + " (FORMAT parquet)");
    }

    /** Parts of the form {@code name type}; a type that starts with a brace is JSON. */
    static String metadata(String configuration, String... columns) {
        String fields =
                String.join(",", Arrays.stream(columns).map(LogFixture::field).toList());
        String schema = "{\"type\":\"struct\",\"fields\":[" + fields + "]}";
        return "{\"metaData\":{\"id\":\"x\",\"format\":{\"provider\":\"parquet\",\"options\":{}},\"schemaString\":\""
                + schema.replace("\\", "\\\\").replace("\"", "\\\"")
                + "\",\"partitionColumns\":[],\"configuration\":" + configuration + "}}";
    }

    static String metadata(DeltaType.Struct schema, List<String> partitionColumns) {
        Metadata metadata = Metadata.forNewTable(schema, partitionColumns, 0);
        return Json.text(Map.of("metaData", metadata.json()));
    }

    private static String field(String column) {
        int space = column.indexOf(' ');
        return column.startsWith("{")
                ? column
                : "{\"name\":\"" + column.substring(0, space) + "\",\"type\":\"" + column.substring(space + 1)
                        + "\",\"nullable\":true,\"metadata\":{}}";
    }

    static String add(String path, long size) {
        return "{\"add\":{\"path\":\"" + path + "\",\"partitionValues\":{},\"size\":" + size
                + ",\"modificationTime\":0,\"dataChange\":true}}";
    }
}
