package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Random schemas with odd names and rows of edge values, there and back through every peer. */
@ExtendWith(Peers.Resolver.class)
class FuzzIT {
    private static final int SCHEMAS = 6;

    @TempDir
    Path folder;

    @Test
    void randomTablesAreReadAlikeByAll(Peers peers) throws Exception {
        long seed = Long.getLong("tarn.fuzz.seed", System.nanoTime());
        System.out.println("tarn.fuzz.seed=" + seed);
        for (int i = 0; i < SCHEMAS; i++) {
            roundTrip(peers, folder.resolve("fuzz" + i), seed + i);
        }
    }

    /** Our table read by all, and the tables of the others read by us. */
    static void roundTrip(Peers peers, Path folder, long seed) throws Exception {
        String query = RandomRows.query(seed);
        Source source = peers.source(query);
        Path ours = folder.resolve("ours");
        peers.tarn.append(ours, source);
        Rows expected = peers.tarn.read(ours);
        for (Reader reader : peers.readers()) {
            assertThat(expected.difference(reader.read(ours)))
                    .as("seed %s, read by %s: %s", seed, reader.name(), query)
                    .isEmpty();
        }
        for (Peer writer : List.of(peers.spark, peers.deltaRs)) {
            Path theirs = folder.resolve(writer.name());
            try {
                writer.create(theirs, source, List.of(), Map.of());
            } catch (DeltaRsPeer.Refusal refusal) {
                // delta-rs 1.6 forgets the feature for some nested times, and then refuses what it was about to make.
                assertThat(refusal).hasMessageContaining("does not have the required 'timestampNtz' feature");
                continue;
            }
            writer.append(theirs, source);
            assertThat(expected.difference(peers.tarn.read(theirs)))
                    .as("seed %s, written by %s: %s", seed, writer.name(), query)
                    .isEmpty();
        }
    }

    @Test
    void namesThatDifferOnlyInCaseAreRefused(Peers peers) {
        for (String query : List.of("SELECT 1 AS a, 2 AS \"A\"", "SELECT {'x': 1, 'X': 2} AS s")) {
            assertThatThrownBy(
                            () -> peers.tarn.append(folder.resolve("clash"), new Source(query, folder.resolve("none"))))
                    .as(query)
                    .isInstanceOfAny(LakeException.class, java.sql.SQLException.class);
            assertThat(folder.resolve("clash/_delta_log")).doesNotExist();
        }
    }
}
