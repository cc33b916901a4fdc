package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.it.delta.Merge.Kind;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Merges match the same rows as Spark's, and refuse the same. */
@ExtendWith(Peers.Resolver.class)
class SameMergesIT {
    private final Peers peers;
    private final EdgeTable edges;

    SameMergesIT(Peers peers, @TempDir Path folder) {
        this.peers = peers;
        this.edges = new EdgeTable(peers, folder);
    }

    /** By Spark's join all keys at once, which is much quicker than its merges. */
    @Test
    void mergesFindTheSameRowsByKeysOfEachType() throws Exception {
        String rows = DeltaTable.forPath(edges.path()).snapshot().orElseThrow().toSql();
        Source source =
                peers.source("SELECT (id + 100)::INTEGER AS id, * EXCLUDE (id) REPLACE (dc::DECIMAL(14, 4) AS dc,"
                        + " l::DECIMAL(20, 0) AS l) FROM (" + rows + ") WHERE id <> 7");
        List<String> keys = List.of(
                "target.d = source.d",
                "target.f = source.d",
                "target.dc = source.dc",
                "target.l = source.l",
                "target.t = source.t",
                "target.bin = source.bin AND target.p = source.p",
                "target.day = source.day",
                "target.day = source.ntz",
                "target.ts = source.ts",
                "target.ntz = source.ntz",
                "target.p <=> source.p AND target.b <=> source.b",
                "target.s = source.s",
                "target.othercase = upper(source.OTHERCASE) AND target.id > 5");
        Map<String, Set<String>> expected = pairsOfSpark(keys, source);
        for (String key : keys) {
            edges.compare(
                    key,
                    pairs(EdgeTable.duckSql(key), source),
                    Objects.requireNonNull(expected.get(key)).toString());
        }
        assertThat(edges.differences()).isEmpty();
    }

    private Map<String, Set<String>> pairsOfSpark(List<String> keys, Source source) {
        peers.session().read().parquet(source.parquet().toString()).createOrReplaceTempView("source");
        String all = keys.stream()
                .map(key -> "SELECT " + keys.indexOf(key) + ", target.id || ' ' || source.id FROM " + edges.spark()
                        + " AS target JOIN source ON " + key)
                .collect(Collectors.joining(" UNION ALL "));
        Map<String, Set<String>> pairs = new LinkedHashMap<>();
        keys.forEach(key -> pairs.put(key, new TreeSet<>()));
        for (Row row : peers.session().sql(all).collectAsList()) {
            Objects.requireNonNull(pairs.get(keys.get(row.getInt(0)))).add(row.getString(1));
        }
        return pairs;
    }

    /** The rows that our merge matches. */
    private String pairs(String on, Source source) throws Exception {
        Path table = edges.copy();
        try {
            peers.tarn.merge(
                    table, source, Merge.on(on).with(Kind.UPDATE, Map.of("big", "-source.id", "l", "target.id")));
        } catch (LakeException | SQLException refusal) {
            return EdgeTable.firstLine(refusal);
        }
        return peers.tarn.read(table).rows().stream()
                .filter(row -> row.contains("big=-1"))
                .map(row -> row.replaceAll("(?s).* l=(\\d+),.* big=-(\\d+)\\..*", "$1 $2"))
                .collect(Collectors.toCollection(TreeSet::new))
                .toString();
    }

    @Test
    void mergesRefuseTheSameSourceRows() throws Exception {
        Source source = peers.source(
                "SELECT * FROM (VALUES (1, 'x'), (1, 'y'), (2, 'x'), (2, NULL), (50, 'z'), (51, 'z')) v(id, v)");
        Merge on = Merge.on("target.id = source.id");
        Map<String, String> set = Map.of("t", "source.v");
        Map<String, String> values = Map.of("id", "source.id", "t", "source.v");
        Map<String, Merge> merges = new LinkedHashMap<>();
        merges.put("one condition", on.with(Kind.UPDATE, "source.v = 'x'", set));
        merges.put("with inserts", on.with(Kind.UPDATE, "source.v = 'x'", set).with(Kind.INSERT, values));
        merges.put(
                "no condition holds, inserts",
                on.with(Kind.UPDATE, "source.v = 'w'", set).with(Kind.INSERT, values));
        merges.put("about the target", on.with(Kind.DELETE, "target.id = 7"));
        merges.put("condition of delete", on.with(Kind.DELETE, "source.v = 'x'"));
        merges.put("delete and insert", on.with(Kind.DELETE).with(Kind.INSERT, values));
        merges.put("two deletes", on.with(Kind.DELETE, "source.v = 'x'").with(Kind.DELETE));
        merges.put("inserts only", on.with(Kind.INSERT, values));
        for (Map.Entry<String, Merge> merge : merges.entrySet()) {
            edges.compare(merge.getKey(), (peer, table) -> peer.merge(table, source, merge.getValue()));
        }
        assertThat(edges.differences()).isEmpty();
    }
}
