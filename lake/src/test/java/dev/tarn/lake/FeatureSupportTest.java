package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureSupportTest {
    @AutoClose
    final TestTable table;

    final LogFixture log;

    FeatureSupportTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    static String features(String readers, String writers) {
        return "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[" + quoted(readers)
                + "],\"writerFeatures\":[" + quoted(writers) + "]}}";
    }

    private static String quoted(String names) {
        return names.isBlank() ? "" : "\"" + names.replace(" ", "\",\"") + "\"";
    }

    static String versions(int reader, int writer) {
        return "{\"protocol\":{\"minReaderVersion\":" + reader + ",\"minWriterVersion\":" + writer + "}}";
    }

    void assertReadRefused(String uses) {
        assertThatThrownBy(table.delta()::snapshot)
                .isInstanceOfSatisfying(LakeException.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED_FEATURE);
                    assertThat(refusal.help()).isEqualTo("Read it with Spark, or drop the feature from the table.");
                })
                .hasMessage("Table '" + table.path() + "' cannot be read, because it uses " + uses + ".");
    }

    void assertWriteRefused(String uses) throws Exception {
        assertThat(table.duck().rows(table.sql())).isEmpty();
        List<Path> before = table.dataFiles();
        for (WriteOptions options : List.of(APPEND, OVERWRITE, OVERWRITE.withOverwriteSchema())) {
            assertThatThrownBy(() -> table.stage("SELECT 1 AS id", options))
                    .isInstanceOfSatisfying(
                            LakeException.class,
                            refusal -> assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED_FEATURE))
                    .hasMessage("Table '" + table.path() + "' cannot be written, because it uses " + uses + ".");
        }
        assertThat(table.dataFiles()).containsExactlyInAnyOrderElementsOf(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"catalogManaged", "catalogOwned-preview", "collations", "somethingNew"})
    void unknownReaderFeaturesAreRefused(String feature) throws Exception {
        log.commit(0, features(feature, feature), LogFixture.metadata("{}", "id integer"));

        assertReadRefused("feature '" + feature + "'");
    }

    @Test
    void featureThatWasDroppedDoesNotMatter() throws Exception {
        log.commit(0, features("x", "x"), LogFixture.metadata("{}", "id integer"));
        log.commit(1, LogFixture.PROTOCOL);

        table.stage("SELECT 1 AS id", APPEND).commit();

        assertThat(table.duck().rows(table.sql())).containsExactly("1");
        assertThatThrownBy(() -> table.delta().snapshot(0)).hasMessageContaining("feature 'x'");
    }

    @Test
    void severalFeaturesAreNamed() throws Exception {
        log.commit(0, features("x timestampNtz b", "x b"), LogFixture.metadata("{}", "id integer"));

        assertReadRefused("features 'b', 'x'");
    }

    @Test
    void newerReaderVersionIsRefused() throws Exception {
        log.commit(0, versions(4, 8), LogFixture.metadata("{}", "id integer"));

        assertReadRefused("reader version 4");
    }

    @Test
    void unknownFeatureIsToldBeforeItsTypes() throws Exception {
        log.commit(0, LogFixture.metadata("{}", "v interval"), features("intervalType", "intervalType"));

        assertReadRefused("feature 'intervalType'");
    }

    @Test
    void variantWithoutItsFeatureIsRefused() throws Exception {
        log.commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{}", "v variant"));

        assertReadRefused("feature 'variantType', which its protocol does not have");
    }

    @Test
    void unknownTypeIsRefused() throws Exception {
        log.commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{}", "v interval"));

        assertThatThrownBy(table.delta()::snapshot)
                .hasMessage(
                        "Column 'v' of table '" + table.path() + "' has the type 'interval', which is not supported.");
    }

    @Test
    void readerVersionTwoWithoutMappingIsReadAndWritten() throws Exception {
        log.commit(0, versions(2, 5), LogFixture.metadata("{\"delta.columnMapping.mode\":\"none\"}", "id integer"));

        table.stage("SELECT 1 AS id", APPEND).commit();

        assertThat(table.duck().rows(table.sql())).containsExactly("1");
    }

    @Test
    void tableWithDeletionVectorsTakesRows() throws Exception {
        log.commit(0, features("deletionVectors", "deletionVectors"), LogFixture.metadata("{}", "id integer"));
        table.stage("SELECT 1 AS id", APPEND).commit();
        assertThat(table.duck().rows(table.sql())).containsExactly("1");

        String add = Files.readAllLines(log.commitPath(1)).stream()
                .filter(line -> line.startsWith("{\"add\""))
                .findFirst()
                .orElseThrow();
        String vector = VectorFixture.inline(VectorFixture.rows(0), false);
        String path = add.replaceAll(".*\"path\":\"([^\"]+)\".*", "$1");
        log.commit(
                2,
                "{\"remove\":{\"path\":\"" + path + "\"}}",
                add.replace("{\"path\"", "{\"deletionVector\":" + vector + ",\"path\""));

        table.stage("SELECT 2 AS id", APPEND).commit();

        assertThat(table.duck().rows(table.sql())).containsExactly("2");
    }

    @Test
    void fileWithANewVectorReplacesTheOldOne() throws Exception {
        table.stage("SELECT 1 AS id", APPEND).commit();
        String add = Files.readAllLines(log.commitPath(0)).stream()
                .filter(line -> line.startsWith("{\"add\""))
                .findFirst()
                .orElseThrow();
        String vector = "\"deletionVector\":{\"storageType\":\"i\",\"pathOrInlineDv\":\"x\",\"offset\":null},";
        String path = add.replaceAll(".*\"path\":\"([^\"]+)\".*", "$1");
        log.commit(1, "{\"remove\":{\"path\":\"" + path + "\"}}", add.replace("{\"path\"", "{" + vector + "\"path\""));
        log.commit(2, "{\"remove\":{" + vector + "\"path\":\"" + path + "\"}}");

        assertThat(table.duck().rows(table.sql())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"icebergCompatV3", "catalogManaged", "somethingNew"})
    void unknownWriterFeaturesAreReadButNotWritten(String feature) throws Exception {
        log.commit(0, features("", "appendOnly " + feature), LogFixture.metadata("{}", "id integer"));

        assertWriteRefused("feature '" + feature + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "columnMapping",
                "v2Checkpoint",
                "typeWidening",
                "typeWidening-preview",
                "variantType",
                "variantShredding"
            })
    void featuresOfReadersThatTheTableDoesNotUseAreWritten(String feature) throws Exception {
        log.commit(0, features(feature, feature), LogFixture.metadata("{}", "id integer"));

        table.write("SELECT 1 AS id");
        table.delta().update(table.duck().connection(), java.util.Map.of("id", "2"));

        assertThat(table.rows()).containsExactly("2");
    }

    @Test
    void variantIsReadButNotWritten() throws Exception {
        log.commit(0, features("variantType", "variantType"), LogFixture.metadata("{}", "id integer", "v variant"));

        assertWriteRefused("feature 'variantType'");
    }

    @Test
    void newerWriterVersionIsReadButNotWritten() throws Exception {
        log.commit(0, versions(1, 8), LogFixture.metadata("{}", "id integer"));

        assertWriteRefused("writer version 8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            2; "delta.invariants":"{}";                      feature 'invariants' (column 'c')
            4; "delta.generationExpression":"id + 1";        feature 'generatedColumns' (column 'c')
            6; "delta.identity.start":1;                     feature 'identityColumns' (column 'c')
            2; "__CHAR_VARCHAR_TYPE_STRING":"array<x>";      length limit 'array<x>' (column 'c')
            """)
    void rulesOfColumnsAreReadButNotWritten(int writer, String metadata, String uses) throws Exception {
        String column = "{\"name\":\"c\",\"type\":\"string\",\"nullable\":true,\"metadata\":{" + metadata + "}}";
        log.commit(0, versions(1, writer), LogFixture.metadata("{}", "id integer", column));

        assertWriteRefused(uses);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void oldWriterVersionsAreWrittenWhenTheirFeaturesAreUnused(int writer) throws Exception {
        log.commit(
                0, versions(1, writer), LogFixture.metadata("{\"delta.enableChangeDataFeed\":\"true\"}", "id integer"));

        table.stage("SELECT 1 AS id", OVERWRITE).commit();

        assertThat(table.duck().rows(table.sql())).containsExactly("1");
        assertThat(table.newest().state().protocol().minWriter()).isEqualTo(writer);
    }

    @Test
    void binaryPartitionColumnIsRefused() throws Exception {
        DeltaType.Struct schema = new DeltaType.Struct(List.of(
                new DeltaField("id", DeltaType.Primitive.INTEGER), new DeltaField("p", DeltaType.Primitive.BINARY)));
        log.commit(0, LogFixture.PROTOCOL, LogFixture.metadata(schema, List.of("p")));
        String uses = "partition column 'p' of type binary, whose values the log does not hold exactly";

        assertReadRefused(uses);
        assertThatThrownBy(() -> table.stage("SELECT 1 AS id, 'x'::BLOB AS p", APPEND))
                .hasMessage("Table '" + table.path() + "' cannot be read, because it uses " + uses + ".");
        assertThat(table.dataFiles()).isEmpty();
    }

    /** A feature of readers and writers must be in both lists (Delta protocol, "Valid Feature Names in Table Features"). */
    @ParameterizedTest
    @CsvSource({"1, 2, false", "1, 5, false", "1, 6, false", "2, 5, true", "2, 6, true"})
    void raisedProtocolListsColumnMappingTwiceOrNever(int reader, int writer, boolean listed) {
        Protocol raised = new Protocol(reader, writer, Set.of(), Set.of()).with(Set.of(Protocol.NTZ));

        assertThat(raised.minReader()).isEqualTo(3);
        assertThat(raised.minWriter()).isEqualTo(7);
        assertThat(raised.readerFeatures().contains("columnMapping")).isEqualTo(listed);
        assertThat(raised.writerFeatures().contains("columnMapping")).isEqualTo(listed);
        assertThat(raised.readerFeatures()).contains(Protocol.NTZ).isSubsetOf(raised.writerFeatures());
    }

    @Test
    void raisedProtocolKeepsAListedColumnMapping() {
        Protocol raised = new Protocol(2, 7, Set.of(), Set.of("columnMapping")).with(Set.of(Protocol.NTZ));

        assertThat(raised.readerFeatures()).containsExactlyInAnyOrder("columnMapping", Protocol.NTZ);
        assertThat(raised.writerFeatures()).containsExactlyInAnyOrder("columnMapping", Protocol.NTZ);
    }

    @Test
    void appendOnlyTableIsNotOverwritten() throws Exception {
        log.commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{\"delta.appendOnly\":\"true\"}", "id integer"));
        table.stage("SELECT 1 AS id", APPEND).commit();

        assertThatThrownBy(() -> table.stage("SELECT 2 AS id", OVERWRITE))
                .isInstanceOf(LakeException.class)
                .hasMessage("Table '" + table.path()
                        + "' is append-only ('delta.appendOnly' is true), so it cannot be overwritten.");
        assertThat(table.duck().rows(table.sql())).containsExactly("1");
    }

    @Test
    void newTableAsksForTheLeast() throws Exception {
        table.stage("SELECT 1 AS id, TIMESTAMPTZ '2020-01-01 00:00:00+00' AS t", APPEND)
                .commit();

        assertThat(Files.readString(log.commitPath(0)))
                .contains("{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}");
    }

    @Test
    void timestampWithoutZoneNeedsItsFeature() throws Exception {
        table.stage("SELECT [{'t': TIMESTAMP '2020-01-01'}] AS l", APPEND).commit();

        assertThat(Files.readString(log.commitPath(0)))
                .contains("{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":"
                        + "[\"timestampNtz\"],\"writerFeatures\":[\"appendOnly\",\"invariants\",\"timestampNtz\"]}}");
    }

    @Test
    void addedTimestampWithoutZoneRaisesTheProtocol() throws Exception {
        log.commit(0, versions(2, 5), LogFixture.metadata("{}", "id integer"));

        table.stage("SELECT 1 AS id, TIMESTAMP '2020-01-01' AS t", APPEND.withMergeSchema())
                .commit();

        assertThat(Files.readString(log.commitPath(1)))
                .contains(
                        "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":"
                                + "[\"columnMapping\",\"timestampNtz\"],\"writerFeatures\":[\"appendOnly\",\"changeDataFeed\","
                                + "\"checkConstraints\",\"columnMapping\",\"generatedColumns\",\"invariants\",\"timestampNtz\"]}}");
        assertThat(table.duck().rows(table.sql())).containsExactly("1|2020-01-01 00:00:00");
    }
}
