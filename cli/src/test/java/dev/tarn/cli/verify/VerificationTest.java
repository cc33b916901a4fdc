package dev.tarn.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.Planner;
import dev.tarn.core.plan.PortablePart;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.run.RunListener;
import dev.tarn.core.run.RunSettings;
import dev.tarn.core.source.Problems;
import dev.tarn.engine.duckdb.DuckDbEngineFactory;
import dev.tarn.lake.TableDiff.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two projects on one engine stand for one project on two engines that do not understand its SQL alike. */
class VerificationTest {
    private static final String PROJECT = """
            project: test
            dialect: common
            connections:
              in: {type: local, base_path: .}
              lake: {type: local, base_path: lake}
            pipelines:
              - pipeline: p
                nodes:
                  - name: raw
                    read: {connection: in, format: csv, path: raw.csv, options: {header: true}}
                    write: {connection: lake, format: delta, table: raw, mode: append}
                  - name: clean
                    read: {connection: lake, format: delta, table: raw}
                    transform:
                      steps:
                        - select id, PLANTED as v from df
                    validation:
                      tests:
                        - {type: unique, columns: [id]}
                        - {type: range, column: v, min: 0, on_fail: quarantine}
                      quarantine: {connection: lake, table: rejected}
                    write: {connection: lake, format: delta, table: clean}
                  - name: export
                    inputs: {clean: $p.clean}
                    transform:
                      steps: [select count(*) as n from clean]
                    write: {connection: lake, format: parquet, path: out/export.parquet}
            """;

    @TempDir
    Path folder;

    private final Engine engine = new DuckDbEngineFactory().create();

    private EngineSide side(String name, String planted) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), PROJECT.replace("PLANTED", planted));
        Problems problems = new Problems();
        Project project =
                new ProjectLoader(Map.of(), Clock.systemUTC()).load(file, java.util.Optional.empty(), problems);
        Plan plan = Planner.plan(project, engine, problems);
        assertThat(problems.all()).isEmpty();
        return new EngineSide(
                name,
                engine,
                plan,
                new SessionSettings("r1", Files.createDirectory(folder.resolve("work-" + name))),
                new RunSettings("r1", 2, Clock.systemUTC()),
                new RunListener() {},
                new Cancellation());
    }

    private List<TableVerdict> verify(String one, String other, OptionalInt sample) throws IOException {
        Files.writeString(folder.resolve("raw.csv"), "id,v\n1,10\n2,20\n3,30\n4,-5\n");
        return new Verification(
                        side("one", one),
                        side("other", other),
                        Map.of(),
                        sample,
                        10,
                        Files.createDirectory(folder.resolve("work")))
                .run();
    }

    @Test
    void nothingOfTheProjectIsTouched() throws Exception {
        List<TableVerdict> verdicts = verify("v", "v", OptionalInt.empty());

        assertThat(verdicts).allMatch(TableVerdict::isSame);
        assertThat(verdicts)
                .extracting(TableVerdict::target)
                .containsExactly("lake:raw", "lake:clean", "lake:rejected", "lake:out/export.parquet");
        assertThat(verdicts).extracting(verdict -> verdict.counts().before()).containsExactly(4L, 3L, 1L, 1L);
        assertThat(folder.resolve("lake")).doesNotExist();
    }

    @Test
    void theFirstDifferencesComeWithTheKeyOfTheUniqueTest() throws Exception {
        List<TableVerdict> verdicts = verify("v", "case when id = 2 then 21 else v end", OptionalInt.empty());

        TableVerdict clean = verdicts.get(1);
        assertThat(clean.key()).containsExactly("id");
        assertThat(clean.counts()).isEqualTo(new Counts(3, 3, 0, 0, 1));
        assertThat(clean.rows()).containsExactly(List.of("one", "2", "20"), List.of("other", "2", "21"));
        assertThat(verdicts).filteredOn(verdict -> !verdict.isSame()).containsExactly(clean);
    }

    @Test
    void rejectedRowsAndFilesAreComparedToo() throws Exception {
        List<TableVerdict> verdicts = verify("v", "v - 15", OptionalInt.empty());

        assertThat(verdicts).extracting(TableVerdict::isSame).containsExactly(true, false, false, false);
        assertThat(verdicts.get(2).counts()).isEqualTo(new Counts(1, 2, 2, 1, 0));
        assertThat(verdicts.get(3).rows()).containsExactly(List.of("only other", "2"), List.of("only one", "3"));
    }

    @Test
    void aNodeThatFailsOnOneOfThemIsSaidSo() throws Exception {
        List<TableVerdict> verdicts = verify("v", "cast('x' as int)", OptionalInt.empty());

        assertThat(verdicts).extracting(TableVerdict::isSame).containsExactly(true, false, false, false);
        assertThat(verdicts.get(1).trouble().orElseThrow())
                .startsWith("failed: ")
                .endsWith(" on other");
        assertThat(verdicts.get(3).trouble()).contains("did not run: needs p.clean, which failed on other");
    }

    @Test
    void aSampleIsTheSameForBoth() throws Exception {
        List<TableVerdict> verdicts = verify("v", "v", OptionalInt.of(2));

        assertThat(verdicts).allMatch(TableVerdict::isSame);
        assertThat(verdicts).extracting(verdict -> verdict.counts().before()).containsExactly(2L, 2L, 0L, 1L);
    }

    @Test
    void nodesThatOnlyOneEngineRunsAreNamedWithAllThatNeedsThem() throws Exception {
        Path file = Files.writeString(
                folder.resolve("tarn.yaml"),
                PROJECT.replace("  - name: clean", "  - name: clean\n        dialect: duckdb")
                        .replace("PLANTED", "v"));
        Project project =
                new ProjectLoader(Map.of(), Clock.systemUTC()).load(file, java.util.Optional.empty(), new Problems());

        PortablePart part = PortablePart.of(project, engine);

        assertThat(part.rest())
                .containsExactly(
                        Map.entry(new NodeId("p", "clean"), "is written in dialect 'duckdb'"),
                        Map.entry(new NodeId("p", "export"), "needs p.clean"));
        assertThat(Set.copyOf(part.project().pipelines().get(0).nodes().stream()
                        .flatMap(node -> Stream.of(node.id().node()))
                        .toList()))
                .containsExactly("raw");
    }
}
