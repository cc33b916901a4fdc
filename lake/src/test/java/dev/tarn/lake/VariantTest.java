package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantTest {
    private static final String PROTOCOL =
            FeatureSupportTest.features("variantType variantShredding", "variantType variantShredding");

    @AutoClose
    final TestTable table;

    final LogFixture log;

    VariantTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    @Test
    void valuesAreReadAsJson() throws Exception {
        table.duck()
                .run("COPY (SELECT i AS id, 'ä' AS t, v FROM (VALUES (1, '{\"a\":1,\"b\":[1.5,\"ü\",null,true]}'::JSON"
                        + "::VARIANT), (2, NULL), (3, 7::VARIANT), (4, 'x'::VARIANT)) r(i, v)) TO '" + table.path()
                        + "/a.parquet' (FORMAT parquet)");
        log.commit(
                0,
                PROTOCOL,
                LogFixture.metadata("{}", "id integer", "t string", "v variant", "absent variant"),
                LogFixture.add("a.parquet", 1));

        assertThat(table.columns()).containsExactly("id INTEGER", "t VARCHAR", "v VARCHAR", "absent VARCHAR");
        assertThat(table.rows())
                .containsExactly(
                        "1|ä|{\"a\":1,\"b\":[1.5,\"ü\",null,true]}|null",
                        "2|ä|null|null",
                        "3|ä|7|null",
                        "4|ä|\"x\"|null");
        assertThatThrownBy(() -> table.write("SELECT 1 AS id, '{}' AS v"))
                .hasMessage("Table '" + table.path() + "' cannot be written, because it uses feature 'variantType'.");
    }

    /** As delta-rs leaves variants in files that it writes anew; DuckDB takes them for structs, which they are not. */
    @Test
    void bytesThatAreNotMarkedAsAVariantAreRefused() throws Exception {
        table.duck()
                .run("COPY (SELECT 1 AS id, [{'metadata': ''::BLOB, 'value': ''::BLOB}] AS l) TO '" + table.path()
                        + "/a.parquet' (FORMAT parquet)");
        log.commit(
                0,
                PROTOCOL,
                LogFixture.metadata(
                        "{}",
                        "id integer",
                        "{\"name\":\"l\",\"type\":{\"type\":\"array\",\"elementType\":\"variant\","
                                + "\"containsNull\":true},\"nullable\":true,\"metadata\":{}}"),
                LogFixture.add("a.parquet", 1));

        assertThatThrownBy(table::sql)
                .hasMessage("Table '" + table.path() + "' cannot be read, because its data file '" + table.path()
                        + "/a.parquet' has a variant that is not marked as a variant.");
    }
}
