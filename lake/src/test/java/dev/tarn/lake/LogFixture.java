package dev.tarn.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Writes logs by hand, as another writer would. */
final class LogFixture {
    static final String PROTOCOL = "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}";

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

    void commit(long version, String... lines) throws IOException {
        Files.writeString(commitPath(version), String.join("\n", lines) + "\n");
    }

    void commit(long version, List<String> lines) throws IOException {
        commit(version, lines.toArray(String[]::new));
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
