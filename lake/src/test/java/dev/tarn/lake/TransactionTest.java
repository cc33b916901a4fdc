package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conflict rules: version 0 has the partitions a and b, one file each. */
class TransactionTest {
    private static final Operation DELETE = new Operation("DELETE", Map.of("predicate", "[\"id = 1\"]"), Map.of());

    @AutoClose
    final TestTable table;

    TransactionTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("t"));
    }

    @BeforeEach
    void createTable() throws SQLException {
        table.write("SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v(id, p)", APPEND.withPartitionBy(List.of("p")));
    }

    TableState newest() {
        return table.newest().state();
    }

    AddFile file(String partition) {
        return newest().files().values().stream()
                .filter(in(partition))
                .findFirst()
                .orElseThrow();
    }

    static Predicate<AddFile> in(String partition) {
        return file -> partition.equals(file.partitionValue("p"));
    }

    Transaction begin() {
        return begin(CommitOptions.DEFAULT);
    }

    Transaction begin(CommitOptions options) {
        return table.delta().transaction(Optional.of(newest()), options);
    }

    static Reads partition(AddFile file) {
        return Reads.of(List.of(file), in(String.valueOf(file.partitionValue("p"))));
    }

    void assertConflict(Transaction transaction, Reads reads, Changes changes, String why) {
        long before = table.newest().version();
        assertThatThrownBy(() -> transaction.commit(reads, changes, DELETE))
                .isInstanceOfSatisfying(LakeException.class, conflict -> {
                    assertThat(conflict.kind()).isEqualTo(Kind.CONFLICT);
                    assertThat(conflict.mayBeCommitted()).isFalse();
                })
                .hasMessage("Table '" + table.path() + "' was not written, because " + why + ".");
        assertThat(table.newest().version()).isEqualTo(before);
    }

    void append(String partition) throws SQLException {
        table.write("SELECT 3 AS id, '" + partition + "' AS p");
    }

    @Test
    void readersOfAPartitionDoNotMindAppendsToAnother() throws Exception {
        Transaction delete = begin();
        AddFile a = file("a");
        append("b");

        Transaction.Outcome outcome = delete.commit(partition(a), new Changes().remove(List.of(a)), DELETE);

        assertThat(outcome.version()).isEqualTo(2);
        assertThat(outcome.removed()).containsExactly(a);
        assertThat(table.rows()).containsExactly("2|b", "3|b");
    }

    @Test
    void appendToThePartitionThatWasReadIsAConflict() throws Exception {
        Transaction delete = begin();
        AddFile a = file("a");
        append("a");

        assertConflict(
                delete,
                partition(a),
                new Changes().remove(List.of(a)),
                "version 1 (WRITE) by another writer added rows (p = a) which this write should have read");
    }

    @Test
    void writeSerializableLetsBlindAppendsPass() throws Exception {
        AddFile a = file("a");
        Transaction delete = begin(CommitOptions.DEFAULT.withIsolation(IsolationLevel.WRITE_SERIALIZABLE));
        append("a");

        delete.commit(partition(a), new Changes().remove(List.of(a)), DELETE);

        assertThat(table.rows()).containsExactly("2|b", "3|a");
        assertThat(Files.readString(table.log().commitPath(2))).contains("\"isolationLevel\":\"WriteSerializable\"");
    }

    @Test
    void writeSerializableStopsRowsOfWritersThatRead() throws Exception {
        AddFile a = file("a");
        Transaction delete = begin(CommitOptions.DEFAULT.withIsolation(IsolationLevel.WRITE_SERIALIZABLE));
        table.write("SELECT 3 AS id, 'a' AS p", APPEND.withReadVersion(0));

        assertConflict(
                delete,
                partition(a),
                new Changes().remove(List.of(a)),
                "version 1 (WRITE) by another writer added rows (p = a) which this write should have read");
    }

    @Test
    void writeSerializableWithANewSchemaStopsAllRows() throws Exception {
        AddFile a = file("a");
        Transaction delete = begin(CommitOptions.DEFAULT.withIsolation(IsolationLevel.WRITE_SERIALIZABLE));
        Changes changes = new Changes().metadata(newest().metadata()).remove(List.of(a));
        append("a");

        assertConflict(
                delete,
                partition(a),
                changes,
                "version 1 (WRITE) by another writer added rows (p = a) which this write should have read");
    }

    @Test
    void levelIsTheTablesOwn() throws Exception {
        Metadata metadata = newest().metadata();
        begin().commit(
                        Reads.nothing(),
                        new Changes()
                                .metadata(metadata.withConfiguration(
                                        Map.of("delta.isolationLevel", "WriteSerializable"))),
                        new Operation("SET TBLPROPERTIES", Map.of(), Map.of()));
        AddFile a = file("a");
        Transaction delete = begin();
        append("a");

        delete.commit(partition(a), new Changes().remove(List.of(a)), DELETE);

        assertThat(table.rows()).containsExactly("2|b", "3|a");
    }

    @Test
    void deletedRowsThatWereReadAreAConflict() throws Exception {
        AddFile a = file("a");
        Transaction reader = begin();
        Transaction whole = begin();
        begin().commit(partition(a), new Changes().remove(List.of(a)), DELETE);

        String why = "version 1 (DELETE) by another writer deleted or changed rows of the file '" + a.path()
                + "', which this write has read";
        assertConflict(reader, partition(a), new Changes(), why);
        assertConflict(whole, Reads.all(), new Changes(), why);
    }

    @Test
    void deletesOfDifferentFilesBothArrive() throws Exception {
        AddFile a = file("a");
        AddFile b = file("b");
        Transaction late = begin();
        begin().commit(partition(a), new Changes().remove(List.of(a)), DELETE);

        late.commit(partition(b), new Changes().remove(List.of(b)), DELETE);

        assertThat(table.rows()).isEmpty();
    }

    @Test
    void fileIsRemovedOnce() throws Exception {
        AddFile a = file("a");
        Transaction late = begin();
        begin().commit(Reads.nothing(), new Changes().remove(List.of(a)), DELETE);

        assertConflict(
                late,
                Reads.nothing(),
                new Changes().remove(List.of(a)),
                "version 1 (DELETE) by another writer removed the file '" + a.path()
                        + "', which this write removes too");
    }

    @Test
    void movedRowsAreNoNewsUnlessTheirFileIsNeeded() throws Exception {
        AddFile a = file("a");
        AddFile b = file("b");
        Transaction reader = begin();
        Transaction remover = begin();
        table.log()
                .commit(
                        1,
                        "{\"remove\":{\"path\":\"" + a.path() + "\",\"dataChange\":false}}",
                        LogFixture.add("moved.parquet", 1).replace("true", "false"));

        assertConflict(
                remover,
                Reads.all(),
                new Changes().remove(List.of(a)),
                "version 1 by another writer removed the file '" + a.path() + "', which this write removes too");
        assertThat(reader.commit(Reads.all(), new Changes().remove(List.of(b)), DELETE)
                        .version())
                .isEqualTo(2);
    }

    @Test
    void anotherProtocolIsAConflict() throws Exception {
        Transaction append = begin();
        table.log().commit(1, "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":4}}");

        assertConflict(append, Reads.nothing(), new Changes(), "version 1 by another writer changed its protocol");
    }

    @Test
    void sameDomainIsAConflict() throws Exception {
        Map<String, Object> domain = Map.of("domain", "d", "configuration", "{}", "removed", false);
        Transaction same = begin();
        Transaction other = begin();
        begin().commit(Reads.nothing(), new Changes().domain(domain), DELETE);

        assertConflict(
                same,
                Reads.nothing(),
                new Changes().domain(domain),
                "version 1 (DELETE) by another writer changed the metadata domain 'd', which this write changes too");
        other.commit(
                Reads.nothing(),
                new Changes().domain(Map.of("domain", "e", "configuration", "{}", "removed", false)),
                DELETE);
        assertThat(newest().domains()).containsOnlyKeys("d", "e");
        begin().commit(
                        Reads.nothing(),
                        new Changes().domain(Map.of("domain", "d", "configuration", "{}", "removed", true)),
                        DELETE);
        assertThat(newest().domains()).containsOnlyKeys("e");
    }

    static WriteOptions once(String appId, long version) {
        return APPEND.withCommit(CommitOptions.DEFAULT.withTransaction(appId, version));
    }

    @Test
    void transactionOfAnApplicationIsDoneOnce() throws Exception {
        assertThat(table.delta().lastTransaction("load")).isEmpty();

        CommitResult first = table.write("SELECT 3 AS id, 'a' AS p", once("load", 5));
        CommitResult again = table.write("SELECT 3 AS id, 'a' AS p", once("load", 5));
        CommitResult older = table.write("SELECT 3 AS id, 'a' AS p", once("load", 4));

        assertThat(first.alreadyDone()).isFalse();
        assertThat(again).isEqualTo(new CommitResult(1, false, false, 0, 0, 0, 0, true));
        assertThat(older.alreadyDone()).isTrue();
        assertThat(table.newest().version()).isEqualTo(1);
        assertThat(table.rows()).containsExactly("1|a", "2|b", "3|a");
        assertThat(table.dataFiles()).hasSize(3);
        assertThat(table.delta().lastTransaction("load")).isEqualTo(OptionalLong.of(5));
        assertThat(table.delta().lastTransaction("other")).isEmpty();
        assertThat(table.write("SELECT 4 AS id, 'a' AS p", once("load", 6)).version())
                .isEqualTo(2);
    }

    @Test
    void transactionThatWonTheRaceIsNotRepeated() throws Exception {
        StagedWrite late = table.stage("SELECT 3 AS id, 'a' AS p", once("load", 5));
        table.write("SELECT 3 AS id, 'a' AS p", once("load", 5));
        table.write("SELECT 4 AS id, 'a' AS p", OVERWRITE.withOverwriteSchema());

        assertThat(late.commit().alreadyDone()).isTrue();

        assertThat(table.rows()).containsExactly("4|a");
    }

    @Test
    void olderTransactionOfTheSameApplicationIsAConflict() throws Exception {
        StagedWrite late = table.stage("SELECT 3 AS id, 'a' AS p", once("load", 5));
        table.write("SELECT 3 AS id, 'a' AS p", once("load", 4));

        ConcurrencyTest.assertConflict(
                late, table.path(), "version 1 (WRITE) by another writer is by the same application 'load'");
    }

    @Test
    void transactionMayCreateTheTableOnce() throws Exception {
        try (TestTable other = new TestTable(table.path().resolveSibling("new"))) {
            StagedWrite late = other.stage("SELECT 1 AS id", once("load", 1));
            assertThat(other.write("SELECT 1 AS id, 'x' AS y", once("load", 1)).created())
                    .isTrue();

            assertThat(late.commit().alreadyDone()).isTrue();

            assertThat(other.rows()).containsExactly("1|x");
        }
    }

    @Test
    void historyHasWhatSparkWrites() throws Exception {
        table.write(
                "SELECT 5 AS id, 'c' AS p",
                OVERWRITE.withCommit(CommitOptions.DEFAULT
                        .withEngineInfo("Test/1")
                        .withUserMetadata("note")
                        .withTransaction("load", 1)));

        assertThat(Files.readAllLines(table.log().commitPath(1)).get(0))
                .matches("\\{\"commitInfo\":\\{\"timestamp\":\\d+,\"operation\":\"WRITE\",\"operationParameters\":"
                        + "\\{\"mode\":\"Overwrite\",\"partitionBy\":\"\\[\\\\\"p\\\\\"]\"},\"readVersion\":0,"
                        + "\"isolationLevel\":\"Serializable\",\"isBlindAppend\":false,\"operationMetrics\":"
                        + "\\{\"numFiles\":\"1\",\"numOutputRows\":\"1\",\"numOutputBytes\":\"\\d+\","
                        + "\"numRemovedFiles\":\"2\",\"numRemovedBytes\":\"\\d+\"},\"userMetadata\":\"note\","
                        + "\"engineInfo\":\"Test/1\",\"txnId\":\"[-0-9a-f]{36}\"}}");
        assertThat(Files.readAllLines(table.log().commitPath(1)).get(1))
                .matches("\\{\"txn\":\\{\"appId\":\"load\",\"version\":1,\"lastUpdated\":\\d+}}");
    }
}
