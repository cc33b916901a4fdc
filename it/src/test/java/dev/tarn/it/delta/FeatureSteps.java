package dev.tarn.it.delta;

import dev.tarn.it.delta.Merge.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What writers do to tables with a feature on. */
record FeatureSteps(Peers peers) {
    private static final Merge MERGE = Merge.on("target.id = source.id")
            .with(Kind.DELETE, "source.id % 4 = 1")
            .with(Kind.UPDATE_ALL)
            .with(Kind.INSERT_ALL);

    /** Values of identity columns cannot be updated. */
    private static final Merge NAMED = Merge.on("target.id = source.id")
            .with(Kind.DELETE, "source.id % 4 = 1")
            .with(Kind.UPDATE, Map.of("name", "'merged'"))
            .with(Kind.INSERT_ALL);

    /** The rows of the sample table by a SELECT list, with the columns of the model that nobody writes. */
    Source rows(String list, String more) throws SQLException {
        return from(Operation.BASE, list, more);
    }

    private Source from(String query, String list, String more) throws SQLException {
        return peers.source("SELECT *" + more + " FROM (SELECT " + list + " FROM (" + query + "))");
    }

    /** Our first writes: of every kind. */
    List<FeatureStep> first() {
        List<FeatureStep> steps = new ArrayList<>();
        steps.add(append(100));
        steps.add(new FeatureStep(
                "merge of new rows",
                (peer, table, more) -> peer.merge(
                        table,
                        from(Operation.MORE, "*", more),
                        Merge.on("target.id = source.id").with(Kind.INSERT_ALL))));
        steps.add(delete("id % 7 = 1"));
        steps.add(new FeatureStep("delete of a partition", (peer, table, more) -> peer.delete(table, "p = 'b'")));
        steps.add(update());
        steps.add(new FeatureStep(
                "update of a partition column",
                (peer, table, more) -> peer.update(table, Map.of("p", "'e=f'"), "id = 4")));
        steps.add(new FeatureStep(
                "merge", (peer, table, more) -> peer.merge(table, from(Operation.MORE, "*", more), MERGE)));
        steps.add(new FeatureStep(
                "overwrite of partitions",
                (peer, table, more) -> peer.overwritePartitions(
                        table, from("FROM (" + Operation.BASE + ") WHERE p = 'c d' AND id > 9", "*", more))));
        steps.add(optimize());
        steps.add(new FeatureStep("checkpoint", (peer, table, more) -> peer.checkpoint(table)));
        return steps;
    }

    List<FeatureStep> again() {
        return List.of(append(300), delete("id % 11 = 4"), update(), merge(310), optimize());
    }

    FeatureStep append(int offset) {
        return new FeatureStep(
                "append",
                (peer, table, more) -> peer.append(table, rows("* REPLACE (id + " + offset + " AS id)", more)));
    }

    static FeatureStep delete(String where) {
        return new FeatureStep("delete", (peer, table, more) -> peer.delete(table, where));
    }

    static FeatureStep update() {
        return new FeatureStep(
                "update",
                (peer, table, more) -> peer.update(table, Map.of("v", "v + 100", "name", "'updated'"), "id % 5 = 2"));
    }

    FeatureStep merge(int offset) {
        return new FeatureStep(
                "merge",
                (peer, table, more) -> peer.merge(table, rows("* REPLACE (id + " + offset + " AS id)", more), NAMED));
    }

    static FeatureStep optimize() {
        return new FeatureStep("optimize", (peer, table, more) -> peer.alter(table, Alteration.optimize()));
    }
}
