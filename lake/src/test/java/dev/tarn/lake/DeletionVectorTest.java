package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeletionVectorTest {
    private static final String FEATURE = FeatureSupportTest.features("deletionVectors", "deletionVectors");

    /** Rows over three containers and many chunks. */
    private static final int ROWS = 150_000;

    @AutoClose
    final TestTable table;

    final LogFixture log;

    DeletionVectorTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    private void data(String name, int from, int to) throws Exception {
        table.duck()
                .run("COPY (SELECT range AS id FROM range(" + from + ", " + to + ")) TO '"
                        + table.path().resolve(name) + "' (FORMAT parquet)");
    }

    private void commit(String... adds) throws IOException {
        log.commit(0, FEATURE, LogFixture.metadata("{}", "id long"));
        log.commit(1, adds);
    }

    @Test
    void exampleOfTheProtocolIsRead() throws Exception {
        data("a.parquet", 0, 40);
        commit(VectorFixture.add(
                "a.parquet",
                40,
                VectorFixture.descriptor("i", "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L", null, 44, 6)));

        assertThat(table.newest().numRecords()).isEqualTo(OptionalLong.of(34));
        assertThat(table.duck().rows("FROM range(40) r(id) WHERE id NOT IN (FROM (" + table.sql() + ")) ORDER BY id"))
                .containsExactly("3", "4", "7", "11", "18", "29");
    }

    private void assertLeft(String... ranges) throws Exception {
        String expected = String.join(
                " UNION ALL ",
                List.of(ranges).stream()
                        .map(range -> "FROM range(" + range + ") r(id)")
                        .toList());
        assertThat(table.duck().difference(table.sql(), expected)).isEqualTo("0|0");
    }

    private void assertDamaged(String message) {
        assertThatThrownBy(table::sql)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(Kind.CORRUPT_TABLE))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"false, 5", "false, 40", "false, 60000", "true, 5", "true, 40", "true, 60000", "true, 140000"})
    void anyContainerIsRead(boolean runs, int count) throws Exception {
        data("a.parquet", 0, ROWS);
        BitSet deleted = new BitSet();
        Random random = new Random(count);
        while (deleted.cardinality() < count) {
            int from = random.nextInt(ROWS);
            deleted.set(from, Math.min(ROWS, from + 1 + random.nextInt(3)));
        }
        commit(VectorFixture.add("a.parquet", ROWS, VectorFixture.inline(deleted, runs)));
        List<String> rows = deleted.stream().mapToObj(String::valueOf).toList();

        assertThat(table.duck()
                        .difference(
                                table.sql(),
                                "FROM range(" + ROWS + ") r(id) WHERE id NOT IN (SELECT unnest(["
                                        + String.join(",", rows) + "]))"))
                .isEqualTo("0|0");
        assertThat(table.newest().numRecords()).isEqualTo(OptionalLong.of(ROWS - deleted.cardinality()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyContainersHaveOffsets(boolean runs) {
        BitSet rows = new BitSet();
        for (int i = 0; i < 6; i++) {
            rows.set(i * 65_536 + i, i * 65_536 + 10 + i * 1000);
        }

        assertThat(RoaringBits.parse(VectorFixture.roaring(rows, runs))).isEqualTo(rows);
    }

    @Test
    void emptyVectorDeletesNothing() throws Exception {
        data("a.parquet", 0, 3);
        commit(VectorFixture.add("a.parquet", 3, VectorFixture.inline(new BitSet(), false)));

        assertLeft("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab"})
    void vectorsOfSeveralFilesShareOne(String prefix) throws Exception {
        for (int i = 0; i < 4; i++) {
            data("f" + i + ".parquet", i * 10_000, (i + 1) * 10_000);
        }
        List<String> vectors = VectorFixture.stored(
                table.path(), prefix, false, VectorFixture.range(0, 9_000), VectorFixture.rows(9_999));
        Path outside = table.path().resolveSibling("out side.bin");
        List<String> absolute = VectorFixture.absolute(outside, true, VectorFixture.range(5, 10_000));
        commit(
                VectorFixture.add("f0.parquet", 10_000, vectors.get(0)),
                VectorFixture.add("f1.parquet", 10_000, vectors.get(1)),
                LogFixture.add("f2.parquet", 1),
                VectorFixture.add("f3.parquet", 10_000, absolute.get(0)));

        assertLeft("9000, 10000", "10000, 19999", "20000, 30000", "30000, 30005");
        assertThat(table.duck().value("SELECT count(*), min(id) FROM (" + table.sql() + ") WHERE id >= 8000"))
                .isEqualTo("21004|9000");
        assertThat(table.duck().rows("FROM (" + table.sql() + ") WHERE id = 19999"))
                .isEmpty();
        assertThat(table.duck().value("SELECT count(*) FROM (" + table.sql() + ") WHERE id = 19998"))
                .isEqualTo("1");
    }

    @Test
    void filterThatSkipsRowGroupsKeepsTheNumbersOfRows() throws Exception {
        table.duck()
                .run("COPY (SELECT range AS id FROM range(100000)) TO '" + table.path()
                        + "/a.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
        commit(VectorFixture.add("a.parquet", 100_000, VectorFixture.inline(VectorFixture.rows(70_001), false)));

        assertThat(table.duck().rows("FROM (" + table.sql() + ") WHERE id BETWEEN 70000 AND 70002 ORDER BY ALL"))
                .containsExactly("70000", "70002");
    }

    @Test
    void ownFileWithPartitionsIsReadWithItsVector() throws Exception {
        table.write(
                "SELECT range AS id, range % 2 AS p FROM range(10)", TestTable.APPEND.withPartitionBy(List.of("p")));
        List<String> vectors = VectorFixture.stored(table.path(), "", false, VectorFixture.rows(0, 4));
        String add = Files.readAllLines(log.commitPath(0)).stream()
                .filter(line -> line.contains("\"partitionValues\":{\"p\":\"1\"}"))
                .findFirst()
                .orElseThrow();
        log.commit(
                1,
                FEATURE,
                "{\"remove\":{\"path\":\"" + add.replaceAll(".*\"path\":\"([^\"]+)\".*", "$1") + "\"}}",
                add.replace("{\"path\"", "{\"deletionVector\":" + vectors.get(0) + ",\"path\""));

        assertThat(table.rows()).containsExactly("0|0", "2|0", "3|1", "4|0", "5|1", "6|0", "7|1", "8|0");
        assertThat(table.newest().numRecords()).isEqualTo(OptionalLong.of(8));
        assertThat(table.rows(table.delta().snapshot(0))).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file_row_number", "FILE_ROW_NUMBER", "_tarn_file", "filename"})
    void columnMayHaveAnyName(String name) throws Exception {
        table.duck()
                .run("COPY (SELECT 100 - range AS " + name + " FROM range(10)) TO '" + table.path()
                        + "/a.parquet' (FORMAT parquet)");
        log.commit(0, FEATURE, LogFixture.metadata("{}", name + " long"));
        log.commit(1, VectorFixture.add("a.parquet", 10, VectorFixture.inline(VectorFixture.range(2, 10), false)));

        assertThat(table.rows()).containsExactly("99", "100");
        assertThat(table.columns()).containsExactly(name + " BIGINT");
    }

    @Test
    void laterVectorReplacesTheEarlier() throws Exception {
        data("a.parquet", 0, 10);
        List<String> vectors = VectorFixture.stored(
                table.path(), "", false, VectorFixture.rows(1), VectorFixture.rows(1, 2), VectorFixture.rows(1, 2, 3));
        commit(VectorFixture.add("a.parquet", 10, vectors.get(0)));
        for (int i = 1; i < 3; i++) {
            log.commit(
                    1 + i,
                    "{\"remove\":{\"path\":\"a.parquet\",\"deletionVector\":" + vectors.get(i - 1) + "}}",
                    VectorFixture.add("a.parquet", 10, vectors.get(i)));
        }

        assertLeft("1", "4, 10");
        assertThat(table.rows(table.delta().snapshot(1))).hasSize(9).doesNotContain("1");
        log.checkpoint(table.duck(), 3, "parquet", "true");
        for (int version = 0; version < 4; version++) {
            Files.delete(log.commitPath(version));
        }
        assertLeft("1", "4, 10");
    }

    @Test
    void flippedBitIsFound() throws Exception {
        data("a.parquet", 0, 10);
        commit(VectorFixture.add(
                "a.parquet",
                10,
                VectorFixture.stored(table.path(), "", false, VectorFixture.rows(3))
                        .get(0)));
        Path file = table.dataFiles().stream()
                .filter(path -> path.toString().endsWith(".bin"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 1;
            Files.write(file, bytes);
            assertDamaged("deletion vector");
            bytes[i] ^= 1;
        }
        for (int length : new int[] {0, 1, 4, 10, bytes.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(bytes, length));
            assertDamaged("deletion vector");
        }
        Files.delete(file);
        assertDamaged("The deletion vector '" + file + "' of table '" + table.path() + "' cannot be read:");
    }

    @Test
    void everyCutOrChangedVectorIsFound() throws Exception {
        for (boolean runs : new boolean[] {false, true}) {
            BitSet rows = VectorFixture.range(60_000, 70_000);
            byte[] bytes = VectorFixture.roaring(rows, runs);
            for (int length = 0; length < bytes.length; length += 1 + length / 50) {
                byte[] cut = java.util.Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> RoaringBits.parse(cut)).isInstanceOf(IllegalArgumentException.class);
            }
            byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);
            assertThatThrownBy(() -> RoaringBits.parse(longer)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The texts are variants of what is right: the example of the protocol in the format of today. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            x; ^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L; 44; 6; its storage type is unknown
            i; ^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L; 44; 5; it has 6 rows where the log has 5
            i; ^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L; 48; 6; it has 44 bytes where the log has 48
            i; ^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L; 40; 6; it has 44 bytes where the log has 40
            i; ^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L; 43; 6; it ends early
            i; ^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L1; 44; 6; its text is cut
            i; ~Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L; 44; 6; its text has the character '~'
            i; #####; 4; 6; its text is no number
            # The example itself has the magic number of an earlier format.
            i; wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L; 40; 6; it has another format
            u; abc;  44; 6; its name is too short
            """)
    void damagedDescriptorIsFound(String type, String text, int size, int count, String why) throws Exception {
        data("a.parquet", 0, 40);
        commit(VectorFixture.add("a.parquet", 40, VectorFixture.descriptor(type, text, null, size, count)));

        assertDamaged(
                "The deletion vector '" + type + text + "' of table '" + table.path() + "' is damaged: " + why + ".");
    }

    @Test
    void vectorInAnotherStoreIsRefused() throws Exception {
        data("a.parquet", 0, 40);
        commit(VectorFixture.add(
                "a.parquet", 40, VectorFixture.descriptor("p", "s3://bucket/deletion_vector_x.bin", 1, 40, 6)));

        assertThatThrownBy(table::sql)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(Kind.UNSUPPORTED_FEATURE))
                .hasMessage("Table '" + table.path()
                        + "' cannot be read, because it uses deletion vectors in another store.");
    }
}
