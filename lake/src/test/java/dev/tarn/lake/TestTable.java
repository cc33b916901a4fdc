package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** A table of a test, which need not exist yet, and a DuckDB to write and read it. */
final class TestTable implements AutoCloseable {
    static final WriteOptions APPEND = WriteOptions.of(WriteMode.APPEND);
    static final WriteOptions OVERWRITE = WriteOptions.of(WriteMode.OVERWRITE);

    private final Duck duck = new Duck();
    private final Path path;

    TestTable(Path path) throws SQLException {
        this.path = DeltaTable.forPath(path).path();
    }

    Duck duck() {
        return duck;
    }

    /** A new one each time, which knows nothing of the log. */
    DeltaTable delta() {
        return DeltaTable.forPath(path);
    }

    Path path() {
        return path;
    }

    /** Makes the directory of the log, if it is not there. */
    LogFixture log() throws IOException {
        return new LogFixture(path());
    }

    StagedWrite stage(String query, WriteOptions options) throws SQLException {
        return delta().stage(duck.connection(), query, options);
    }

    CommitResult write(String query) throws SQLException {
        return write(query, APPEND);
    }

    CommitResult write(String query, WriteOptions options) throws SQLException {
        try (StagedWrite staged = stage(query, options)) {
            return staged.commit();
        }
    }

    Snapshot newest() {
        return delta().snapshot().orElseThrow();
    }

    String sql() {
        return newest().toSql();
    }

    /** The rows of the newest version, sorted. */
    List<String> rows() throws SQLException {
        return rows(newest());
    }

    List<String> rows(Snapshot snapshot) throws SQLException {
        return duck.rows("FROM (" + snapshot.toSql() + ") ORDER BY ALL");
    }

    List<String> columns() throws SQLException {
        return duck.columns(sql());
    }

    List<Path> dataFiles() throws IOException {
        if (!Files.isDirectory(path())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path())) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Checks that a write fails with a message, in which DIR stands for the directory around the table. */
    void assertRefused(String query, WriteOptions options, Kind kind, String message, String help) throws IOException {
        List<Path> before = dataFiles();

        assertThatThrownBy(() -> write(query, options)).isInstanceOfSatisfying(LakeException.class, refusal -> {
            assertThat(refusal.getMessage().replace(path().resolveSibling("").toString(), "DIR"))
                    .isEqualTo(message);
            assertThat(refusal.help()).isEqualTo(help);
            assertThat(refusal.kind()).isEqualTo(kind);
        });

        assertThat(dataFiles()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Override
    public void close() throws SQLException {
        duck.close();
    }
}
