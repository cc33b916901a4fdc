package dev.tarn.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a stream goes on is what its tables say, also when they say different things. */
class ProgressTest {

    @TempDir
    private Path folder;

    private StreamSettings settings() {
        Properties p = new Properties();
        for (String key : List.of("host", "database", "user", "password", "work")) {
            p.setProperty(key, "x");
        }
        p.setProperty("name", "s");
        p.setProperty("port", "1");
        p.setProperty("target", folder.toString());
        return StreamSettings.of(p);
    }

    private Map<String, TargetTable> tables(String... names) throws StreamException {
        Map<String, TargetTable> tables = new LinkedHashMap<>();
        for (String name : names) {
            Column id = Column.of(name, "id", "integer", new Column.Origin("int4", 1, false));
            tables.put(
                    name,
                    new TargetTable(
                            new SourceTable(name, List.of(id), List.of("id"), 1, folder.resolve(name)), settings()));
        }
        return tables;
    }

    private static Map<String, Object> offset(long batch) {
        return Map.of("lsn", (int) batch);
    }

    /** Commits a batch to one of its tables. */
    private void commit(long batch, String table, List<String> tables, List<String> followed) throws Exception {
        Position position = new Position(
                "s",
                batch,
                tables,
                followed,
                batch == 1 ? Optional.empty() : Optional.of("tx" + batch),
                offset(batch),
                batch == 1 ? Optional.empty() : Optional.of(offset(batch - 1)));
        TargetTable target = Objects.requireNonNull(tables(table).get(table));
        String net = "SELECT false AS _delete, " + batch + "::INTEGER AS id";
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            if (batch == 1) {
                target.replace(duckdb, net, position);
            } else {
                target.apply(duckdb, net, position);
            }
        }
    }

    private void commitAll(long batch, String... tables) throws Exception {
        for (String table : tables) {
            commit(batch, table, Arrays.asList(tables), List.of("a", "b"));
        }
    }

    @Test
    void newTablesBeginWithASnapshot() throws Exception {
        assertThat(Progress.of(settings(), tables("a", "b")).isSnapshot()).isTrue();
    }

    @Test
    void aSnapshotThatOnlySomeTablesHaveIsMadeAgain() throws Exception {
        commit(1, "a", List.of("a", "b"), List.of("a", "b"));

        Progress progress = Progress.of(settings(), tables("a", "b"));

        assertThat(progress.isSnapshot()).isTrue();
        assertThat(progress.newest()).isEqualTo(1);
    }

    @Test
    void itGoesOnBehindTheLastBatch() throws Exception {
        commitAll(1, "a", "b");
        commitAll(2, "b");

        Progress progress = Progress.of(settings(), tables("a", "b"));

        assertThat(progress.isSnapshot()).isFalse();
        assertThat(progress.isReplaying()).isFalse();
        assertThat(progress.offset()).contains(offset(2));
        assertThat(progress.next(List.of("a"), List.of("a", "b"), Optional.empty(), offset(3))
                        .batch())
                .isEqualTo(3);
    }

    @Test
    void aBatchThatOnlySomeTablesHaveComesAgainForTheOthers() throws Exception {
        commitAll(1, "a", "b");
        commit(2, "a", List.of("a", "b"), List.of("a", "b"));

        Progress progress = Progress.of(settings(), tables("a", "b"));

        assertThat(progress.offset()).contains(offset(1));
        assertThat(progress.isReplaying()).isTrue();
        assertThat(progress.has("a")).isTrue();
        assertThat(progress.has("b")).isFalse();
        assertThat(progress.ends("tx2")).isTrue();
        assertThat(progress.ends("tx1")).isFalse();
    }

    @Test
    void aTableThatLeavesIsNotWaitedFor() throws Exception {
        commitAll(1, "a", "b");
        commitAll(2, "a", "b");

        assertThat(Progress.of(settings(), tables("a")).isReplaying()).isFalse();
    }

    @Test
    void aTableThatJoinsWouldLackItsRows() throws Exception {
        commitAll(1, "a", "b");

        assertThatThrownBy(() -> Progress.of(settings(), tables("a", "b", "c")))
                .isInstanceOf(StreamException.class)
                .hasMessage("stream 's' did not follow table 'c' until now");
    }

    @Test
    void aTableThatWasLeftOutForAWhileWouldLackChanges() throws Exception {
        commitAll(1, "a", "b");
        commit(2, "a", List.of("a"), List.of("a"));

        assertThatThrownBy(() -> Progress.of(settings(), tables("a", "b")))
                .isInstanceOf(StreamException.class)
                .hasMessage("stream 's' did not follow table 'b' until now");
    }

    @Test
    void aPositionIsReadAsItWasWritten() {
        Position position = new Position(
                "s", 5, List.of("a"), List.of("a", "b"), Optional.of("77"), offset(5), Optional.of(offset(4)));

        assertThat(Position.parse(position.json(), "s")).contains(position);
        assertThat(Position.parse(position.json(), "other")).isEmpty();
        assertThat(Position.parse("somebody else's text", "s")).isEmpty();
    }
}
