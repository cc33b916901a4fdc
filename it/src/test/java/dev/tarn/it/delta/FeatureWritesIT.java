package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables with a feature on, made and written by each writer and by each on another's; writes its part of
 * {@code docs/delta-interop.md}.
 */
@ExtendWith(Peers.Resolver.class)
class FeatureWritesIT {
    /** A table, and a plain one of ours for which the same was done; none for a feature that makes up values. */
    private record Pair(Path table, Optional<Path> model) {}

    /** Which steps of a writer were not refused, and what was said of the others. */
    private record Done(Peer writer, List<String> done, Map<String, String> refused) {}

    @TempDir
    Path folder;

    private final Peers peers;
    private final FeatureSteps steps;
    private final InteropPage page = new InteropPage();
    private int tables;

    FeatureWritesIT(Peers peers) {
        this.peers = peers;
        this.steps = new FeatureSteps(peers);
    }

    @Test
    void tablesWithFeaturesOfFilesAndTheLog() throws Exception {
        prove(Feature.ofFiles(), InteropPage.Part.FILES);
    }

    @Test
    void tablesWithFeaturesOfColumns() throws Exception {
        prove(Feature.ofColumns(), InteropPage.Part.COLUMNS);
    }

    private void prove(List<Feature> features, InteropPage.Part part) throws Exception {
        for (Feature feature : features) {
            prove(feature);
        }
        page.check(part, Path.of(System.getProperty("tarn.home"), "docs/delta-interop.md"));
    }

    private void prove(Feature feature) throws Exception {
        Peer founder = feature.create().isPresent() ? peers.spark : peers.tarn;
        Pair ours = found(feature, founder);
        long founded = peers.tarn.newestVersion(ours.table);
        Done done = doSteps(feature, peers.tarn, ours, steps.first());
        for (Reader reader : List.of(peers.spark, peers.spark35, peers.deltaRs, peers.kernel)) {
            cell(feature, "Tarn writes, " + reader.name() + " reads", done, ours, List.of(reader));
        }
        for (Peer peer : List.of(peers.spark, peers.spark35, peers.deltaRs)) {
            Pair copy = copy(ours);
            Done after = doSteps(feature, peer, copy, List.of(steps.append(200), FeatureSteps.delete("id % 5 = 3")));
            Optional<Pair> own = foundOrRefused(feature, peer);
            if (own.isPresent()) {
                Done first = doSteps(
                        feature,
                        peer,
                        own.get(),
                        List.of(feature.more().isPresent() ? steps.merge(12) : FeatureSteps.delete("id % 5 = 3")));
                cell(feature, peer.name() + " writes, Tarn reads", first, own.get(), List.of(peers.tarn));
            }
            cell(feature, peer.name() + " after Tarn", after, copy, List.of(peers.tarn, peer));
            Pair last = own.orElse(copy);
            if (own.isPresent() || !after.done.isEmpty()) {
                Done again = doSteps(feature, peers.tarn, last, steps.again());
                cell(feature, "Tarn after " + peer.name(), again, last, List.of(peers.tarn, peer));
                if (!again.done.isEmpty()) {
                    checked(feature, peer, last.table);
                }
            } else {
                cell(feature, "Tarn after " + peer.name(), after, last, List.of());
            }
            if (peer == peers.spark && feature.properties().containsKey("delta.enableChangeDataFeed")) {
                sameFeed(feature, copy.table, founded + 1);
            }
        }
    }

    /** Makes a table, which then has the rows that it should have, whoever looks. */
    private Pair found(Feature feature, Peer founder) throws Exception {
        Path table = folder.resolve("t" + tables++);
        Source rows = peers.source("SELECT " + feature.rows() + " FROM (" + Operation.BASE + ")");
        if (feature.create().isPresent()) {
            founder.alter(table, Alteration.ofSpark(feature.create().get()));
        } else {
            founder.create(table, rows, feature.partitionBy(), feature.properties());
        }
        for (Alteration alteration : feature.before()) {
            founder.alter(table, alteration);
        }
        founder.append(table, rows);
        for (Alteration alteration : feature.after()) {
            founder.alter(table, alteration);
        }
        Optional<Path> model = Optional.empty();
        if (feature.more().isPresent()) {
            Source copy = steps.rows("*", feature.more().get());
            Path plain = folder.resolve("t" + tables++);
            peers.tarn.create(plain, copy, feature.partitionBy(), Map.of());
            peers.tarn.append(plain, copy);
            model = Optional.of(plain);
        }
        Pair pair = new Pair(table, model);
        assertThat(expected(pair).difference(peers.tarn.read(table)))
                .as("%s: table of %s", feature.name(), founder.name())
                .isEmpty();
        return pair;
    }

    private Optional<Pair> foundOrRefused(Feature feature, Peer peer) throws Exception {
        String column = peer.name() + " writes, Tarn reads";
        try {
            return Optional.of(found(feature, peer));
        } catch (UnsupportedOperationException notOffered) {
            page.absent(feature.name(), column);
        } catch (Exception refusal) {
            mayRefuse(feature, column, peer, refusal);
            page.refused(feature.name(), column, peer.name(), message(refusal));
        }
        return Optional.empty();
    }

    /** Spark is the reference: what it refuses here is wrong. We read all but the variants that delta-rs writes. */
    private void mayRefuse(Feature feature, String what, Reader who, Exception refusal) {
        boolean weRead = who == peers.tarn && !what.startsWith("delta-rs after");
        if (who == peers.spark || weRead) {
            throw new AssertionError(feature.name() + ": " + what, refusal);
        }
    }

    private String message(Exception refusal) {
        return InteropPage.message(refusal, folder).replaceAll("TABLE/t\\d+", "TABLE");
    }

    private Pair copy(Pair pair) throws IOException {
        Path table = Folders.copy(pair.table, folder.resolve("t" + tables++));
        return new Pair(
                table,
                pair.model.isPresent()
                        ? Optional.of(Folders.copy(pair.model.get(), folder.resolve("t" + tables++)))
                        : Optional.empty());
    }

    /** Does the steps to both tables; one that is refused is done to neither. */
    private Done doSteps(Feature feature, Peer writer, Pair pair, List<FeatureStep> all) throws Exception {
        Done done = new Done(writer, new ArrayList<>(), new LinkedHashMap<>());
        for (FeatureStep step : all) {
            Map<String, Long> before = writer == peers.tarn ? files(pair.table) : Map.of();
            try {
                step.work().run(writer, pair.table, feature.more().orElse(""));
            } catch (UnsupportedOperationException notOffered) {
                continue;
            } catch (Exception refusal) {
                if (writer != peers.tarn) {
                    mayRefuse(feature, step.name(), writer, refusal);
                } else {
                    assertThat(refusal).as(feature.name() + ": " + step.name()).isInstanceOf(LakeException.class);
                    assertThat(files(pair.table))
                            .as(step.name() + " was refused")
                            .isEqualTo(before);
                }
                done.refused.put(step.name(), message(refusal));
                continue;
            }
            done.done.add(step.name());
            if (pair.model.isPresent()) {
                step.work().run(peers.tarn, pair.model.get(), feature.more().orElse(""));
                assertThat(expected(pair).difference(peers.tarn.read(pair.table)))
                        .as("%s: after %s by %s", feature.name(), step.name(), writer.name())
                        .isEmpty();
            }
        }
        if (feature.violation().isPresent() && !done.done.isEmpty()) {
            Upkeep.refuses(writer, pair.table, steps.rows(feature.violation().get(), ""));
        }
        return done;
    }

    private static Map<String, Long> files(Path table) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(table)) {
            for (Path path : walk.filter(Files::isRegularFile).toList()) {
                sizes.put(path.toString(), Files.size(path));
            }
        }
        return sizes;
    }

    private Rows expected(Pair pair) throws Exception {
        return pair.model.isPresent() ? peers.tarn.read(pair.model.get()) : peers.spark.read(pair.table);
    }

    private void cell(Feature feature, String column, Done done, Pair pair, List<Reader> readers) throws Exception {
        if (done.done.isEmpty()) {
            page.refused(
                    feature.name(),
                    column,
                    done.writer.name(),
                    done.refused.values().iterator().next());
            return;
        }
        for (Reader reader : readers) {
            Rows read;
            try {
                read = reader.read(pair.table);
            } catch (Exception refusal) {
                mayRefuse(feature, column, reader, refusal);
                page.refused(feature.name(), column, reader.name(), message(refusal));
                return;
            }
            if (reader == peers.deltaRs && feature.name().startsWith("variant")) {
                assertThat(read.rows()).anyMatch(row -> row.contains("(metadata=0x"));
                page.refused(feature.name(), column, reader.name(), "(reads the two binary parts of a variant)");
                return;
            }
            assertThat(expected(pair).difference(read))
                    .as("%s: %s, read by %s", feature.name(), column, reader.name())
                    .isEmpty();
        }
        page.proved(feature.name(), column, done.writer.name(), done.refused);
    }

    private void checked(Feature feature, Peer peer, Path table) {
        assertThat(DeltaTable.forPath(table).check().execute().findings())
                .as("%s: a check of what %s and Tarn wrote", feature.name(), peer.name())
                .isEmpty();
    }

    private void sameFeed(Feature feature, Path table, long first) throws Exception {
        long last = peers.tarn.newestVersion(table);
        assertThat(peers.spark.changes(table, first, last).difference(peers.tarn.changes(table, first, last)))
                .as(feature.name())
                .isEmpty();
    }
}
