package dev.tarn.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySwapTest {
    @TempDir
    Path directory;

    Path target;

    @BeforeEach
    void name() {
        target = directory.resolve("target");
    }

    Path make(String name, String content) throws IOException {
        Path made = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(made.resolve("inner"));
        Files.writeString(made.resolve("inner/file"), content);
        return made;
    }

    void assertOnly(String content) throws IOException {
        assertThat(target.resolve("inner/file")).hasContent(content);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> !file.endsWith(".target.tarn-lock")))
                    .containsExactly(target);
        }
    }

    @Test
    void putsADirectoryInAFreePlace() throws Exception {
        DirectorySwap.replaceDirectory(make(".work", "new"), target);

        assertOnly("new");
    }

    @Test
    void replacesADirectory() throws Exception {
        make("target", "old");

        DirectorySwap.replaceDirectory(make(".work", "new"), target);

        assertOnly("new");
    }

    @Test
    void newDirectoryMustBeThere() {
        assertThatThrownBy(() -> DirectorySwap.replaceDirectory(directory.resolve("none"), target))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recoveryOfNothingDoesNothing() throws Exception {
        DirectorySwap.recoverDirectory(target);
        DirectorySwap.recoverDirectory(directory.resolve("no/parent"));

        assertThat(target).doesNotExist();
    }

    @Test
    void cutBeforeTheFirstRenameKeepsTheOld() throws Exception {
        make("target", "old");
        make(".target.tarn-new-1", "new");

        DirectorySwap.recoverDirectory(target);

        assertOnly("old");
    }

    @Test
    void cutBetweenTheRenamesFinishesTheSwap() throws Exception {
        make(".target.tarn-old-1", "old");
        make(".target.tarn-new-1", "new");

        DirectorySwap.recoverDirectory(target);

        assertOnly("new");
    }

    @Test
    void cutAfterTheSecondRenameDeletesTheOld() throws Exception {
        make("target", "new");
        make(".target.tarn-old-1", "old");

        DirectorySwap.recoverDirectory(target);

        assertOnly("new");
    }

    @Test
    void cutWhileTheOldIsDeletedKeepsTheNew() throws Exception {
        make("target", "new");
        Files.delete(make(".target.tarn-old-1", "old").resolve("inner/file"));

        DirectorySwap.recoverDirectory(target);

        assertOnly("new");
    }

    @Test
    void onlyTheOldIsPutBack() throws Exception {
        make(".target.tarn-old-1", "old");

        DirectorySwap.recoverDirectory(target);

        assertOnly("old");
    }

    @Test
    void cutOfAFirstWriteFinishesIt() throws Exception {
        make(".target.tarn-new-1", "new");

        DirectorySwap.recoverDirectory(target);

        assertOnly("new");
    }

    @Test
    void newestOfSeveralLeftoversWins() throws Exception {
        Files.setLastModifiedTime(make(".target.tarn-old-1", "older"), FileTime.fromMillis(1000));
        Files.setLastModifiedTime(make(".target.tarn-old-2", "newer"), FileTime.fromMillis(2000));

        DirectorySwap.recoverDirectory(target);

        assertOnly("newer");
    }

    @Test
    void replaceRecoversFirst() throws Exception {
        make(".target.tarn-old-1", "old");
        make(".target.tarn-new-1", "new");

        DirectorySwap.replaceDirectory(make(".work", "newest"), target);

        assertOnly("newest");
    }

    @Test
    void leftoversOfOtherTargetsStay() throws Exception {
        make("target", "old");
        Path other = make(".target2.tarn-old-1", "other");

        DirectorySwap.recoverDirectory(target);

        assertThat(other).exists();
    }

    @Test
    void aRecoveryWaitsForASwapThatIsUnderWay() throws Exception {
        make("target", "0");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> recovering = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                try {
                    DirectorySwap.recoverDirectory(target);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });

        try {
            for (int i = 1; i <= 100; i++) {
                DirectorySwap.replaceDirectory(make(".work", "" + i), target);
                assertThat(target.resolve("inner/file")).hasContent("" + i);
            }
        } finally {
            done.set(true);
        }
        recovering.get(30, TimeUnit.SECONDS);
        assertOnly("100");
    }
}
