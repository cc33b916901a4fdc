package dev.tarn.engine.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.SourceFile;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others do to a table meanwhile, and what earlier runs did. */
class RivalsTest {

    private static final NodeId NODE = new NodeId("p", "n");

    @TempDir
    Path folder;

    @Test
    void anOverwriteLosesNoRowsThatItHasNotRead() {
        try (Session session = session("run-1")) {
            write(session, rows(session, "x"), WriteMode.OVERWRITE);
            Dataset read = session.read(read("table"));
            StagedWrite overtaken = session.stage(read, target(WriteMode.OVERWRITE), NODE, false);
            write(session, rows(session, "y"), WriteMode.APPEND);

            assertThatThrownBy(overtaken::commit).isInstanceOfSatisfying(FailureException.class, e -> {
                assertThat(e.failure().code()).isEqualTo(ProblemCode.CONFLICT);
                assertThat(e.failure().passing()).isTrue();
            });
            assertThat(session.count(session.read(read("table")))).isEqualTo(2);
        }
    }

    @Test
    void anAppendWithoutRowsIsNoFailure() {
        try (Session session = session("run-1")) {
            write(session, rows(session, "x"), WriteMode.APPEND);
            StagedWrite none = session.stage(
                    session.query(step("select v from df where v = 'y'"), Map.of("df", session.read(read("table")))),
                    target(WriteMode.APPEND),
                    NODE,
                    true);

            none.commit();

            assertThat(none.rows()).isZero();
            assertThat(session.count(none.written())).isZero();
            assertThat(session.count(session.read(read("table")))).isEqualTo(1);
        }
    }

    @Test
    void findsWhatAnEarlierRunHasCommitted() {
        Instant start = Instant.now().minusSeconds(1);
        try (Session session = session("run-1")) {
            write(session, rows(session, "x"), WriteMode.APPEND);
            write(session, rows(session, "y"), WriteMode.APPEND);
        }
        try (Session session = session("run-2")) {
            Write target = target(WriteMode.APPEND);

            assertThat(session.committed(target, NODE, Set.of("run-1"), start)
                            .orElseThrow()
                            .version())
                    .hasValue(1);
            assertThat(session.committed(target, NODE, Set.of("run-3"), start)).isEmpty();
            assertThat(session.holds(target, OptionalLong.of(1))).isTrue();
            assertThat(session.holds(target, OptionalLong.of(2))).isFalse();
            Dataset second = session.earlier(target, OptionalLong.of(1));
            assertThat(session.look(session.cache(second), 5).rows()).containsExactly(List.of(Optional.of("y")));
        }
    }

    @Test
    void aMasterThatDoesNotAnswerIsSaidAtOnce() throws IOException {
        int port;
        try (ServerSocket closedAtOnce = new ServerSocket(0)) {
            port = closedAtOnce.getLocalPort();
        }
        String master = "spark://127.0.0.1:" + port;
        try (Engine engine = new SparkEngineFactory().create()) {
            SessionSettings settings = new SessionSettings(
                    "r", folder, dev.tarn.core.connection.Connections.NONE, Map.of("spark.master", master));

            assertThatThrownBy(() -> engine.open(settings))
                    .isInstanceOf(FailureException.class)
                    .hasMessageStartingWith("no Spark master answers at '" + master + "': ");
        }
    }

    private Session session(String run) {
        return TestEngine.SPARK.open().open(new SessionSettings(run, folder.resolve(run)));
    }

    private Dataset rows(Session session, String value) {
        return session.query(step("select '" + value + "' as v"), Map.of());
    }

    private static SqlStep step(String sql) {
        return new SqlStep(MappedText.of(new SourceFile("step.sql", sql)));
    }

    private void write(Session session, Dataset rows, WriteMode mode) {
        session.stage(rows, target(mode), NODE, false).commit();
    }

    private Location location(String name) {
        return new Location("data", name, folder.resolve(name).toString(), new SourceFile("test", "x").start());
    }

    private Read read(String name) {
        return new Read(
                Format.DELTA,
                location(name),
                List.of(),
                Optional.empty(),
                OptionalLong.empty(),
                new SourceFile("test", "x").start());
    }

    private Write target(WriteMode mode) {
        return new Write(
                Format.DELTA,
                location("table"),
                mode,
                List.of(),
                false,
                false,
                List.of(),
                Set.of(),
                new SourceFile("test", "x").start());
    }
}
