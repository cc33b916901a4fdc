package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableChangeTest {
    @AutoClose
    final TestTable table;

    private DeltaTable delta;

    TableChangeTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
    }

    @BeforeEach
    void create() throws Exception {
        table.write("SELECT range::INTEGER AS id, range % 2 = 0 AS even FROM range(4)");
        delta = table.delta();
    }

    private void assertRefused(Kind kind, String message, ThrowingCallable work) {
        long version = delta.newestVersion().orElseThrow();
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(kind))
                .hasMessage(message.replace("TABLE", "table '" + table.path() + "'"));
        assertThat(table.delta().newestVersion()).hasValue(version);
    }

    private Map<String, String> properties() {
        return delta.snapshot().orElseThrow().properties();
    }

    private Protocol protocol() {
        return table.newest().state().protocol();
    }

    @Test
    void propertiesAreSetAndTakenOff() throws Exception {
        delta.setProperties(Map.of("owner", "me", "delta.checkpointInterval", "3"));
        assertThat(properties()).isEqualTo(Map.of("owner", "me", "delta.checkpointInterval", "3"));
        assertThat(protocol()).isEqualTo(new Protocol(1, 2, java.util.Set.of(), java.util.Set.of()));
        delta.unsetProperties("owner");

        assertThat(properties()).isEqualTo(Map.of("delta.checkpointInterval", "3"));
        assertThat(delta.history(2).stream().map(Commit::operation))
                .containsExactly("UNSET TBLPROPERTIES", "SET TBLPROPERTIES");
        assertThat(delta.history(2).get(1).parameters())
                .isEqualTo(Map.of("properties", "{\"delta.checkpointInterval\":\"3\",\"owner\":\"me\"}"));
        assertRefused(
                Kind.INVALID_WRITE,
                "Table '" + table.path() + "' has no property 'owner'.",
                () -> delta.unsetProperties("owner"));
        assertThatThrownBy(() -> delta.setProperties(Map.of("delta.unknown", "1")))
                .hasMessage("The table property 'delta.unknown' is not supported.");
    }

    @Test
    void featuresOfPropertiesRaiseTheProtocol() throws Exception {
        delta.setProperties(Map.of("delta.enableChangeDataFeed", "true"));
        assertThat(protocol().minWriter()).isEqualTo(4);
        delta.setProperties(Map.of("delta.enableInCommitTimestamps", "true"));
        assertThat(protocol().minReader()).isEqualTo(1);
        assertThat(protocol().writerFeatures())
                .containsExactlyInAnyOrder(
                        "appendOnly",
                        "invariants",
                        "checkConstraints",
                        "changeDataFeed",
                        "generatedColumns",
                        "inCommitTimestamp");
        assertThat(properties()).containsEntry("delta.inCommitTimestampEnablementVersion", "2");
        delta.setProperties(Map.of("delta.columnMapping.mode", "name", "delta.feature.domainMetadata", "supported"));
        assertThat(protocol().minReader()).isEqualTo(3);
        assertThat(protocol().readerFeatures()).containsExactly("columnMapping");
        assertThat(properties()).doesNotContainKey("delta.feature.domainMetadata");
        table.write("SELECT 9 AS id, false AS even");

        assertThat(delta.history(9)).hasSize(5);
        assertThat(table.rows()).hasSize(5);
        delta.setProperties(Map.of("delta.enableInCommitTimestamps", "false"));
        assertThat(properties()).doesNotContainKey("delta.inCommitTimestampEnablementVersion");
    }

    @Test
    void columnMappingCannotChangeAsTheFilesWouldHaveTo() {
        assertRefused(
                Kind.INVALID_WRITE,
                "The column mapping of TABLE cannot change from 'none' to 'id'.",
                () -> delta.setProperties(Map.of("delta.columnMapping.mode", "id")));
        delta.setProperties(Map.of("delta.columnMapping.mode", "name"));
        assertRefused(
                Kind.INVALID_WRITE,
                "The column mapping of TABLE cannot change from 'name' to 'none'.",
                () -> delta.setProperties(Map.of("delta.columnMapping.mode", "none")));
        assertRefused(
                Kind.INVALID_WRITE,
                "The table property 'delta.columnMapping.mode' cannot be taken off.",
                () -> delta.unsetProperties("delta.columnMapping.mode"));
    }

    @Test
    void constraintHoldsForOldAndNewRows() throws Exception {
        assertRefused(
                Kind.CONSTRAINT,
                "The constraint 'positive' (id > 0) of TABLE does not hold for 1 row, for example id = 0, even = true.",
                () -> delta.addConstraint("positive", "id > 0"));
        assertThatThrownBy(() -> delta.addConstraint("positive", "id > 0"))
                .extracting(refusal -> ((LakeException) refusal).help())
                .isEqualTo("Update or delete these rows first; the constraint was not added.");
        delta.addConstraint("Small", " id < 10 ");
        assertThat(properties()).isEqualTo(Map.of("delta.constraints.small", "id < 10"));
        assertThat(protocol().minWriter()).isEqualTo(3);
        assertRefused(
                Kind.CONSTRAINT,
                "The constraint 'small' (id < 10) of TABLE does not hold for 1 row, for example id = 10, even = NULL.",
                () -> table.write("SELECT 10 AS id"));
        assertRefused(
                Kind.INVALID_WRITE,
                "Table '" + table.path() + "' has a constraint 'SMALL' already.",
                () -> delta.addConstraint("SMALL", "id < 11"));
        assertThat(delta.history(1).get(0).parameters()).isEqualTo(Map.of("name", "Small", "expr", "id < 10"));
        delta.dropConstraint("SMALL");
        table.write("SELECT 10 AS id");
        assertRefused(
                Kind.INVALID_WRITE,
                "Table '" + table.path() + "' has no constraint 'small'.",
                () -> delta.dropConstraint("small"));
    }

    @Test
    void constraintThatMayMeanSomethingElseIsNotAdded() {
        assertRefused(
                Kind.INVALID_WRITE,
                "The condition of constraint 'c' cannot be checked here, because it has the function 'abs': abs(id) > 1",
                () -> delta.addConstraint("c", "abs(id) > 1"));
        assertRefused(
                Kind.INVALID_WRITE, "A constraint cannot be named 'a b'.", () -> delta.addConstraint("a b", "id > 1"));
    }

    @Test
    void constraintIsNotAddedOverRowsThatNobodyLookedAt() throws Exception {
        DeltaTable slow = table.delta();
        slow.snapshot();
        Alteration alteration = Alteration.of(slow);
        table.write("SELECT -1 AS id");

        assertThatThrownBy(() -> alteration.commit(
                        "ADD CONSTRAINT",
                        alteration.metadata().withConfiguration(Map.of("delta.constraints.c", "id >= 0")),
                        alteration.state().protocol(),
                        Reads.all()))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.CONFLICT));
        assertThat(properties()).isEmpty();
    }

    @Test
    void protocolIsRaisedButNeverLowered() throws Exception {
        delta.upgradeProtocol(2, 5);
        assertThat(protocol().minWriter()).isEqualTo(5);
        delta.addFeatureSupport("vacuumProtocolCheck");
        assertThat(protocol().readerFeatures()).containsExactlyInAnyOrder("columnMapping", "vacuumProtocolCheck");
        assertThat(protocol().writerFeatures()).contains("appendOnly", "columnMapping", "vacuumProtocolCheck");
        assertThat(delta.addFeatureSupport("vacuumProtocolCheck")).isEqualTo(2);
        assertThat(delta.history(1).get(0).operation()).isEqualTo("UPGRADE PROTOCOL");
        assertRefused(
                Kind.INVALID_WRITE,
                "The protocol of TABLE is 3/7 and cannot go back to 2/7.",
                () -> delta.upgradeProtocol(2, 7));
        assertThatThrownBy(() -> delta.addFeatureSupport("rowTracking"))
                .hasMessage("The feature 'rowTracking' cannot be added to a table.");
        assertThatThrownBy(() -> delta.upgradeProtocol(4, 8)).hasMessage("There is no protocol 4/8 of Delta tables.");
        table.write("SELECT 9 AS id");
        assertThat(table.rows()).hasSize(5);
    }

    @Test
    void noTableIsAnError() {
        DeltaTable none = DeltaTable.forPath(table.path().resolveSibling("none"));
        assertThatThrownBy(() -> none.addColumn("x", Primitive.INTEGER))
                .hasMessage("There is no Delta table at '" + none.path() + "'.");
    }
}
