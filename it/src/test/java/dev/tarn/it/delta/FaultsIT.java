package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.lake.CommitOptions;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.WriteMode;
import dev.tarn.lake.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Disks, files and clocks that fail: an error or the right rows, never other rows. */
@ExtendWith(Peers.Resolver.class)
class FaultsIT {
    private final Peers peers;
    private final Path table;
    private Rows first = new Rows(List.of(), List.of());

    FaultsIT(Peers peers, @TempDir Path folder) {
        this.peers = peers;
        this.table = folder.resolve("table");
    }

    /** Versions 0 to 2, with 0, 24 and 34 rows. */
    @BeforeEach
    void make() throws Exception {
        peers.tarn.create(table, peers.source(Operation.BASE), List.of("p"), Map.of());
        peers.tarn.append(table, peers.source(Operation.BASE));
        first = peers.tarn.read(table);
        peers.tarn.append(table, peers.source(Operation.MORE));
    }

    private Path commit(long version) {
        return table.resolve("_delta_log").resolve(String.format("%020d.json", version));
    }

    @Test
    void aTruncatedCommitIsAnErrorAndOlderVersionsAreRead() throws Exception {
        byte[] whole = Files.readAllBytes(commit(2));
        for (int length : List.of(0, 1, whole.length / 3, whole.length / 2, whole.length - 20)) {
            Files.write(commit(2), java.util.Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> peers.tarn.read(table))
                    .as("%s of %s bytes", length, whole.length)
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("00000000000000000002.json' is damaged");
            assertThat(peers.tarn.read(table, 1)).isEqualTo(first);
        }
    }

    @Test
    void aCorruptCheckpointIsNeverReadWrongly() throws Exception {
        Rows rows = peers.tarn.read(table);
        peers.spark.checkpoint(table);
        Path checkpoint = table.resolve("_delta_log/00000000000000000002.checkpoint.parquet");
        byte[] whole = Files.readAllBytes(checkpoint);
        List<byte[]> damaged =
                new ArrayList<>(List.of(new byte[0], new byte[100], java.util.Arrays.copyOf(whole, whole.length / 2)));
        for (byte[] content : damaged) {
            Files.write(checkpoint, content);
            try {
                assertThat(peers.tarn.read(table)).isEqualTo(rows);
            } catch (LakeException refusal) {
                assertThat(refusal).hasMessageContaining("checkpoint");
            }
        }
    }

    @Test
    void aMissingDataFileIsAnErrorThatNamesIt() throws Exception {
        Path data = dataFiles().get(0);
        Files.delete(data);

        assertThatThrownBy(() -> peers.tarn.read(table))
                .hasMessageContaining(data.getFileName().toString());
    }

    private List<Path> dataFiles() throws IOException {
        try (Stream<Path> walk = Files.walk(table)) {
            return walk.filter(path -> path.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aClockThatGoesBackLeavesTheOrderOfVersions() throws Exception {
        for (String time : List.of("2026-06-01T00:00:00Z", "2020-01-01T00:00:00Z", "2026-06-02T00:00:00Z")) {
            DeltaTable.forPath(table, Clock.fixed(Instant.parse(time), ZoneOffset.UTC))
                    .write(
                            peers.duckdb(),
                            Operation.MORE,
                            WriteOptions.of(WriteMode.APPEND).withCommit(CommitOptions.DEFAULT.withUserMetadata(time)));
        }

        assertThat(peers.tarn.read(table).size()).isEqualTo(64);
        assertThat(DeltaTable.forPath(table).history(100))
                .extracting(commit -> commit.version())
                .containsExactly(5L, 4L, 3L, 2L, 1L, 0L);
        assertThat(DeltaTable.forPath(table).history(100))
                .extracting(commit -> commit.timestamp())
                .isSortedAccordingTo((one, other) -> other.compareTo(one));
        for (Reader reader : peers.readers()) {
            assertThat(reader.read(table, 3).size()).as(reader.name()).isEqualTo(44);
        }
    }

    /** A writer that fails for the given reason; prints how. Arguments: the table's path, how many rows. */
    static final class FailingWriter {
        public static void main(String[] arguments) throws Exception {
            DeltaTable table = DeltaTable.forPath(Path.of(arguments[0]));
            try (var duckdb = Peers.openDuckDb()) {
                if (table.snapshot().isEmpty()) {
                    table.append(duckdb, "SELECT 0::BIGINT AS id, 'a' AS text");
                }
                long before = table.snapshot().orElseThrow().version();
                String more = "SELECT i AS id, md5(i::VARCHAR) || md5((i + 1)::VARCHAR) AS text FROM range("
                        + arguments[1] + ") t(i)";
                for (String operation : List.of("append", "overwrite", "merge", "update", "delete")) {
                    try {
                        run(table, duckdb, operation, more);
                        System.out.println(operation + " succeeded");
                    } catch (LakeException | SQLException failure) {
                        System.out.println(operation + " failed: " + failure.getMessage());
                    }
                }
                System.out.println("versions " + (table.snapshot().orElseThrow().version() - before));
                System.out.println("rows "
                        + new TarnPeer(duckdb).read(Path.of(arguments[0])).size());
                try (Stream<Path> files = Files.walk(Path.of(arguments[0]))) {
                    System.out.println("files "
                            + files.filter(path -> path.toString().endsWith(".parquet"))
                                    .count());
                }
                if (arguments.length > 2) {
                    table.append(duckdb, "SELECT 1::BIGINT AS id, 'b' AS text");
                    System.out.println("then rows "
                            + new TarnPeer(duckdb).read(Path.of(arguments[0])).size());
                }
            }
        }

        private static void run(DeltaTable table, java.sql.Connection duckdb, String operation, String more)
                throws SQLException {
            switch (operation) {
                case "append" -> table.append(duckdb, more);
                case "overwrite" -> table.overwrite(duckdb, more);
                case "merge" ->
                    table.merge(duckdb, more, "target.id = source.id")
                            .whenMatched()
                            .updateAll()
                            .whenNotMatched()
                            .insertAll()
                            .execute();
                case "update" -> table.update(duckdb, Map.of("text", "repeat(md5(random()::VARCHAR), 4)"), "id >= 0");
                default -> table.delete(duckdb, "id = 0");
            }
        }
    }

    @Test
    void aFullDiskFailsTheWriteAndLeavesTheTable(@TempDir Path folder) throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        String mount = "mount -t tmpfs -o size=4m tmpfs '" + disk + "'";
        assumeTrue(
                new ProcessBuilder("unshare", "-rm", "sh", "-c", mount).start().waitFor() == 0,
                "neither root nor user namespaces: no small disk can be mounted");
        List<String> writer = Child.command(
                List.of(), FailingWriter.class, disk.resolve("table").toString(), "400000", "again");
        List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", mount + " && exec \"$@\"", "sh"));
        command.addAll(writer);
        try (Child child = Child.start(command)) {
            String output = child.await(120);

            assertThat(output)
                    .contains("append failed: ", "overwrite failed: ", "merge failed: ")
                    .contains("update succeeded", "delete succeeded", "versions 2", "rows 0")
                    .contains("then rows 1");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenFailsTheWriteAndLeavesTheTable() throws Exception {
        Path small = table.resolveSibling("small");
        DeltaTable.forPath(small).append(peers.duckdb(), "SELECT 0::BIGINT AS id, 'a' AS text");
        // Root may write everywhere, unless it gives that up.
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            List<String> drop = List.of("setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-all");
            assumeTrue(works(drop), "root cannot give up its right to write everywhere");
            command.addAll(drop);
        }
        command.addAll(Child.command(List.of(), FailingWriter.class, small.toString(), "10"));
        String withoutLog = outputWhileReadOnly(small.resolve("_delta_log"), command);
        assertThat(withoutLog)
                .contains("append failed: ", "overwrite failed: ", "merge failed: ", "update failed: ")
                .contains("delete failed: ", "versions 0", "rows 1", "files 1", "denied");

        // To delete the rows of a whole file no new file is needed.
        String withoutData = outputWhileReadOnly(small, command);
        assertThat(withoutData)
                .contains("append failed: ", "overwrite failed: ", "merge failed: ", "update failed: ")
                .contains("delete succeeded", "versions 1", "rows 0", "files 1", "denied");
    }

    private static String outputWhileReadOnly(Path folder, List<String> command) throws Exception {
        assertThat(folder.toFile().setWritable(false, false)).isTrue();
        try (Child child = Child.start(command)) {
            return child.await(120);
        } finally {
            assertThat(folder.toFile().setWritable(true, false)).isTrue();
        }
    }

    private static boolean works(List<String> prefix) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        return new ProcessBuilder(command).start().waitFor() == 0;
    }
}
