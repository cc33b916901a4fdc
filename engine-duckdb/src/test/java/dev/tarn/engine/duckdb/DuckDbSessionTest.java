package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DuckDbSessionTest {

    private static final SourceSpan SPAN = new SourceFile("tarn.yaml", "project: x").start();

    @TempDir
    Path folder;

    private DuckDbSession session;

    @BeforeEach
    void open() throws Exception {
        Path work = Files.createDirectory(folder.resolve("work"));
        session = new DuckDbSession(Database.open(work), new SessionSettings("run-1", work));
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Location location(String name) {
        return new Location("lake", name, folder.resolve(name).toString(), SPAN);
    }

    private Dataset read(String table) {
        return session.read(
                new Read(Format.DELTA, location(table), List.of(), Optional.empty(), OptionalLong.empty(), SPAN));
    }

    private static SqlStep step(String sql) {
        return new SqlStep(MappedText.of(new SourceFile("step.sql", sql)));
    }

    private StagedWrite stage(Dataset data, String table, WriteMode mode) {
        return session.stage(
                data,
                new Write(Format.DELTA, location(table), mode, List.of(), false, false, List.of(), Set.of(), SPAN),
                new dev.tarn.core.project.NodeId("p", "n"),
                false);
    }

    private void write(String sql, String table, WriteMode mode) {
        stage(session.query(step(sql), Map.of()), table, mode).commit();
    }

    @Test
    void aWriteBackToATableNeverLosesWhatOthersWroteSinceItWasRead() {
        write("select 1 as id", "t", WriteMode.OVERWRITE);
        Dataset doubled = session.query(step("select id * 2 as id from df"), Map.of("df", read("t")));
        StagedWrite staged = stage(doubled, "t", WriteMode.OVERWRITE);

        write("select 7 as id", "t", WriteMode.APPEND);

        Failure failure =
                catchThrowableOfType(FailureException.class, staged::commit).failure();
        assertThat(failure.code()).isEqualTo(ProblemCode.CONFLICT);
        assertThat(failure.passing()).isTrue();
        assertThat(session.count(read("t"))).isEqualTo(2);
    }

    @Test
    void anOverwriteOfRowsFromElsewhereReplacesWhateverIsThere() {
        write("select 1 as id", "t", WriteMode.OVERWRITE);
        StagedWrite staged = stage(session.query(step("select 2 as id"), Map.of()), "t", WriteMode.OVERWRITE);
        write("select 7 as id", "t", WriteMode.APPEND);

        staged.commit();

        assertThat(session.count(read("t"))).isEqualTo(1);
    }

    @Test
    void anOldVersionMayBeWrittenBack() {
        write("select 1 as id", "t", WriteMode.OVERWRITE);
        write("select 2 as id from range(5)", "t", WriteMode.OVERWRITE);
        Dataset old = session.read(
                new Read(Format.DELTA, location("t"), List.of(), Optional.empty(), OptionalLong.of(0), SPAN));

        stage(old, "t", WriteMode.OVERWRITE).commit();

        assertThat(session.count(read("t"))).isEqualTo(1);
    }

    @Test
    void cancelEndsAQueryThatIsAtWorkAndRefusesMore() throws Exception {
        Dataset endless = session.query(
                step("select count(*) as n from range(100000000) a(i), range(100000) b(i) where (a.i + b.i) % 7 = 8"),
                Map.of());
        CompletableFuture<Failure> ended = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                        FailureException.class, () -> stage(endless, "t", WriteMode.OVERWRITE))
                .failure());
        // At work: it is not over within a time in which it would be if it could be.
        assertThatThrownBy(() -> ended.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

        session.cancel();

        assertThat(ended.get(10, TimeUnit.SECONDS).code()).isEqualTo(ProblemCode.INTERRUPTED);
        assertThatThrownBy(() -> session.count(endless)).isInstanceOf(FailureException.class);
    }

    @Test
    void runTimeErrorsInsideADeltaWritePointIntoTheUsersText() {
        SqlStep bad = step("select\n  'ä' as a,\n  cast(x as integer) as n\nfrom df");
        Dataset data = session.query(bad, Map.of("df", session.query(step("select 'y' as x"), Map.of())));

        Failure failure = catchThrowableOfType(FailureException.class, () -> stage(data, "t", WriteMode.OVERWRITE))
                .failure();

        assertThat(failure.span()).map(SourceSpan::toString).hasValue("step.sql:3:3");
    }

    /** See docs/decisions/004: with background writers one of these never came back. */
    @Test
    void failingWritesComeBack() {
        Dataset bad = session.query(
                step(
                        "select case when i < 400000 then i else error('stop') end::integer as id from range(500000) t(i)"),
                Map.of());
        for (int i = 0; i < 40; i++) {
            assertThatThrownBy(() -> stage(bad, "t", WriteMode.OVERWRITE)).hasMessageContaining("stop");
        }
    }
}
