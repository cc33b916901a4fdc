package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.it.TarnProcess.Outcome;
import dev.tarn.lake.DeltaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} between a commit that appends and its record, and {@code run --resume} after it. */
class KillAfterCommitIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MOST_ROUNDS = 30;
    private static final int HITS = 3;
    private static final long ROWS = 5;

    @TempDir
    Path scratch;

    private Path project() {
        return scratch.resolve("project");
    }

    private TarnProcess start(String... more) throws IOException {
        String[] args = new String[more.length + 2];
        args[0] = "run";
        args[1] = project().toString();
        System.arraycopy(more, 0, args, 2, more.length);
        return TarnProcess.start(scratch, Map.of(), args);
    }

    @Test
    void rowsAreAppendedOnceInEachPieceOfWork() throws Exception {
        Path project = Files.createDirectory(project());
        // The look at a thousand rows for the story lies between the commit and the record.
        Files.writeString(project.resolve("tarn.yaml"), """
                project: killed
                connections: {lake: {type: local, base_path: lake}}
                story: {max_sample_rows: 1000}
                pipelines:
                  - pipeline: p
                    nodes:
                      - name: appended
                        transform: {steps: ["select i, repeat('x', 100) as text from range(%d) r(i)"]}
                        validation:
                          tests: [{type: range, column: i, min: 1, on_fail: quarantine}]
                          quarantine: {connection: lake, table: rejected}
                        write: {connection: lake, format: delta, table: appended, mode: append}
                """.formatted(ROWS + 1));
        DeltaTable appended = DeltaTable.forPath(project.resolve("lake/appended"));
        DeltaTable rejected = DeltaTable.forPath(project.resolve("lake/rejected"));
        int recovered = 0;
        int rounds = 0;
        while (recovered < HITS && rounds < MOST_ROUNDS) {
            // Every second time as soon as the rejected rows are there, which are committed first.
            DeltaTable watched = rounds % 2 == 0 ? appended : rejected;
            rounds++;
            try (TarnProcess tarn = start()) {
                awaitVersion(watched, rounds - 1, tarn);
                tarn.killAfter(Duration.ZERO);
            }
            try (TarnProcess tarn = start("--resume")) {
                Outcome outcome = tarn.await(LIMIT);
                assertThat(outcome.exitCode()).as(outcome.err()).isZero();
                recovered += outcome.err().contains("was done in run") ? 1 : 0;
            }
            assertThat(appended.snapshot().orElseThrow().numRecords()).hasValue(rounds * ROWS);
            assertThat(rejected.snapshot().orElseThrow().numRecords()).hasValue(rounds);
        }
        assertThat(recovered)
                .as("kills between commit and record in %d rounds", rounds)
                .isEqualTo(HITS);
    }

    private static void awaitVersion(DeltaTable table, long version, TarnProcess tarn) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Path commit = table.commitFile(version);
        while (!Files.exists(commit) && tarn.isAlive()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("version " + version + " does not come: " + tarn.err());
            }
            Thread.onSpinWait();
        }
    }
}
