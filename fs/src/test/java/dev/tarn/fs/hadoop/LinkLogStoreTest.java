package dev.tarn.fs.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.storage.CloseableIterator;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkLogStoreTest {
    private static final int VERSIONS = 120;

    private final Configuration configuration = new Configuration();
    private final LinkLogStore store = new LinkLogStore(configuration);

    @TempDir
    java.nio.file.Path folder;

    private java.nio.file.Path log;

    @BeforeEach
    void createLog() throws IOException {
        log = Files.createDirectories(folder.resolve("a table, 100%/_delta_log"));
    }

    private Path path(String name) {
        return new Path(new Path(log.toUri()), name);
    }

    private void write(String name, boolean overwrite, String... lines) throws IOException {
        store.write(path(name), List.of(lines).iterator(), overwrite, configuration);
    }

    private List<String> read(Path path) throws IOException {
        List<String> lines = new ArrayList<>();
        try (CloseableIterator<String> read = store.read(path, configuration)) {
            read.forEachRemaining(lines::add);
        }
        return lines;
    }

    private List<String> listFrom(String name) throws IOException {
        List<String> names = new ArrayList<>();
        store.listFrom(path(name), configuration)
                .forEachRemaining(each -> names.add(each.getPath().getName()));
        return names;
    }

    private List<String> names() throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(log)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String version(long number) {
        return String.format("%020d.json", number);
    }

    @Test
    void givesBackWhatWasWritten() throws Exception {
        write(version(0), false, "{\"a\":\"ä€😀\"}", "", "{}");

        assertThat(read(path(version(0)))).containsExactly("{\"a\":\"ä€😀\"}", "", "{}");
        assertThat(log.resolve(version(0))).hasContent("{\"a\":\"ä€😀\"}\n\n{}\n");
        assertThat(names()).containsExactly(version(0));
    }

    @Test
    void aPathWithoutSchemeIsLocal() throws Exception {
        Path path = new Path(log + "/" + version(0));

        store.write(path, List.of("1").iterator(), false, configuration);

        assertThat(read(path)).containsExactly("1");
        assertThat(store.resolvePathOnPhysicalStorage(path, configuration)).isEqualTo(path(version(0)));
    }

    @Test
    void otherSchemesAreRefused() {
        Path path = new Path("hdfs://server" + log + "/" + version(0));

        assertThatThrownBy(() -> store.write(path, List.of("1").iterator(), false, configuration))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not on a local disk");
    }

    @Test
    void aTakenVersionIsKept() throws Exception {
        write(version(0), false, "first");

        assertThatThrownBy(() -> write(version(0), false, "second")).isInstanceOf(FileAlreadyExistsException.class);

        assertThat(read(path(version(0)))).containsExactly("first");
        assertThat(names()).containsExactly(version(0));
    }

    @Test
    void overwritesWhereItIsTold() throws Exception {
        write("_last_checkpoint", true, "1");
        write("_last_checkpoint", true, "2");

        assertThat(read(path("_last_checkpoint"))).containsExactly("2");
        assertThat(names()).containsExactly("_last_checkpoint");
    }

    @Test
    void aChecksumOfDeltasOwnStoreDoesNotOutliveItsFile() throws Exception {
        FileSystem hadoop = path("_last_checkpoint").getFileSystem(configuration);
        try (var out = hadoop.create(path("_last_checkpoint"))) {
            out.writeBytes("1");
        }
        try (var out = hadoop.create(path(version(0)))) {
            out.writeBytes("1");
        }
        assertThat(names()).contains("._last_checkpoint.crc", "." + version(0) + ".crc");
        Files.delete(log.resolve(version(0)));

        write("_last_checkpoint", true, "2");
        write(version(0), false, "2");

        assertThat(read(path("_last_checkpoint"))).containsExactly("2");
        assertThat(read(path(version(0)))).containsExactly("2");
    }

    @Test
    void aFailureWhileTheLinesAreMadeLeavesNothing() throws Exception {
        Stream<String> lines = Stream.of("1", "2").peek(line -> {
            if (line.equals("2")) {
                throw new IllegalStateException("no more");
            }
        });

        assertThatThrownBy(() -> store.write(path(version(0)), lines.iterator(), false, configuration))
                .hasMessage("no more");

        assertThat(names()).isEmpty();
    }

    @Test
    void listsInOrderFromAName() throws Exception {
        for (long number : List.of(10, 2, 1, 0)) {
            write(version(number), false, "" + number);
        }
        Files.createFile(log.resolve(".tarn-0.tmp"));

        assertThat(listFrom(version(1))).containsExactly(version(1), version(2), version(10));
        assertThat(listFrom(version(11))).isEmpty();
    }

    @Test
    void aMissingLogIsSaidSo() throws Exception {
        Path absent = new Path(new Path(folder.toUri()), "absent/_delta_log/" + version(0));

        assertThatThrownBy(() -> store.listFrom(absent, configuration)).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> store.write(absent, List.of("1").iterator(), false, configuration))
                .isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> store.read(path(version(0)), configuration)).isInstanceOf(FileNotFoundException.class);
        assertThat(folder.resolve("absent")).doesNotExist();
    }

    /** Delta then gives a checkpoint its name only once it is whole. */
    @Test
    void whatDeltaWritesPastTheStoreIsSeenInPart() {
        assertThat(store.isPartialWriteVisible(path("x"), configuration)).isTrue();
    }

    /** Writes every version, and tells which it won. */
    private static List<String> race(Path log, String id) throws IOException {
        Configuration configuration = new Configuration(false);
        LinkLogStore store = new LinkLogStore(configuration);
        List<String> wins = new ArrayList<>();
        for (long number = 0; number < VERSIONS; number++) {
            String content = id + "-" + number;
            try {
                store.write(new Path(log, version(number)), List.of(content).iterator(), false, configuration);
                wins.add(content);
            } catch (FileAlreadyExistsException lost) {
                assertThat(Files.size(java.nio.file.Path.of(log.toUri()).resolve(version(number))))
                        .isPositive();
            }
        }
        return wins;
    }

    private void assertWins(List<String> wins) throws IOException {
        List<String> content = new ArrayList<>();
        for (long number = 0; number < VERSIONS; number++) {
            content.addAll(Files.readAllLines(log.resolve(version(number))));
        }
        assertThat(content).containsExactlyInAnyOrderElementsOf(wins);
        assertThat(names()).hasSize(VERSIONS);
    }

    @Test
    void racingThreadsHaveOneWinner() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Callable<List<String>>> racers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String id = "thread" + i;
            racers.add(() -> race(new Path(log.toUri()), id));
        }
        List<String> wins = new ArrayList<>();
        for (Future<List<String>> racer : threads.invokeAll(racers)) {
            wins.addAll(racer.get());
        }
        threads.shutdown();

        assertWins(wins);
    }

    /** A process that races, started by {@link #racingProcessesHaveOneWinner}. */
    static final class Racer {
        public static void main(String[] arguments) throws IOException {
            List<String> wins =
                    race(new Path(java.nio.file.Path.of(arguments[0]).toUri()), arguments[1]);
            Files.write(java.nio.file.Path.of(arguments[2]), wins);
        }
    }

    @Test
    void racingProcessesHaveOneWinner() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(new ProcessBuilder(
                            java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Racer.class.getName(),
                            log.toString(),
                            "process" + i,
                            folder.resolve("wins" + i).toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log" + i).toFile())
                    .start());
        }
        List<String> wins = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            assertThat(processes.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(processes.get(i).exitValue())
                    .as(Files.readString(folder.resolve("log" + i)))
                    .isZero();
            wins.addAll(Files.readAllLines(folder.resolve("wins" + i)));
        }

        assertWins(wins);
    }
}
