package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.check.Check;
import dev.tarn.core.check.OnFail;
import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Quarantine.RejectionColumn;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedTableTest {

    private static final SourceFile FILE = new SourceFile("tarn.yaml", "x");
    private static final SourceSpan SPAN = FILE.start();
    private static final Write WRITE = new Write(
            Format.DELTA,
            new Location("lake", "rejected", "/lake/rejected", SPAN),
            WriteMode.OVERWRITE,
            List.of(),
            false,
            false,
            List.of(),
            Set.of(),
            SPAN);
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path folder;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(folder);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private CheckedTable check(String query, Check... checks) {
        DuckDbDataset data =
                new DuckDbDataset(SqlText.ours(query), OptionalLong.empty(), DuckDbDataset.Kind.COMPUTED, 1, Map.of());
        return CheckedTable.of(database, data, List.of(checks), "memory.main.checked");
    }

    private List<List<String>> rows(dev.tarn.core.engine.Dataset data) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        database.rows(DuckDbDataset.of(data).query().text()).forEach(row -> rows.add(new ArrayList<>(row)));
        return rows;
    }

    private dev.tarn.core.engine.Dataset rejected(CheckedTable table, RejectionColumn... columns) {
        return table.rejected(new Quarantine(WRITE, Set.of(columns)), "orders", "run-1", AT);
    }

    private static MappedText text(String text) {
        return MappedText.of(new SourceFile("tarn.yaml", text));
    }

    private static Check range(@Nullable Object min, @Nullable Object max) {
        return new Check.Range("range_x", OnFail.QUARANTINE, SPAN, "x", min, max);
    }

    @Test
    void aNullIsRejectedByARangeAndDoesNotVanish() throws SQLException {
        CheckedTable table = check("select unnest([5, null, -1]) as x", range(0L, null));

        assertThat(rows(table.accepted())).containsExactly(List.of("5"));
        assertThat(table.rejectedRows()).isEqualTo(2);
        assertThat(rows(rejected(table))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'nan'::double", "null::double"})
    void whatIsNoNumberIsInNoRange(String value) {
        assertThat(check("select " + value + " as x", range(0L, null)).rejectedRows())
                .isEqualTo(1);
        database.close();
        database = Database.open(folder);
        assertThat(check("select " + value + " as x", range(null, 10L)).rejectedRows())
                .isEqualTo(1);
    }

    @Test
    void rangesOfDatesCompareAsDates() {
        CheckedTable table = check(
                "select unnest([date '2026-01-01', date '2025-12-31']) as x",
                new Check.Range("r", OnFail.QUARANTINE, SPAN, "x", "2026-01-01", null));

        assertThat(table.rejectedRows()).isEqualTo(1);
    }

    @Test
    void aNullKeepsAPatternAndBreaksAcceptedValues() {
        String query = "select unnest(['a1', 'b', null]) as x";
        Check pattern = new Check.RegexMatch("p", OnFail.WARN, SPAN, "x", text("a|b$"));
        Check values = new Check.AcceptedValues("v", OnFail.WARN, SPAN, "x", List.of("a1", "b"));

        assertThat(check(query, pattern, values).violations()).containsExactly(0L, 1L);
    }

    @Test
    void aPatternStartsAtTheBeginning() {
        Check pattern = new Check.RegexMatch("p", OnFail.WARN, SPAN, "x", text("b|c"));

        assertThat(check("select unnest(['ab', 'bc', 'ac']) as x", pattern).violations())
                .containsExactly(2L);
    }

    @Test
    void uniqueRejectsEveryMemberOfAGroupNullsIncluded() throws SQLException {
        Check unique = new Check.Unique("u", OnFail.QUARANTINE, SPAN, List.of("x", "y"));
        CheckedTable table = check(
                "select * from (values (1, 'a', 1), (1, 'a', 2), (1, 'b', 3), (null, 'a', 4), (null, 'a', 5)) t(x, y, i)",
                unique);

        assertThat(rows(table.accepted())).containsExactly(List.of("1", "b", "3"));
        assertThat(table.violations()).containsExactly(4L);
    }

    @Test
    void aConditionThatIsNullIsNotTrue() {
        Check condition = new Check.CustomSql("c", OnFail.QUARANTINE, SPAN, text("x > 1 -- big"), 0);

        assertThat(check("select unnest([1, 2, null]) as x", condition).rejectedRows())
                .isEqualTo(2);
    }

    @Test
    void saysWhyEachRowWasRejected() throws SQLException {
        CheckedTable table = check(
                "select * from (values (null, 5), (1, -5), (null, -5)) t(a, x)",
                new Check.NotNull("a_there", OnFail.QUARANTINE, SPAN, List.of("a")),
                range(0L, 9L));

        assertThat(rows(rejected(
                        table,
                        RejectionColumn.REJECTION_REASON,
                        RejectionColumn.FAILED_TESTS,
                        RejectionColumn.REJECTED_AT,
                        RejectionColumn.SOURCE_BATCH_ID,
                        RejectionColumn.ORIGINAL_NODE)))
                .extracting(row -> String.join("|", row.subList(2, row.size())))
                .containsExactlyInAnyOrder(
                        "'a' must not be NULL|2026-01-02T03:04:05Z|run-1|a_there|orders",
                        "'x' must be between 0 and 9|2026-01-02T03:04:05Z|run-1|range_x|orders",
                        "'a' must not be NULL; 'x' must be between 0 and 9|2026-01-02T03:04:05Z|run-1|a_there,"
                                + " range_x|orders");
    }

    /**
     * Whatever the rows and the rules: accepted and rejected rows together are the input, row for row. The rows carry a
     * number, and rules and queries may be random.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyRowIsInExactlyOneOfAcceptedAndRejected(long seed) throws SQLException {
        Random random = new Random(seed);
        long count = random.nextInt(3000);
        String query = "select i, case when random() < 0.2 then null else (random() * 10)::int end as x,"
                + " case when random() < 0.1 then null when random() < 0.1 then 'nan'::double else random() end as d,"
                + " ['a', 'b', null, '', 'Ä'][1 + (random() * 5)::int] as s from range(" + count + ") t(i)";
        List<Check> checks = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(5); i++) {
            checks.add(randomCheck(random, i));
        }

        CheckedTable table = check(query, checks.toArray(Check[]::new));

        List<Long> ids = new ArrayList<>();
        rows(table.accepted()).forEach(row -> ids.add(Long.valueOf(row.get(0))));
        assertThat(ids).as("seed %s", seed).hasSize((int) (table.rows() - table.rejectedRows()));
        rows(rejected(table)).forEach(row -> ids.add(Long.valueOf(row.get(0))));
        assertThat(ids).as("seed %s", seed).hasSize((int) count).doesNotHaveDuplicates();
        assertThat(table.rows()).isEqualTo(count);
    }

    private static Check randomCheck(Random random, int i) {
        OnFail onFail = List.of(OnFail.values()).get(random.nextInt(3));
        String name = "check_" + i;
        return switch (random.nextInt(6)) {
            case 0 -> new Check.NotNull(name, onFail, SPAN, List.of("x", "s"));
            case 1 -> new Check.Unique(name, onFail, SPAN, List.of("x", "s"));
            case 2 -> new Check.AcceptedValues(name, onFail, SPAN, "s", List.of("a", ""));
            case 3 -> new Check.Range(name, onFail, SPAN, "d", 0.2, random.nextBoolean() ? 0.9 : null);
            case 4 -> new Check.RegexMatch(name, onFail, SPAN, "s", text("[a-z]*$"));
            default -> new Check.CustomSql(name, onFail, SPAN, text("random() < 0.7"), 0);
        };
    }
}
