package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowIdsTest {
    @AutoClose
    final TestTable table;

    final LogFixture log;

    RowIdsTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    private void create(boolean enabled) throws Exception {
        log.commit(
                0,
                FeatureSupportTest.features("", "rowTracking domainMetadata"),
                LogFixture.metadata("{\"delta.enableRowTracking\":\"" + enabled + "\"}", "id long"));
    }

    private List<Object> ids() {
        return table.newest().state().fileList().stream()
                .map(file -> (Object)
                        (file.json().get("baseRowId") + " since " + file.json().get("defaultRowCommitVersion")))
                .sorted()
                .toList();
    }

    private String highest() {
        return String.valueOf(
                Objects.requireNonNull(table.newest().state().domains().get("delta.rowTracking"))
                        .get("configuration"));
    }

    @Test
    void newFilesGoOnFromTheGreatestId() throws Exception {
        create(true);
        table.write("SELECT range AS id FROM range(5)");
        table.write("SELECT range AS id FROM range(7)");
        assertThat(ids()).containsExactly("0 since 1", "5 since 2");
        table.write("SELECT range AS id FROM range(2)", TestTable.OVERWRITE);

        assertThat(ids()).containsExactly("12 since 3");
        assertThat(highest()).isEqualTo("{\"rowIdHighWaterMark\":13}");
        assertThat(table.rows()).containsExactly("0", "1");
    }

    @Test
    void writersThatMeetDoNotShareIds() throws Exception {
        create(true);
        try (StagedWrite one = table.stage("SELECT 1::BIGINT AS id", TestTable.APPEND);
                StagedWrite other = table.stage("SELECT range AS id FROM range(3)", TestTable.APPEND)) {
            other.commit();
            one.commit();
        }

        assertThat(ids()).containsExactly("0 since 1", "3 since 2");
        assertThat(highest()).isEqualTo("{\"rowIdHighWaterMark\":3}");
    }

    @Test
    void rowsThatMustKeepTheirIdsAreNotMoved() throws Exception {
        create(true);
        table.write("SELECT range AS id FROM range(5)");
        Connection duckdb = table.duck().connection();

        assertThatThrownBy(() -> table.delta().delete(duckdb, "id = 1"))
                .hasMessageContaining("feature 'rowTracking'")
                .extracting(refusal -> ((LakeException) refusal).help())
                .asString()
                .startsWith("Append to it or overwrite it; ");
        assertThatThrownBy(() -> table.delta().optimize(duckdb).execute())
                .hasMessageContaining("feature 'rowTracking'");
        assertThatThrownBy(() -> table.delta().update(duckdb, Map.of("id", "1")))
                .hasMessageContaining("feature 'rowTracking'");
        table.delta()
                .merge(duckdb, "SELECT range AS id FROM range(4, 7)", "target.id = source.id")
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(table.rows()).containsExactly("0", "1", "2", "3", "4", "5", "6");
        assertThat(highest()).isEqualTo("{\"rowIdHighWaterMark\":6}");
    }

    @Test
    void idsAreGivenAnewWhereTheyNeedNotStay() throws Exception {
        create(false);
        table.write("SELECT range AS id FROM range(5)");
        table.delta().delete(table.duck().connection(), "id = 1");
        table.delta().checkpoint();

        assertThat(ids()).containsExactly("5 since 2");
        assertThat(table.rows()).containsExactly("0", "2", "3", "4");
    }
}
