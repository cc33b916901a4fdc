package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.DeltaType.Primitive;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three readings of one log: what an instance remembers, what the checkpoints say, what the commits say. */
class LogFuzzTest {
    @AutoClose
    final TestTable table;

    final Path bare;

    LogFuzzTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("t"));
        bare = directory.resolve("bare");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void allReadingsAgree(long seed) throws Exception {
        Random random = new Random(seed);
        DeltaTable.create(table.path())
                .column("id", Primitive.INTEGER)
                .column("p", Primitive.STRING)
                .partitionBy("p")
                .property("delta.checkpointInterval", String.valueOf(1 + random.nextInt(5)))
                .create();
        DeltaTable known = table.delta();
        for (int i = 0; i < 40; i++) {
            change(random, random.nextBoolean() ? known : table.delta(), i);
            if (random.nextInt(4) == 0) {
                compare(known.state().orElseThrow());
            }
        }
        compare(known.state().orElseThrow());
        cutLog(known.newestVersion().getAsLong());
        assertThat(summary(table.newest().state()))
                .isEqualTo(summary(known.state().orElseThrow()));
        assertThat(table.rows()).isEqualTo(table.rows(known.snapshot().orElseThrow()));
    }

    private void change(Random random, DeltaTable delta, int i) throws SQLException {
        String row = "SELECT " + i + " AS id, '" + "abc".charAt(random.nextInt(3)) + "' AS p";
        switch (random.nextInt(10)) {
            case 0 -> delta.write(table.duck().connection(), row, OVERWRITE);
            case 1, 2 -> delta.delete(table.duck().connection(), "id = " + random.nextInt(i + 1));
            case 3 -> delta.delete(table.duck().connection(), "p = 'a'");
            case 4 -> delta.update(table.duck().connection(), Map.of("id", "id + 1"), "p = 'b'");
            case 5 ->
                delta.write(
                        table.duck().connection(),
                        row,
                        APPEND.withCommit(CommitOptions.DEFAULT.withTransaction("app" + random.nextInt(2), i)));
            case 6 ->
                delta.transaction(delta.state(), CommitOptions.DEFAULT)
                        .commit(
                                Reads.nothing(),
                                new Changes()
                                        .domain(Map.of(
                                                "domain",
                                                "d" + random.nextInt(2),
                                                "configuration",
                                                "{\"i\":" + i + "}",
                                                "removed",
                                                random.nextBoolean())),
                                new Operation("TEST", Map.of(), Map.of()));
            default -> delta.append(table.duck().connection(), row);
        }
    }

    /** @param remembered what one instance knows after all changes, its own and others' */
    private void compare(TableState remembered) throws IOException {
        Map<String, Object> expected = summary(remembered);
        assertThat(summary(table.newest().state())).isEqualTo(expected);
        assertThat(summary(DeltaTable.forPath(commitsAlone()).state().orElseThrow()))
                .isEqualTo(expected);
    }

    private static Map<String, Object> summary(TableState state) {
        Map<String, Object> summary = new TreeMap<>();
        summary.put("version", state.version());
        summary.put("protocol", state.protocol());
        summary.put("configuration", state.metadata().configuration());
        summary.put(
                "files",
                state.files().entrySet().stream()
                        .map(file -> file.getKey()
                                + file.getValue().partitionValues()
                                + file.getValue().size()
                                + file.getValue().numRecords())
                        .collect(Collectors.toSet()));
        summary.put("tombstones", state.tombstones().keySet());
        summary.put("transactions", state.transactions());
        summary.put("domains", state.domains());
        return summary;
    }

    private Path commitsAlone() throws IOException {
        Path log = Files.createDirectories(bare.resolve("_delta_log"));
        try (DirectoryStream<Path> commits = Files.newDirectoryStream(table.log().log(), "*.json")) {
            for (Path commit : commits) {
                Path copy = log.resolve(commit.getFileName());
                if (!Files.exists(copy)) {
                    Files.copy(commit, copy);
                }
            }
        }
        return bare;
    }

    /** Takes away all that the newest checkpoint makes superfluous. */
    private void cutLog(long newest) throws IOException {
        Optional<Long> checkpoint = List.of(newest, newest - 1, newest - 2, newest - 3, newest - 4).stream()
                .filter(version -> Files.exists(checkpoint(version)))
                .findFirst();
        for (long version = 0; version < checkpoint.orElseThrow(); version++) {
            Files.delete(table.path().resolve("_delta_log").resolve(String.format("%020d.json", version)));
            Files.deleteIfExists(checkpoint(version));
        }
    }

    private Path checkpoint(long version) {
        return table.path().resolve("_delta_log").resolve(String.format("%020d.checkpoint.parquet", version));
    }
}
