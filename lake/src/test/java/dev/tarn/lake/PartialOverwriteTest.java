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
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartialOverwriteTest {
    @AutoClose
    final TestTable table;

    PartialOverwriteTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    @BeforeEach
    void write() throws SQLException {
        table.write("SELECT i AS id, 'p' || i % 3 AS p FROM range(6) t(i)", APPEND.withPartitionBy(List.of("p")));
    }

    @Test
    void conditionAboutPartitionsReplacesFilesUnread() throws Exception {
        CommitResult result = table.write("SELECT 9 AS id, 'p1' AS p", OVERWRITE.withReplaceWhere("p = 'p1'"));

        assertThat(List.of(result.filesAdded(), result.filesRemoved())).containsExactly(1, 1);
        assertThat(result.rows()).isEqualTo(1);
        assertThat(table.rows()).containsExactly("0|p0", "2|p2", "3|p0", "5|p2", "9|p1");
    }

    @Test
    void conditionAboutRowsKeepsTheOthersOfTheirFiles() throws Exception {
        CommitResult result = table.write(
                "SELECT 8 AS id, 'p1' AS p UNION ALL SELECT 9, 'p7'", OVERWRITE.withReplaceWhere("id >= 3"));

        assertThat(result.rows()).isEqualTo(2);
        assertThat(table.rows()).containsExactly("0|p0", "1|p1", "2|p2", "8|p1", "9|p7");
        assertThat(new TableLog(table.path()).commit(1).info().get("operationParameters"))
                .asString()
                .contains("predicate=[\"id >= 3\"]", "mode=Overwrite");
    }

    @Test
    void noRowsOnlyDelete() throws Exception {
        table.write("SELECT 8 AS id, 'p1' AS p WHERE false", OVERWRITE.withReplaceWhere("id >= 3 OR p = 'p0'"));

        assertThat(table.rows()).containsExactly("1|p1", "2|p2");
    }

    @Test
    void rowsOutsideTheConditionAreRefused() throws Exception {
        for (String where : List.of("p = 'p1'", "id = 1")) {
            table.assertRefused(
                    "SELECT unnest([1, 2, NULL]) AS id, unnest(['p1', 'p2', NULL]) AS p",
                    OVERWRITE.withReplaceWhere(where),
                    Kind.INVALID_WRITE,
                    "2 rows of the query do not satisfy the condition of the overwrite of table 'DIR/orders': " + where,
                    "Filter the rows in the query, or overwrite by another condition.");
        }
        assertThat(table.rows()).hasSize(6);
    }

    @Test
    void newTableTakesRowsThatSatisfyTheCondition(@TempDir Path directory) throws Exception {
        try (TestTable created = new TestTable(directory.resolve("t"))) {
            assertThatThrownBy(() -> created.write("SELECT 1 AS id", OVERWRITE.withReplaceWhere("id = 2")))
                    .hasMessageContaining("1 row of the query does not satisfy");
            created.write("SELECT 2 AS id", OVERWRITE.withReplaceWhere("target.id = 2"));

            assertThat(created.rows()).containsExactly("2");
        }
    }

    @Test
    void changeFeedTellsBoth(@TempDir Path directory) throws Exception {
        try (TestTable feed = new TestTable(directory.resolve("t"))) {
            DeltaTable.create(feed.path())
                    .column("id", DeltaType.Primitive.INTEGER)
                    .property("delta.enableChangeDataFeed", "true")
                    .create();
            feed.write("SELECT unnest([1, 2, 3]) AS id");
            feed.write("SELECT 7 AS id", OVERWRITE.withReplaceWhere("id > 1"));
            feed.write("SELECT 0 AS id", OVERWRITE.withReplaceWhere("id < 7"));

            assertThat(feed.rows()).containsExactly("0", "7");
            assertThat(feed.duck()
                            .rows("SELECT id, _change_type, _commit_version FROM ("
                                    + feed.delta().changes(2).toSql() + ") ORDER BY ALL"))
                    .containsExactly("0|insert|3", "1|delete|3", "2|delete|2", "3|delete|2", "7|insert|2");
        }
    }

    @Test
    void onlyPartitionsOfTheRowsAreReplaced() throws Exception {
        CommitResult result =
                table.write("SELECT 8 AS id, 'p1' AS p UNION ALL SELECT 9, NULL", OVERWRITE.withReplacePartitions());
        table.write("SELECT 10 AS id, NULL AS p", OVERWRITE.withReplacePartitions());

        assertThat(List.of(result.filesAdded(), result.filesRemoved())).containsExactly(2, 1);
        assertThat(table.rows()).containsExactly("0|p0", "2|p2", "3|p0", "5|p2", "8|p1", "10|null");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            timestamp with time zone; TIMESTAMPTZ '2024-02-29 10:00:00+00'; 2024-02-29 10:00:00
            timestamp;                TIMESTAMP '2024-02-29 10:00:00.5';    2024-02-29 10:00:00.5
            double;                   1e300::DOUBLE;                        1.0E300
            """)
    void otherWritersTextsNameTheSamePartition(String type, String value, String text, @TempDir Path directory)
            throws Exception {
        try (TestTable other = new TestTable(directory.resolve("t"))) {
            other.write(
                    "SELECT 1 AS id, CAST(" + value + " AS " + type + ") AS p", APPEND.withPartitionBy(List.of("p")));
            AddFile file = other.newest().state().fileList().get(0);
            String ours = String.valueOf(file.partitionValue("p"));
            Path first = other.delta().commitFile(0);
            Files.writeString(first, Files.readString(first).replace(ours, text));

            other.write("SELECT 2 AS id, CAST(" + value + " AS " + type + ") AS p", OVERWRITE.withReplacePartitions());

            assertThat(other.duck().rows("SELECT id FROM (" + other.sql() + ")"))
                    .containsExactly("2");
        }
    }

    @Test
    void tableWithoutPartitionsIsReplaced(@TempDir Path directory) throws Exception {
        try (TestTable plain = new TestTable(directory.resolve("t"))) {
            plain.write("SELECT 1 AS id");
            plain.write("SELECT 2 AS id", OVERWRITE.withReplacePartitions());

            assertThat(plain.rows()).containsExactly("2");
        }
    }

    @Test
    void optionsThatContradictEachOtherAreRefused() throws Exception {
        for (WriteOptions options : List.of(
                APPEND.withReplaceWhere("id = 1"),
                APPEND.withReplacePartitions(),
                OVERWRITE.withOverwriteSchema().withReplaceWhere("id = 1"),
                OVERWRITE.withReplacePartitions().withOverwriteSchema())) {
            table.assertRefused(
                    "SELECT 1 AS id, 'p' AS p",
                    options,
                    Kind.INVALID_WRITE,
                    "Only an overwrite that keeps the schema can replace a part of a table.",
                    "Use the mode 'Overwrite', without replacing the schema.");
        }
    }

    @Test
    void rowsThatCameInBetweenAreAConflict() throws Exception {
        StagedWrite late = table.stage("SELECT 9 AS id, 'p1' AS p", OVERWRITE.withReplaceWhere("p = 'p1'"));
        table.write("SELECT 20 AS id, 'p2' AS p");
        StagedWrite later = table.stage("SELECT 9 AS id, 'p2' AS p", OVERWRITE.withReplaceWhere("p = 'p2'"));

        late.commit();
        table.write("SELECT 21 AS id, 'p2' AS p");

        assertThatThrownBy(later::commit)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        conflict -> assertThat(conflict.kind()).isEqualTo(Kind.CONFLICT))
                .hasMessageContaining("added rows (p = p2) which this write should have read");
        later.discard();
        assertThat(table.rows()).containsExactly("0|p0", "2|p2", "3|p0", "5|p2", "9|p1", "20|p2", "21|p2");
    }
}
