package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merges about matched rows only: rows of the table that no clause can change are not looked at. */
class ChangeableRowsTest {
    private static final String TWICE = "SELECT i // 2 AS id, i AS w FROM range(8) t(i)";

    @AutoClose
    final TestTable table;

    ChangeableRowsTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    @BeforeEach
    void write() throws SQLException {
        table.write("SELECT i AS id, 'x' || i AS v FROM range(2) t(i)");
        table.write("SELECT i AS id, i::VARCHAR AS v FROM range(2, 7) t(i)");
    }

    Connection duckdb() {
        return table.duck().connection();
    }

    Merge merge(String query) {
        return table.delta().merge(duckdb(), query, "target.id = source.id");
    }

    void assertSeveralMatches(Merge merge) {
        assertThatThrownBy(merge::execute)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.MULTIPLE_MATCHES));
        assertThat(table.newest().version()).isEqualTo(1);
    }

    @Test
    void severalMatchesOfOtherRowsAreNoError() throws Exception {
        ChangeResult result = merge(TWICE + " UNION ALL SELECT 5, 50")
                .whenMatched("target.id > 3 AND w > 10")
                .update(Map.of("v", "source.w::VARCHAR"))
                .whenMatched("target.id = 6")
                .delete()
                .execute();

        assertThat(result.version()).isEqualTo(OptionalLong.of(2));
        assertThat(table.rows()).containsExactly("0|x0", "1|x1", "2|2", "3|3", "4|4", "5|50", "6|6");
    }

    @Test
    void severalMatchesOfARowThatCanChangeAreAnError() throws Exception {
        assertSeveralMatches(merge(TWICE).whenMatched("target.id = 3 AND w = 6").delete());
        assertSeveralMatches(merge(TWICE)
                .whenMatched("target.id > 9")
                .delete()
                .whenMatched("w = 6")
                .delete());
        assertSeveralMatches(merge(TWICE).whenMatched("w = 99").delete());
    }

    @Test
    void allMatchesCountWhereRowsAreInserted() throws Exception {
        assertSeveralMatches(merge(TWICE)
                .whenMatched("target.id > 9")
                .delete()
                .whenNotMatched()
                .insert(Map.of("id", "id")));
    }

    @Test
    void conditionsAreNoErrorsForRowsThatMatchNothing() throws Exception {
        merge("SELECT 4 AS id")
                .whenMatched("CAST(target.v AS INTEGER) = 4")
                .delete()
                .execute();

        assertThat(table.rows()).containsExactly("0|x0", "1|x1", "2|2", "3|3", "5|5", "6|6");
        assertThatThrownBy(() -> merge("SELECT 1 AS id")
                        .whenMatched("CAST(target.v AS INTEGER) = 4")
                        .delete()
                        .execute())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("Could not convert string 'x1'");
    }

    @Test
    void conditionsThatCannotBeTriedAreLeftToTheRowsThatMatch() throws Exception {
        merge("SELECT 4 AS id")
                .whenMatched("CASE WHEN target.id <> 4 THEN error('not this one') ELSE true END")
                .delete()
                .execute();

        assertThat(table.rows()).doesNotContain("4|4").hasSize(6);
    }

    @Test
    void filesAreChosenByTheCondition() throws Exception {
        Path other = table.newest().state().fileList().stream()
                .filter(file -> String.valueOf(Json.child(file.statistics(), "minValues")
                                .orElseThrow()
                                .get("id"))
                        .equals("0"))
                .map(file -> file.locate(table.path()))
                .findFirst()
                .orElseThrow();
        Files.delete(other);

        ChangeResult result = merge(TWICE + " WHERE i % 2 = 0")
                .whenMatched("target.id = 3")
                .delete()
                .execute();

        assertThat(result.version()).isEqualTo(OptionalLong.of(2));
    }
}
