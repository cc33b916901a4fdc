package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads checkpoints of the second specification, in each of the forms that it allows. */
class V2CheckpointTest {
    private static final String UUID = "80a083e8-7026-4e79-81be-64bd76c43a11";
    private static final String METADATA = "{\"checkpointMetadata\":{\"version\":4,\"tags\":{}}}";

    @AutoClose
    final TestTable table;

    final LogFixture log;

    V2CheckpointTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    /** Versions 0 to 4 with the rows 0, 1, 3 in a plain checkpoint beside the log. */
    @BeforeEach
    void writeVersions() throws Exception {
        for (int i = 0; i < 3; i++) {
            table.write("SELECT " + i + " AS id");
        }
        String add = Files.readAllLines(log.commitPath(2)).stream()
                .filter(line -> line.startsWith("{\"add\""))
                .findFirst()
                .orElseThrow();
        log.commit(3, "{\"remove\":{\"path\":\"" + add.replaceAll(".*\"path\":\"([^\"]+)\".*", "$1") + "\"}}");
        table.write("SELECT 3 AS id");
        log.checkpoint(table.duck(), 4, "parquet", "true");
        Files.move(log.checkpointPath(4, "parquet"), plain());
        for (int version = 0; version < 5; version++) {
            Files.delete(log.commitPath(version));
        }
    }

    private Path plain() {
        return table.path().resolveSibling("plain.parquet");
    }

    private String copy(String select, String where, Path target) throws Exception {
        Files.createDirectories(target.resolveSibling(""));
        table.duck()
                .run("COPY (SELECT " + select + " FROM read_parquet('" + plain() + "') WHERE " + where + ") TO '"
                        + target + "' (FORMAT parquet)");
        return "{\"sidecar\":{\"path\":\"" + target.getFileName() + "\",\"sizeInBytes\":" + Files.size(target)
                + ",\"modificationTime\":0}}";
    }

    private List<String> sidecars() throws Exception {
        Path directory = log.log().resolve("_sidecars");
        return List.of(
                copy("add", "add.path IS NOT NULL", directory.resolve("a b.parquet"))
                        .replace("a b", "a%20b"),
                copy("add, remove", "remove.path IS NOT NULL", directory.resolve("r.parquet")));
    }

    private List<String> others() throws Exception {
        List<String> lines = new ArrayList<>(List.of(METADATA));
        lines.addAll(table.duck()
                .rows("SELECT to_json({'protocol': protocol}) FROM read_parquet('" + plain()
                        + "') WHERE protocol IS NOT NULL"));
        lines.addAll(table.duck()
                .rows("SELECT to_json({'metaData': metaData}) FROM read_parquet('" + plain()
                        + "') WHERE metaData IS NOT NULL"));
        return lines;
    }

    private void writeJson(List<String> lines) throws Exception {
        Files.write(log.checkpointPath(4, UUID + ".json"), lines);
    }

    private void assertRead() throws Exception {
        assertThat(table.rows()).containsExactly("0", "1", "3");
        assertThat(table.newest().version()).isEqualTo(4);
        assertThat(table.newest().numRecords()).isEqualTo(OptionalLong.of(3));
        assertThat(table.newest().state().tombstones()).hasSize(1);
        table.write("SELECT 5 AS id");
        assertThat(table.rows()).containsExactly("0", "1", "3", "5");
    }

    @Test
    void jsonNamesItsSidecars() throws Exception {
        List<String> lines = others();
        lines.addAll(sidecars());
        writeJson(lines);

        assertRead();
    }

    @Test
    void jsonMayHaveAllActions() throws Exception {
        List<String> lines = others();
        for (String action : List.of("add", "remove")) {
            lines.addAll(table.duck()
                    .rows("SELECT to_json({'" + action + "': " + action + "}) FROM read_parquet('" + plain()
                            + "') WHERE " + action + ".path IS NOT NULL"));
        }
        writeJson(lines);

        assertRead();
    }

    @ParameterizedTest
    @ValueSource(strings = {UUID + ".parquet", "parquet"})
    void parquetNamesItsSidecars(String name) throws Exception {
        List<String> names = sidecars();
        table.duck()
                .run("COPY (SELECT metaData, protocol, txn, NULL::STRUCT(path VARCHAR) AS add, NULL::STRUCT(\"version\""
                        + " BIGINT) AS checkpointMetadata, NULL::STRUCT(path VARCHAR) AS sidecar FROM read_parquet('"
                        + plain()
                        + "') WHERE add.path IS NULL AND remove.path IS NULL UNION ALL SELECT NULL, NULL, NULL,"
                        + " NULL, {'version': 4}, NULL UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, {'path': unnest(['a%20b.parquet',"
                        + " 'file:/elsewhere/_delta_log/_sidecars/r.parquet'])}) TO '"
                        + log.checkpointPath(4, name) + "' (FORMAT parquet)");

        assertThat(names).hasSize(2);
        assertRead();
    }

    @Test
    void oneOfSeveralIsRead() throws Exception {
        List<String> lines = others();
        lines.addAll(sidecars());
        writeJson(lines);
        Files.copy(
                log.checkpointPath(4, UUID + ".json"),
                log.checkpointPath(4, UUID.replace('8', '7').replace('a', 'A') + ".json"));

        assertRead();
    }

    @Test
    void missingSidecarIsNamed() throws Exception {
        List<String> lines = others();
        lines.addAll(sidecars());
        writeJson(lines);
        Files.delete(log.log().resolve("_sidecars").resolve("a b.parquet"));

        assertThatThrownBy(table.delta()::snapshot)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(Kind.CORRUPT_TABLE))
                .hasMessageStartingWith("The checkpoint '" + log.checkpointPath(4, UUID + ".json") + "' of table '"
                        + table.path() + "' cannot be read: ")
                .hasMessageContaining("a b.parquet");
    }

    @Test
    void checkpointOfAnotherVersionIsDamaged() throws Exception {
        List<String> lines = others();
        lines.addAll(sidecars());
        lines.set(0, METADATA.replace("4", "3"));
        writeJson(lines);

        assertThatThrownBy(table.delta()::snapshot).hasMessageEndingWith("cannot be read: it is of version 3.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.json", UUID + "x.json", UUID + ".json.tmp", UUID + ".crc", "u." + UUID + ".json"})
    void otherNamesAreNoCheckpoints(String name) throws Exception {
        Files.writeString(log.checkpointPath(4, name), "{");

        assertThat(table.delta().snapshot()).isEmpty();
    }
}
