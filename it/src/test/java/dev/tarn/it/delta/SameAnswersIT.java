package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.LakeException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Conditions and values have the same meaning for Spark and for us. */
@ExtendWith(Peers.Resolver.class)
class SameAnswersIT {
    private static final String CONDITIONS = """
            i > 0
            NOT i > 0
            i <> -7 AND l >= 8
            NOT (i = 7 OR l IS NULL)
            i = 7 OR NULL
            NULL
            i = NULL
            i IS NOT DISTINCT FROM NULL
            b
            NOT b
            b = false
            b IS NOT TRUE
            b IS NULL
            b <> (i > 0)
            i IN (7, NULL)
            i NOT IN (7, NULL)
            i NOT IN (7, -7)
            i BETWEEN -7 AND 7
            NOT (i BETWEEN 0 AND 7)
            i % 4 = -3
            i / 2 = 3.5
            abs(i % 5) = 2
            i * 2.5 > 3
            -id < -6
            l = 9007199254740993
            l > 9007199254740992
            l = 9223372036854775807
            l < -9223372036854775807
            l = d
            l >= 16777216.5
            CAST(l AS DOUBLE) = d
            d = CAST('NaN' AS DOUBLE)
            d > 1
            d > CAST('Infinity' AS DOUBLE)
            d < 0
            d <= 0
            d = 0
            d = -0.0
            d IN (0, 1.5)
            d = d
            d <> d
            NOT d > 1
            d BETWEEN 0 AND 2
            d >= 1e300
            isnan(d)
            f > 1
            f = 0
            f = d
            f < CAST('NaN' AS FLOAT)
            f >= 16777216
            dc = 0.1
            dc = 0.10
            dc + 0.001 < 0.06 AND dc > 0
            dc = 1.5
            dc < d
            dc IN (0.05, 1.5)
            dc BETWEEN -0.01 AND 0.05
            dc > 99999999
            big > 0
            big = 0.1
            big = 0.0000000001
            big > 9999999999999999999999999999
            big < dc
            t = 'ä€'
            t = ''
            t > 'A'
            t < 'z'
            t > 'z'
            t >= '😀'
            t = 'Z '
            t = 'z'
            upper(t) = 'Z'
            lower('Ä€') = t
            length(t) = 1
            length(t) = 2
            t LIKE 'a%'
            t LIKE '_'
            t LIKE '_€'
            t LIKE '%'
            t NOT LIKE '%b%'
            t IN ('Z', '😀', NULL)
            t || 'x' = 'Zx'
            concat(t, 'x') = 'Zx'
            trim(t) = 'z'
            substring(t, 2, 1) = '€'
            substring(t, 1, 1) = 'a'
            coalesce(t, '?') = '?'
            nullif(t, '') IS NULL
            replace(t, '%', '') = 'ab_'
            t < CAST('\uFFFD' AS STRING)
            `OtherCase` = 'a'
            `othercase` = 'A'
            upper(OTHERCASE) = 'É'
            ID = 3
            Day IS NULL
            day = DATE '2024-02-29'
            day > '2023-12-31'
            day <= DATE '1582-10-15'
            day < DATE '1582-10-15'
            day BETWEEN DATE '0001-01-01' AND DATE '1970-01-01'
            year(day) = 2024
            month(day) = 2 AND day(day) = 29
            day + INTERVAL '1' DAY = DATE '2024-03-01'
            day IN ('2024-02-29', '9999-12-31')
            day = CAST('2024-03-01' AS DATE)
            day < ts
            CAST(ts AS DATE) = DATE '2024-02-29'
            ts > TIMESTAMP '2024-02-29 23:59:59'
            ts >= '2024-02-29 23:59:59.999999'
            ts = '2024-02-29 00:00:00'
            ts < TIMESTAMP '1970-01-01 00:00:00'
            ts = CAST('2024-03-31 01:00:00+00:00' AS TIMESTAMP)
            ts > DATE '9999-12-31'
            year(ts) = 1
            ntz = TIMESTAMP_NTZ '2024-03-10 02:30:00'
            ntz > '2024-02-29'
            ntz < DATE '1582-10-05'
            ntz = ts
            hour(ntz) = 2
            s.x > 0
            s.x IS NULL
            s IS NULL
            s.y = ''
            s.y = t
            S.X < 0
            bin = X'00FF'
            bin = X''
            bin IS NULL
            bin < X'80'
            bin > X'7F'
            p = 'a'
            p = 'A'
            p IS NULL
            p <> 'a'
            p = 'ä' OR i = 7
            p > 'a' AND d < 1
            p IN ('b c', 'ä')
            upper(p) = 'A'
            p = t
            length(p) = 3
            p LIKE 'b%'
            CASE WHEN i > 0 THEN d > 0 ELSE b END
            coalesce(i, 0) = 0
            greatest(i, 0) = 0
            least(l, 0) < 0
            i IS NULL AND l IS NULL
            CAST(i AS STRING) = '7'
            CAST(dc AS STRING) = '0.10'
            CAST(b AS STRING) = 'true'
            CAST(day AS STRING) = '2024-02-29'
            floor(d) = 1
            round(dc, 1) = 0.1
            """;

    private final Peers peers;
    private final EdgeTable edges;

    SameAnswersIT(Peers peers, @TempDir Path folder) {
        this.peers = peers;
        this.edges = new EdgeTable(peers, folder);
    }

    /** By one query of Spark, and a delete of ours for each. */
    @Test
    void conditionsHoldForTheSameRows() throws Exception {
        List<String> conditions = CONDITIONS.lines().toList();
        Map<String, Set<Integer>> expected = answersOfSpark(conditions);
        for (String condition : conditions) {
            Set<Integer> kept = new TreeSet<>(ids());
            kept.removeAll(expected.get(condition));
            edges.compare(condition, left(condition), kept.toString());
        }
        assertThat(edges.differences()).isEmpty();
    }

    private List<Integer> ids() {
        return IntStream.rangeClosed(1, edges.rows()).boxed().toList();
    }

    private Map<String, Set<Integer>> answersOfSpark(List<String> conditions) {
        String questions =
                conditions.stream().map(each -> "(" + each + ") IS TRUE").collect(Collectors.joining(", "));
        List<Row> rows = peers.session()
                .sql("SELECT id, " + questions + " FROM " + edges.spark())
                .collectAsList();
        Map<String, Set<Integer>> answers = new LinkedHashMap<>();
        for (int i = 0; i < conditions.size(); i++) {
            int column = i + 1;
            answers.put(
                    conditions.get(i),
                    rows.stream()
                            .filter(row -> row.getBoolean(column))
                            .map(row -> row.getInt(0))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        return answers;
    }

    /** The rows that our delete leaves, or why there are none. */
    private String left(String condition) throws Exception {
        Path table = edges.copy();
        try {
            peers.tarn.delete(table, EdgeTable.duckSql(condition));
        } catch (LakeException | SQLException refusal) {
            return EdgeTable.firstLine(refusal);
        }
        return peers.tarn.read(table).rows().stream()
                .map(row -> Integer.valueOf(row.replaceAll("(?s)^\\(id=(\\d+).*", "$1")))
                .collect(Collectors.toCollection(TreeSet::new))
                .toString();
    }

    @Test
    void updatesPutTheSameValues() throws Exception {
        List<Map<String, String>> updates = List.of(
                sets(
                        "b = NOT b; i = CAST(l % 1000 AS INT); l = i; f = d; d = f * 2; dc = i % 100; big = dc; t = t || p; day ="
                                + " CAST(ts AS DATE); ts = coalesce(ts, TIMESTAMP '2024-01-01 00:00:00.5'); ntz = CASE WHEN id > 3"
                                + " THEN ntz END; s = CASE WHEN i > 0 THEN s END; bin = CASE WHEN id > 4 THEN bin END; p = upper(p);"
                                + " othercase = substring(t, 1, 1)"),
                sets(
                        "dc = CAST(CASE id WHEN 1 THEN 1.005 WHEN 2 THEN -1.005 WHEN 4 THEN 0.125 ELSE 2.675 END AS DOUBLE); d ="
                                + " big; big = l; f = i; p = t; t = p; ID = i; b = NULL; day = NULL; s = NULL; bin = NULL"),
                sets(
                        "dc = CASE id WHEN 1 THEN 1.005 WHEN 2 THEN -1.005 WHEN 4 THEN 0.995 ELSE 2.5 END; d = 0.1; f = 0.1; l = 5"),
                sets("i = l"),
                sets("i = i + 1"),
                sets("dc = l"));
        for (Map<String, String> update : updates) {
            String where = update.size() > 2 ? "id NOT IN (3, 5, 6)" : "id > 0";
            edges.compare(update.toString(), (peer, table) -> peer.update(table, words(peer, update), where));
        }
        assertThat(edges.differences()).isEmpty();
    }

    private static Map<String, String> sets(String text) {
        Map<String, String> sets = new LinkedHashMap<>();
        for (String each : text.split("; ", -1)) {
            String[] parts = each.split(" = ", 2);
            sets.put(parts[0], parts[1]);
        }
        return sets;
    }

    private static Map<String, String> words(Peer peer, Map<String, String> update) {
        Map<String, String> words = new LinkedHashMap<>(update);
        words.replaceAll((column, value) -> peer instanceof TarnPeer ? EdgeTable.duckSql(value) : value);
        return words;
    }
}
