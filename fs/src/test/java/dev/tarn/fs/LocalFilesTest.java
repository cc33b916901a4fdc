package dev.tarn.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
    private static final int NAMES = 150;

    @TempDir
    Path directory;

    Path temp(String content) throws IOException {
        return Files.writeString(directory.resolve(".temp-" + UUID.randomUUID()), content);
    }

    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void publishesUnderAFreeName() throws Exception {
        LocalFiles.publishNew(temp("a"), directory.resolve("target"));

        assertThat(directory.resolve("target")).hasContent("a");
        assertThat(names()).containsExactly("target");
    }

    @Test
    void publishKeepsATakenName() throws Exception {
        LocalFiles.publishNew(temp("a"), directory.resolve("target"));

        assertThatThrownBy(() -> LocalFiles.publishNew(temp("b"), directory.resolve("target")))
                .isInstanceOf(FileAlreadyExistsException.class);

        assertThat(directory.resolve("target")).hasContent("a");
        assertThat(names()).containsExactly("target");
    }

    @Test
    void aLinkWhoseFirstAnswerWasLostIsAWin() throws Exception {
        Path temp = temp("a");
        Files.createLink(directory.resolve("target"), temp);

        LocalFiles.publishNew(temp, directory.resolve("target"));

        assertThat(directory.resolve("target")).hasContent("a");
        assertThat(names()).containsExactly("target");
    }

    @Test
    void replaceOverwrites() throws Exception {
        Files.writeString(directory.resolve("target"), "old");

        LocalFiles.replace(temp("new"), directory.resolve("target"));

        assertThat(directory.resolve("target")).hasContent("new");
        assertThat(names()).containsExactly("target");
    }

    @Test
    void createsMissingParents() throws Exception {
        LocalFiles.createDirectories(directory.resolve("a/b/c"));
        LocalFiles.createDirectories(directory.resolve("a/b/c"));

        assertThat(directory.resolve("a/b/c")).isDirectory();
    }

    @Test
    void deletesTreesWithoutFollowingLinks() throws Exception {
        Path kept = Files.createDirectories(directory.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Path tree = Files.createDirectories(directory.resolve("tree/inner"));
        Files.createSymbolicLink(tree.resolve("link"), kept);

        LocalFiles.deleteTree(directory.resolve("tree"));
        LocalFiles.deleteTree(directory.resolve("tree"));

        assertThat(names()).containsExactly("kept");
        assertThat(kept.resolve("file")).exists();
    }

    @Test
    void claimStandsInForLinksWhereTheyAreUnsupported() throws Exception {
        Path target = directory.resolve("target");
        IOException unsupported = new FileSystemException("no links");

        LocalFiles.moveUnderClaim(temp("a"), target, unsupported);

        assertThat(target).hasContent("a");
        Path second = temp("b");
        assertThatThrownBy(() -> LocalFiles.moveUnderClaim(second, target, unsupported))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(target).hasContent("a");
        assertThat(directory.resolve(".target.tarn-claim")).doesNotExist();
    }

    @Test
    void claimOfADeadProcessBlocksTheName() throws Exception {
        Path claim = Files.createFile(directory.resolve(".target.tarn-claim"));
        Path temp = temp("a");

        assertThatThrownBy(() -> LocalFiles.moveUnderClaim(
                        temp, directory.resolve("target"), new FileSystemException("no links")))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("if none runs, delete '" + claim + "'");
        assertThat(directory.resolve("target")).doesNotExist();
    }

    @Test
    void claimsOfRacingThreadsHaveOneWinner() throws Exception {
        assertOneWinnerForEachName((temp, target) -> {
            try {
                LocalFiles.moveUnderClaim(temp, target, new FileSystemException("no links"));
            } catch (FileSystemException lost) {
                Files.delete(temp);
                throw new FileAlreadyExistsException(target.toString());
            }
        });
    }

    @Test
    void racingThreadsHaveOneWinner() throws Exception {
        assertOneWinnerForEachName(LocalFiles::publishNew);
    }

    private interface Publisher {
        void publish(Path temp, Path target) throws IOException;
    }

    private void assertOneWinnerForEachName(Publisher publisher) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Callable<List<String>>> racers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String id = "racer" + i;
            racers.add(() -> race(directory, id, publisher));
        }
        List<String> wins = new ArrayList<>();
        for (Future<List<String>> racer : threads.invokeAll(racers)) {
            wins.addAll(racer.get());
        }
        threads.shutdown();
        assertWins(wins);
    }

    private void assertWins(List<String> wins) throws IOException {
        assertThat(wins).hasSize(NAMES);
        for (String win : wins) {
            int split = win.indexOf('=');
            assertThat(directory.resolve(win.substring(0, split))).hasContent(win.substring(split + 1));
        }
        assertThat(names()).filteredOn(name -> name.startsWith(".")).isEmpty();
    }

    /** Publishes every name, and tells which it won, as {@code name=content}. */
    private static List<String> race(Path directory, String id, Publisher publisher) throws IOException {
        List<String> wins = new ArrayList<>();
        for (int i = 0; i < NAMES; i++) {
            Path temp = Files.writeString(directory.resolve("." + id), id + "-" + i);
            try {
                publisher.publish(temp, directory.resolve("v" + i));
                wins.add("v" + i + "=" + id + "-" + i);
            } catch (FileAlreadyExistsException lost) {
                assertThat(temp).doesNotExist();
            }
        }
        return wins;
    }

    /** A process that races for names, started by {@link #racingProcessesHaveOneWinner}. */
    static final class Racer {
        public static void main(String[] arguments) throws IOException {
            List<String> wins = race(Path.of(arguments[0]), arguments[1], LocalFiles::publishNew);
            Files.write(Path.of(arguments[2]), wins);
        }
    }

    @Test
    void racingProcessesHaveOneWinner(@TempDir Path results) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Racer.class.getName(),
                            directory.toString(),
                            "process" + i,
                            results.resolve("wins" + i).toString())
                    .redirectErrorStream(true)
                    .redirectOutput(new File(results.toFile(), "log" + i))
                    .start());
        }
        List<String> wins = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            assertThat(processes.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(results.resolve("log" + i))).isEmpty();
            wins.addAll(Files.readAllLines(results.resolve("wins" + i)));
        }

        assertWins(wins);
    }
}
