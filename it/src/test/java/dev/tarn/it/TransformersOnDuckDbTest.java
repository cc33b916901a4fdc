package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.engine.Column;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.EngineFactory;
import dev.tarn.core.engine.Sample;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.project.Dialect;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.TransformStep;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.transform.ExampleTable;
import dev.tarn.core.transform.SqlDialect;
import dev.tarn.core.transform.TransformCall;
import dev.tarn.core.transform.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each transformer gives on DuckDB what its documentation says. */
class TransformersOnDuckDbTest {

    @TempDir
    static Path folder;

    private static Engine engine;
    private static Session session;
    private static Map<String, TransformCall> calls;

    @BeforeAll
    static void open() throws IOException {
        Path work = Files.createDirectory(folder.resolve("work"));
        engine = ServiceLoader.load(EngineFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(factory -> factory.names().contains("duckdb"))
                .findFirst()
                .orElseThrow()
                .create();
        session = engine.open(new SessionSettings("run-1", work));
        calls = TransformerCase.calls(cases(), folder);
    }

    @AfterAll
    static void close() {
        session.close();
        engine.close();
    }

    static List<TransformerCase> cases() {
        return TransformerCase.all();
    }

    private static Dataset query(String sql, Map<String, Dataset> inputs) {
        return session.query(new SqlStep(MappedText.of(new SourceFile("q.sql", sql))), inputs);
    }

    private static Dataset rows(ExampleTable table) {
        return query(table.sql(SqlDialect.DUCKDB), Map.of());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesWhatIsSaid(TransformerCase tried) {
        Map<String, Dataset> inputs = new LinkedHashMap<>();
        tried.example().tables().forEach((name, table) -> inputs.put(name, rows(table)));
        ExampleTable expected = tried.example().result();

        Dataset made = session.cache(session.transform(
                new TransformStep(Objects.requireNonNull(calls.get(tried.title())), Dialect.DUCKDB), inputs));

        Sample found = session.look(made, 100);
        assertThat(found.columns())
                .extracting(TransformersOnDuckDbTest::named)
                .containsExactlyElementsOf(expected.columns().stream()
                        .map(column -> column.name() + " " + column.type())
                        .toList());
        Dataset said = session.cache(rows(expected));
        Map<String, Dataset> both = Map.of("made", made, "said", said);
        String columns = "(SELECT * FROM made EXCEPT ALL SELECT * FROM said) UNION ALL"
                + " (SELECT * FROM said EXCEPT ALL SELECT * FROM made)";
        assertThat(session.count(query(columns, both))).as("%s", found.rows()).isZero();
        if (tried.transformer().equals("sort") || tried.transformer().equals("limit")) {
            assertThat(found.rows()).isEqualTo(session.look(said, 100).rows());
        }
    }

    private static String named(Column column) {
        return column.name() + " " + Type.parse(column.type(), SqlDialect.DUCKDB);
    }
}
