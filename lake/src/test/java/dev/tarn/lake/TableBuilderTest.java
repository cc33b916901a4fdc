package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableBuilderTest {
    @AutoClose
    final TestTable table;

    TableBuilderTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("deep/er/t"));
    }

    TableBuilder builder() {
        return DeltaTable.create(table.path()).column("id", Primitive.LONG);
    }

    void assertRefused(TableBuilder builder, Kind kind, String message) {
        assertThatThrownBy(builder::create)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(kind))
                .hasMessage(message);
    }

    @Test
    void createsAnEmptyTable() throws Exception {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        DeltaTable.create(table.path(), Clock.fixed(now, ZoneOffset.UTC))
                .column(new DeltaField("id", Primitive.LONG).notNull().withComment("the key"))
                .column("day", Primitive.DATE)
                .column("tags", new DeltaType.Array(Primitive.STRING, true))
                .partitionBy("DAY")
                .property("owner", "me")
                .property("delta.checkpointInterval", "5")
                .name("orders")
                .description("all of them")
                .create();

        assertThat(table.rows()).isEmpty();
        assertThat(table.columns()).containsExactly("id BIGINT", "day DATE", "tags VARCHAR[]");
        TableDetail detail = table.delta().detail();
        assertThat(detail.name()).contains("orders");
        assertThat(detail.description()).contains("all of them");
        assertThat(detail.createdAt()).contains(now);
        assertThat(detail.partitionColumns()).containsExactly("day");
        assertThat(detail.properties())
                .containsExactly(Map.entry("owner", "me"), Map.entry("delta.checkpointInterval", "5"));
        assertThat(detail.minWriterVersion()).isEqualTo(2);
        DeltaField id = table.newest().schema().fields().get(0);
        assertThat(id.nullable()).isFalse();
        assertThat(id.metadata()).containsExactly(Map.entry("comment", "the key"));
        Commit commit = table.delta().history(1).get(0);
        assertThat(commit.operation()).isEqualTo("CREATE TABLE");
        assertThat(commit.parameters())
                .containsEntry("partitionBy", "[\"day\"]")
                .containsEntry("isManaged", "false")
                .containsEntry("properties", "{\"owner\":\"me\",\"delta.checkpointInterval\":\"5\"}");
    }

    @Test
    void rowsMustFitTheTable() throws Exception {
        builder().column(new DeltaField("name", Primitive.STRING).notNull()).create();

        table.write("SELECT 1 AS id, 'x' AS name");

        assertThatThrownBy(() -> table.write("SELECT 1 AS id, NULL::VARCHAR AS name"))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.NOT_NULL));
        assertThatThrownBy(() -> table.write("SELECT 1 AS id")).isInstanceOf(LakeException.class);
        assertThat(table.rows()).containsExactly("1|x");
    }

    @Test
    void notNullInsideIsKept() throws Exception {
        builder()
                .column("s", new DeltaType.Struct(List.of(new DeltaField("a", Primitive.INTEGER).notNull())))
                .create();

        table.write("SELECT 1 AS id, {'a': 1} AS s");
        table.write("SELECT 2 AS id, NULL::STRUCT(a INTEGER) AS s");

        assertThatThrownBy(() -> table.write("SELECT 3 AS id, {'a': NULL::INTEGER} AS s"))
                .hasMessageContaining("'s.a' has NULLs");
    }

    @ParameterizedTest
    @CsvSource({"LONG, 1, 4", "TIMESTAMP_NTZ, 3, 7"})
    void changeDataFeedHasItsProtocol(Primitive type, int reader, int writer) {
        DeltaTable.create(table.path())
                .column("c", type)
                .property("delta.enableChangeDataFeed", "true")
                .create();

        TableDetail detail = table.delta().detail();
        assertThat(detail.minReaderVersion()).isEqualTo(reader);
        assertThat(detail.minWriterVersion()).isEqualTo(writer);
        assertThat(detail.tableFeatures()).contains("changeDataFeed", "appendOnly", "invariants");
    }

    @Test
    void tableThatIsThereIsRefusedKeptOrReplaced() throws Exception {
        builder().create();
        table.write("SELECT 1 AS id");
        String id = table.delta().detail().id();

        assertRefused(builder(), Kind.TABLE_EXISTS, "There is a table at '" + table.path() + "' already.");
        DeltaTable.create(table.path())
                .column("other", Primitive.STRING)
                .ifNotExists()
                .create();
        assertThat(table.rows()).containsExactly("1");
        DeltaTable.create(table.path())
                .column("other", Primitive.TIMESTAMP_NTZ)
                .property("delta.enableChangeDataFeed", "true")
                .orReplace()
                .create();

        assertThat(table.rows()).isEmpty();
        assertThat(table.columns()).containsExactly("other TIMESTAMP");
        assertThat(table.delta().detail().id()).isEqualTo(id);
        assertThat(table.delta().detail().tableFeatures()).contains("changeDataFeed", "timestampNtz");
        assertThat(table.rows(table.delta().snapshot(1))).containsExactly("1");
        assertThat(table.delta().history(1).get(0).operation()).isEqualTo("CREATE OR REPLACE TABLE");
    }

    @Test
    void replacementOfNothingIsACreation() {
        builder().orReplace().create();

        assertThat(table.newest().version()).isZero();
    }

    @Test
    void appendOnlyTableIsNotReplaced() throws Exception {
        builder().property("delta.appendOnly", "true").create();
        table.write("SELECT 1 AS id");

        assertRefused(
                builder().orReplace(),
                Kind.UNSUPPORTED_FEATURE,
                "Table '" + table.path()
                        + "' is append-only ('delta.appendOnly' is true), so it cannot be overwritten.");
    }

    @Test
    void oneOfManyCreatorsWins() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<String>> creators = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            boolean keep = i % 2 == 0;
            creators.add(threads.submit(() -> {
                try {
                    TableBuilder builder = builder();
                    (keep ? builder.ifNotExists() : builder).create();
                    return "fine";
                } catch (LakeException failure) {
                    return failure.kind().toString();
                }
            }));
        }
        List<String> results = new ArrayList<>();
        for (Future<String> creator : creators) {
            results.add(creator.get());
        }
        threads.shutdown();

        assertThat(table.newest().version()).isZero();
        assertThat(results).containsOnly("fine", "TABLE_EXISTS");
        assertThat(results.stream().filter("fine"::equals).count()).isBetween(8L, 9L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            delta.checkpointInterval; 0; The table property 'delta.checkpointInterval' cannot be '0'.
            delta.appendOnly; yes; The table property 'delta.appendOnly' cannot be 'yes'.
            delta.deletedFileRetentionDuration; 1 month; The table property 'delta.deletedFileRetentionDuration' cannot be '1 month'.
            delta.isolationLevel; Snapshot; The table property 'delta.isolationLevel' cannot be 'Snapshot'.
            delta.enableDeletionVectors; on; The table property 'delta.enableDeletionVectors' cannot be 'on'.
            delta.columnMapping.mode; hash; The table property 'delta.columnMapping.mode' cannot be 'hash'.
            delta.checkpointinterval; 5; The table property 'delta.checkpointinterval' is not supported.
            """)
    void propertyThatWouldNotBeObeyedIsRefused(String name, String value, String message) {
        assertRefused(builder().property(name, value), Kind.INVALID_WRITE, message);
        assertThat(table.path()).doesNotExist();
    }

    @Test
    void badColumnsAreRefused() {
        assertRefused(
                DeltaTable.create(table.path()), Kind.INVALID_WRITE, "A table without columns cannot be created.");
        assertThatThrownBy(builder().column("a b", Primitive.LONG)::create).isInstanceOf(LakeException.class);
        assertThatThrownBy(builder().column("ID", Primitive.LONG)::create).isInstanceOf(LakeException.class);
        assertThatThrownBy(builder().partitionBy("nope")::create).isInstanceOf(LakeException.class);
        assertThatThrownBy(builder().partitionBy("id")::create).isInstanceOf(LakeException.class);
        assertThat(table.path()).doesNotExist();
    }
}
