package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {
    @AutoClose
    final TestTable table;

    ConcurrencyTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("t"));
    }

    static void assertConflict(StagedWrite staged, Path table, String why) {
        assertThatThrownBy(staged::commit)
                .isInstanceOfSatisfying(LakeException.class, conflict -> {
                    assertThat(conflict.kind()).isEqualTo(Kind.CONFLICT);
                    assertThat(conflict.help())
                            .isEqualTo("Run the write again; it will start from the newest version.");
                })
                .hasMessage("Table '" + table + "' was not written, because " + why + ".");
        staged.discard();
    }

    @Test
    void appendsOfThreadsAllArrive() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            int first = writer * 100;
            writers.add(threads.submit(() -> {
                try (Duck own = new Duck()) {
                    for (int i = 0; i < 12; i++) {
                        table.delta()
                                .stage(own.connection(), "SELECT " + (first + i) + " AS id", APPEND)
                                .commit();
                    }
                }
                return null;
            }));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        threads.shutdown();

        assertThat(table.rows()).hasSize(48).doesNotHaveDuplicates();
        assertThat(table.newest().version()).isEqualTo(47);
        assertThat(table.newest().fileCount()).isEqualTo(48);
    }

    /** A process that appends rows, started by {@link #appendsOfProcessesAllArrive}. */
    static final class Appender {
        public static void main(String[] arguments) throws Exception {
            DeltaTable table = DeltaTable.forPath(Path.of(arguments[0]));
            int first = Integer.parseInt(arguments[1]);
            try (Duck own = new Duck()) {
                for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                    table.stage(own.connection(), "SELECT " + (first + i) + " AS id", APPEND)
                            .commit();
                }
            }
        }
    }

    @Test
    void appendsOfProcessesAllArrive() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(appender(i * 1000, 20, "log" + i));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(processes.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(table.path().resolveSibling("log" + i))).isEmpty();
        }

        assertThat(table.rows()).hasSize(60).doesNotHaveDuplicates();
        try (Stream<Path> log = Files.list(table.path().resolve("_delta_log"))) {
            assertThat(log.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".json"))
                            .sorted()
                            .toList())
                    .isEqualTo(IntStream.range(0, 60)
                            .mapToObj(version -> String.format("%020d.json", version))
                            .toList());
        }
    }

    @Test
    void killedWriterLeavesAWholeTable() throws Exception {
        for (int round = 0; round < 3; round++) {
            long before = table.delta().snapshot().map(Snapshot::version).orElse(-1L);
            Process process = appender(round * 1000, 1000, "kill" + round);
            while (table.delta().snapshot().map(Snapshot::version).orElse(-1L) < before + 3 + round) {
                assertThat(process.waitFor(5, TimeUnit.MILLISECONDS))
                        .as(Files.readString(table.path().resolveSibling("kill" + round)))
                        .isFalse();
            }
            process.destroyForcibly().waitFor();

            long version = table.newest().version();
            assertThat(table.rows()).hasSize((int) version + 1).doesNotHaveDuplicates();
        }
        table.stage("SELECT 9999 AS id", APPEND).commit();
        assertThat(table.rows()).contains("9999");
    }

    private Process appender(int first, int count, String log) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appender.class.getName(),
                        table.path().toString(),
                        String.valueOf(first),
                        String.valueOf(count))
                .redirectErrorStream(true)
                .redirectOutput(table.path().resolveSibling(log).toFile())
                .start();
    }

    @Test
    void appendIsPutAfterAnotherAppend() throws Exception {
        table.stage("SELECT 1 AS id", APPEND).commit();
        StagedWrite late = table.stage("SELECT 2 AS id", APPEND);
        table.stage("SELECT 3 AS id", APPEND).commit();

        CommitResult result = late.commit();

        assertThat(result.version()).isEqualTo(2);
        assertThat(table.rows()).containsExactly("1", "2", "3");
    }

    @Test
    void overwriteAlsoReplacesWhatCameInBetween() throws Exception {
        table.stage("SELECT 1 AS id", APPEND).commit();
        StagedWrite late = table.stage("SELECT 2 AS id", OVERWRITE);
        table.stage("SELECT 3 AS id", APPEND).commit();

        CommitResult result = late.commit();

        assertThat(result.filesRemoved()).isEqualTo(2);
        assertThat(table.rows()).containsExactly("2");
    }

    @Test
    void appendAfterAnOverwriteStays() throws Exception {
        table.stage("SELECT 1 AS id", APPEND).commit();
        StagedWrite late = table.stage("SELECT 2 AS id", APPEND);
        table.stage("SELECT 3 AS id", OVERWRITE).commit();

        late.commit();

        assertThat(table.rows()).containsExactly("2", "3");
    }

    @Test
    void changedSchemaIsAConflict() throws Exception {
        table.stage("SELECT 1 AS id", APPEND).commit();
        StagedWrite append = table.stage("SELECT 2 AS id", APPEND);
        StagedWrite overwrite = table.stage("SELECT 2 AS id", OVERWRITE);
        table.stage("SELECT 3 AS id, 'x' AS name", APPEND.withMergeSchema()).commit();

        assertConflict(append, table.path(), "version 1 (WRITE) by another writer changed its schema or properties");
        assertConflict(overwrite, table.path(), "version 1 (WRITE) by another writer changed its schema or properties");
        assertThat(table.rows()).containsExactly("1|null", "3|x");
    }

    @Test
    void schemaMergeIsPutAfterAnAppend() throws Exception {
        table.stage("SELECT 1 AS id", APPEND).commit();
        StagedWrite late = table.stage("SELECT 2 AS id, 'x' AS name", APPEND.withMergeSchema());
        table.stage("SELECT 3 AS id", APPEND).commit();

        late.commit();

        assertThat(table.rows()).containsExactly("1|null", "2|x", "3|null");
    }

    @Test
    void twoCreatorsOfTheSameTableBothArrive() throws Exception {
        StagedWrite first = table.stage("SELECT 1 AS id", APPEND);
        StagedWrite second = table.stage("SELECT 2 AS id", APPEND);

        assertThat(first.commit().created()).isTrue();
        CommitResult result = second.commit();

        assertThat(result.created()).isFalse();
        assertThat(table.rows()).containsExactly("1", "2");
        assertThat(Files.readString(table.path().resolve("_delta_log/00000000000000000001.json")))
                .doesNotContain("metaData")
                .doesNotContain("protocol");
    }

    @Test
    void creatorsOfDifferentTablesConflict() throws Exception {
        StagedWrite first = table.stage("SELECT 1 AS id", APPEND);
        StagedWrite other = table.stage("SELECT 'x' AS id", APPEND);
        StagedWrite partitioned = table.stage("SELECT 1 AS id, 2 AS p", APPEND.withPartitionBy(List.of("p")));
        StagedWrite exclusive = table.stage("SELECT 1 AS id", WriteOptions.of(WriteMode.ERROR_IF_EXISTS));
        first.commit();

        String why = "another writer created it with another schema or partitioning";
        assertConflict(other, table.path(), why);
        assertConflict(partitioned, table.path(), why);
        assertThatThrownBy(exclusive::commit).hasMessage("There is a table at '" + table.path() + "' already.");
        assertThat(table.rows()).containsExactly("1");
    }

    @Test
    void writeThatReadTheTableConflictsWithNewRows() throws Exception {
        table.stage("SELECT 1 AS id", APPEND).commit();
        StagedWrite late = table.stage("SELECT 2 AS id", OVERWRITE.withReadVersion(0));
        table.stage("SELECT 3 AS id", APPEND).commit();

        assertConflict(
                late, table.path(), "version 1 (WRITE) by another writer added rows which this write should have read");
        assertThatThrownBy(() -> table.stage("SELECT 2 AS id", OVERWRITE.withReadVersion(0)))
                .hasMessage("Table '" + table.path() + "' was read at version 0, but its newest version is 1.");
        table.stage("SELECT 2 AS id", OVERWRITE.withReadVersion(1)).commit();
        assertThat(table.rows()).containsExactly("2");
    }

    @Test
    void writeThatFoundNoTableConflictsWithItsCreator() throws Exception {
        StagedWrite late = table.stage("SELECT 2 AS id", OVERWRITE.withReadVersion(-1));
        table.stage("SELECT 1 AS id", APPEND).commit();

        assertConflict(late, table.path(), "another writer created it");
        assertThat(table.rows()).containsExactly("1");
    }

    @Test
    void commitThatMayBeInTheLogKeepsItsFiles() throws Exception {
        StagedWrite staged = table.stage("SELECT 1 AS id", APPEND);
        Files.createDirectory(table.log().commitPath(0));

        assertThatThrownBy(staged::commit)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.IO))
                .hasMessageStartingWith(
                        "The commit of version 0 of table '" + table.path() + "' may be lost in a crash: ");
        staged.close();

        assertThat(table.dataFiles()).hasSize(1);
    }

    @Test
    void snapshotKeepsItsRowsWhileOthersWrite() throws Exception {
        table.stage("SELECT 1 AS id", APPEND).commit();
        Snapshot snapshot = table.newest();
        String before = snapshot.toSql();

        table.stage("SELECT 2 AS id", OVERWRITE).commit();

        assertThat(snapshot.toSql()).isEqualTo(before);
        assertThat(table.duck().rows(before)).containsExactly("1");
    }
}
