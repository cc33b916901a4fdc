package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.engine.QueryAnalysis;
import dev.tarn.core.engine.QueryAnalysis.TableReference;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryAnalyzerTest {

    private static Database database;

    @BeforeAll
    static void open() {
        database = Database.openForTexts();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static List<String> tables(String sql) {
        return ((QueryAnalysis.Query) analyze(sql))
                .tables().stream().map(TableReference::name).toList();
    }

    private static QueryAnalysis analyze(String sql) {
        return new QueryAnalyzer(new SqlParser(database)).analyze(sql);
    }

    @Test
    void findsTablesInJoinsSubqueriesAndSets() {
        assertThat(tables("select * from a join b using (x) where x in (select x from c) union all select * from d"))
                .containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void findsTheFilesThatFunctionsMayRead() {
        String sql = "with a as (select 'é', * from read_csv('a.csv', sep => ';')) select * from a,"
                + " (from read_parquet(['b.parquet', 'c/*.parquet'])), range(3), unnest([1]) where x in ('d.csv')";

        assertThat(((QueryAnalysis.Query) analyze(sql)).files())
                .extracting(file -> file.path() + " = " + sql.substring(file.index(), file.index() + file.length()))
                .containsExactlyInAnyOrder("a.csv = 'a.csv'", "b.parquet = 'b.parquet'", "c/*.parquet = 'c/*.parquet'");
    }

    @Test
    void leavesOutWhatWithDefines() {
        assertThat(tables("with a as (select * from x), b as (select * from a) select * from b join y using (i)"))
                .containsExactly("x", "y");
    }

    @Test
    void aWithQueryThatIsNotRecursiveReadsTheTableOfItsOwnName() {
        assertThat(tables("with df as (select * from df where a > 1) select * from df"))
                .containsExactly("df");
    }

    @Test
    void aRecursiveOneReadsItself() {
        assertThat(tables(
                        "with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) select * from t"))
                .isEmpty();
    }

    @Test
    void ignoresCaseOfDefinedNames() {
        assertThat(tables("with Orders as (select 1) select * from ORDERS")).isEmpty();
    }

    @Test
    void takesNoTableFromTextOrFunctions() {
        assertThat(tables("select 'from df' from range(3)")).isEmpty();
    }

    @Test
    void countsPositionsInCharactersNotBytes() {
        String sql = "select 'äöü€😀' as x from orders";
        TableReference orders = ((QueryAnalysis.Query) analyze(sql)).tables().get(0);

        assertThat(sql.substring(orders.index())).isEqualTo("orders");
        assertThat(orders.length()).isEqualTo("orders".length());
    }

    @Test
    void pointsAtTheTokenThatDoesNotFit() {
        String sql = "select 'äöü' as x, a frm b where c d";

        QueryAnalysis.SyntaxError error = (QueryAnalysis.SyntaxError) analyze(sql);

        assertThat(sql.substring(error.index(), error.index() + error.length())).isEqualTo("b");
        assertThat(error.message()).isEqualTo("SQL: syntax error at or near 'b'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            create table x (a int)              | a step must be a single SELECT query
            select 1; select 2                  | there are 2 statements
            -- nothing                          | the SQL is empty
            """)
    void refusesWhatIsNotOneQuery(String sql, String message) {
        assertThat(analyze(sql)).isEqualTo(new QueryAnalysis.NotAQuery(message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1",
                "select 1;",
                "select 1 ; -- done; really",
                "select ';' as a",
                "select ';' as a; -- ;",
                "select 1 -- a comment at the end",
                "select 1 /* ; */ ; ;",
                "from x pivot (sum(a) for b in (1, 2));"
            })
    void cutsOnlyTheSemicolonsAfterTheQuery(String sql) {
        String body = sql.substring(0, new QueryAnalyzer(new SqlParser(database)).bodyLength(sql));

        assertThat(analyze("select * from (\n" + body + "\n)")).isInstanceOf(QueryAnalysis.Query.class);
        assertThat(sql).startsWith(body);
    }
}
