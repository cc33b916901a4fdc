package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstFolderTest {
    private static final String BROKEN =
            "SELECT CASE WHEN i = 5000 THEN error('no') ELSE i END AS i FROM range(9000) r(i)";

    @TempDir
    Path temp;

    private TestTable table;

    @BeforeEach
    void open() throws SQLException {
        table = new TestTable(temp.resolve("t"));
    }

    @AfterEach
    void close() throws SQLException {
        table.close();
    }

    @Test
    void goesWithAWriteThatFails() {
        assertThatThrownBy(() -> table.write(BROKEN)).isInstanceOf(SQLException.class);

        assertThat(table.path()).doesNotExist();
    }

    @Test
    void goesWithAWriteThatIsDiscarded() throws Exception {
        table.stage("SELECT 1 AS i", TestTable.APPEND).discard();

        assertThat(table.path()).doesNotExist();
    }

    @Test
    void staysWhenItWasThereBefore() throws Exception {
        Files.createDirectory(table.path());

        assertThatThrownBy(() -> table.write(BROKEN)).isInstanceOf(SQLException.class);

        assertThat(table.path()).isEmptyDirectory();
    }

    @Test
    void staysForAnotherFirstWriteAndIsLeftWithItsRowsAlone() throws Exception {
        StagedWrite failing = table.stage("SELECT 1 AS i", TestTable.APPEND);
        StagedWrite lasting = table.stage("SELECT 2 AS i WHERE false", TestTable.APPEND);

        failing.discard();
        assertThat(table.path()).isDirectory();
        lasting.commit();

        assertThat(table.rows()).isEmpty();
        try (Stream<Path> left = Files.list(table.path())) {
            assertThat(left.map(file -> file.getFileName().toString())).containsExactly("_delta_log");
        }
    }

    @Test
    void isNeverTakenFromUnderAnotherWrite() throws Exception {
        for (int round = 0; round < 20; round++) {
            race(temp.resolve("race" + round));
        }
    }

    private static void race(Path path) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> writes = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(number -> threads.submit(() -> {
                        try (Duck duck = new Duck()) {
                            StagedWrite staged = DeltaTable.forPath(path)
                                    .stage(duck.connection(), "SELECT " + number + " AS i", TestTable.APPEND);
                            if (number == 3) {
                                staged.commit();
                            } else {
                                staged.discard();
                            }
                        }
                        return number;
                    }))
                    .toList();
            for (Future<?> write : writes) {
                write.get();
            }
        } finally {
            threads.shutdownNow();
        }
        try (TestTable table = new TestTable(path)) {
            assertThat(table.rows()).containsExactly("3");
        }
    }
}
