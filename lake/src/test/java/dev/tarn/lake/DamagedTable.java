package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A table of several versions, the means to damage it, and what a check must say then. */
record DamagedTable(TestTable table) {

    /** 12 versions with a checkpoint at 10: an empty table, appends of one file each, and a delete with its changes. */
    void write() throws Exception {
        DeltaTable.create(table.path())
                .column(new DeltaField("id", DeltaType.Primitive.LONG).notNull())
                .column("name", DeltaType.Primitive.STRING)
                .column("d", DeltaType.Primitive.DOUBLE)
                .column("t", DeltaType.Primitive.TIMESTAMP)
                .column("s", new DeltaType.Struct(List.of(new DeltaField("x", DeltaType.Primitive.INTEGER))))
                .column("p", DeltaType.Primitive.INTEGER)
                .partitionBy("p")
                .property("delta.enableChangeDataFeed", "true")
                .create();
        for (int i = 1; i < 11; i++) {
            table.write(
                    "SELECT i + " + 10 * i + " AS id, CASE WHEN i > 0 THEN 'a very long name, longer than others ' || i"
                            + " END AS name, i / 4 AS d, TIMESTAMPTZ '2026-01-01 00:00:00.123456+00' + to_days(i::INTEGER) AS t,"
                            + " {'x': i::INTEGER} AS s, 7 AS p FROM range(5) t(i)");
        }
        table.delta().delete(table.duck().connection(), "id = 12");
    }

    static List<String> found(CheckReport report) {
        return report.findings().stream()
                .map(finding -> finding.code().id() + (finding.isDamage() ? "" : " (note)"))
                .distinct()
                .toList();
    }

    void assertFound(String... codes) {
        CheckReport report = table.delta().check().execute();
        assertThat(found(report)).as(report.toString()).containsExactly(codes);
        assertThat(report.isHealthy()).isEqualTo(Stream.of(codes).allMatch(code -> code.endsWith("(note)")));
    }

    /** Finds the damage, mends it, and finds none any more. */
    void assertRepaired(String code) throws Exception {
        assertFound(code);
        CheckReport report = table.delta().check().repair().execute();
        assertThat(report.findings()).isEmpty();
        assertThat(report.repaired()).extracting(finding -> finding.code().id()).contains(code.replace(" (note)", ""));
        assertThat(table.delta().check().execute().findings()).isEmpty();
        assertThat(table.rows()).hasSize(49);
    }

    Path commit(long version) {
        return table.delta().commitFile(version);
    }

    Path checkpoint() {
        return table.path().resolve("_delta_log/00000000000000000010.checkpoint.parquet");
    }

    Path hint() {
        return table.path().resolve("_delta_log/_last_checkpoint");
    }

    void edit(long version, UnaryOperator<String> change) throws IOException {
        String before = Files.readString(commit(version));
        String after = change.apply(before);
        assertThat(after).isNotEqualTo(before);
        Files.writeString(commit(version), after);
    }

    /** The file that a version added. */
    Path file(long version) throws IOException {
        String text = Files.readString(commit(version));
        int at = text.indexOf("\"add\":{\"path\":\"") + 15;
        return table.path().resolve(text.substring(at, text.indexOf('"', at)));
    }

    /** Damage in a commit before the checkpoint would be a difference to it as well. */
    void withoutCheckpoint() throws IOException {
        Files.delete(checkpoint());
        Files.delete(hint());
    }
}
