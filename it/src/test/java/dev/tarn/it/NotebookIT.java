package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notebooks with Spark: in the Python and on the Spark that Tarn makes for itself. */
class NotebookIT {

    private static final String STARS = "********************";

    private static final String HEAD = """
            # Fabric notebook source

            # METADATA STARS

            # META {
            # META   "kernel_info": {"name": "synapse_pyspark"},
            # META   "dependencies": {"lakehouse": {"default_lakehouse": "0f9d", "default_lakehouse_name": "LAKEHOUSE"}}
            # META }
            """;

    private static final String COMMON = """

            # CELL STARS

            import json
            from pyspark.sql import SparkSession

            def rows(n):
                session = SparkSession.builder.getOrCreate()
                return session.createDataFrame([(i, "a" * i) for i in range(n)], "n int, s string")
            """;

    private static final String MAIN = """

            # PARAMETERS CELL STARS

            count = 1

            # CELL STARS

            %run common

            # CELL STARS

            df = rows(count)
            display(df)
            df.write.mode("overwrite").saveAsTable("managed")
            df.write.format("delta").save("Tables/discovered/t")
            spark.sql("CREATE SCHEMA IF NOT EXISTS located")
            spark.sql("CREATE TABLE located.t USING DELTA LOCATION 'Tables/located/t' AS SELECT 1 AS x")
            df.rdd.map(lambda r: r.s).saveAsTextFile("Files/text")
            df.write.mode("overwrite").json("Files/out")

            # CELL STARS

            # MAGIC %%sql
            # MAGIC SELECT count(*) AS discovered FROM discovered.t; -- two statements
            # MAGIC SELECT max(n) AS largest FROM sales.dbo.managed

            # CELL STARS

            from delta.tables import DeltaTable
            (DeltaTable.forPath(spark, "Tables/discovered/t").alias("t")
                .merge(rows(2).alias("s"), "t.n = s.n")
                .whenMatchedUpdate(set={"s": "'merged'"})
                .execute())
            by_path = spark.sql("SELECT count(*) c FROM delta.`Tables/discovered/t` WHERE s = 'merged'").first().c
            by_name = DeltaTable.forName(spark, "discovered.t").toDF().where("s = 'merged'").count()
            files = spark.read.json("Files/out").count() + spark.read.text("Files/text").count()
            onelake = "abfss://ws@onelake.dfs.fabric.microsoft.com/"
            df.write.mode("append").format("delta").save(onelake + "0F9D/Tables/located/more")
            df.write.mode("append").format("delta").save(onelake + "sales.Lakehouse/Tables/located/more")
            assert spark.table("located.more").count() == 2 * count
            assert spark.read.json(onelake + "sales.Lakehouse/Files/out").count() == count
            mounted = len(open("/lakehouse/default/Files/in.json").read())
            print(by_path, by_name, files, mounted, spark.catalog.tableExists("located.t"))

            # CELL STARS

            import pandas as pd
            import matplotlib.pyplot as plt
            pd.DataFrame({"a": [1, 2]}).to_parquet("/lakehouse/default/Files/p.parquet")
            plt.plot(pd.read_parquet("/lakehouse/default/Files/p.parquet")["a"])
            plt.show()
            spark.sql("DROP TABLE managed")
            try:
                spark.table("managed").count()
            except Exception:
                pass
            from pyspark.sql.functions import udf
            print(df.select(udf(lambda s: len(s or ""), "int")("s").alias("l")).agg({"l": "max"}).first()[0])
            notebookutils.notebook.exit(json.dumps({"rows": count}))
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void create() throws IOException {
        file("common.Notebook/notebook-content.py", HEAD.replace("LAKEHOUSE", "sales") + COMMON);
        file("main.Notebook/notebook-content.py", HEAD.replace("LAKEHOUSE", "sales") + MAIN);
        file("sales.Lakehouse/lakehouse.metadata.json", "{\"defaultSchema\": \"dbo\"}");
        file("sales.Lakehouse/Files/in.json", "{\"a\": 1}");
        file("plain.Lakehouse/lakehouse.metadata.json", "{}");
        file("tarn.yaml", "project: notebooks\n");
    }

    private void file(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text.replace("STARS", STARS));
    }

    private TarnProcess.Outcome run(String... args) throws Exception {
        String[] all =
                Stream.concat(Stream.of("notebook", "run"), Stream.of(args)).toArray(String[]::new);
        try (TarnProcess tarn = TarnProcess.start(folder, Map.of(), all)) {
            return tarn.await(Duration.ofMinutes(8));
        }
    }

    @Test
    void everyRouteToTheLakehouseLeadsToTheSameFolder() throws Exception {
        TarnProcess.Outcome outcome =
                run(folder.resolve("main.Notebook").toString(), "-p", "count=4", "--out", folder + "/out.ipynb");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEqualTo("""
                n  s
                0
                1  a
                2  aa
                3  aaa
                (4 rows)
                discovered
                4
                (1 row)
                largest
                3
                (1 row)
                2 2 8 8 True
                <figure of 640 x 480 points>
                3
                table written  rows
                discovered.t      4
                located.more      8
                located.t         1
                exit value: {"rows": 4}
                """);
        assertThat(outcome.err())
                .contains("note: main cell 6, line 8: AnalysisException: [TABLE_OR_VIEW_NOT_FOUND]")
                .contains("and an except swallowed it");
        assertThat(folder.resolve(".tarn/lakehouses/sales/Tables/dbo/managed")).doesNotExist();
        assertThat(Files.readString(folder.resolve("out.ipynb")))
                .contains("\"image/png\"")
                .contains("<table>");
    }

    @Test
    void aSecondRunFindsTheTablesOfTheFirst() throws Exception {
        file(
                "first.Notebook/notebook-content.py",
                HEAD.replace("LAKEHOUSE", "plain").replace("0f9d", "1") + """

                # CELL STARS

                spark.range(3).write.saveAsTable("Kept")
                """);
        file(
                "second.Notebook/notebook-content.py",
                HEAD.replace("LAKEHOUSE", "plain").replace("0f9d", "1") + """

                # CELL STARS

                print(spark.table("plain.kept").count(), spark.catalog.currentDatabase())

                # CELL STARS

                spark.sql("CREATE SCHEMA s")
                """);

        assertThat(run(folder.resolve("first.Notebook").toString()).exitCode()).isZero();
        TarnProcess.Outcome second = run(folder.resolve("second.Notebook").toString());

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.out()).isEqualTo("3 plain\n");
        assertThat(second.err())
                .contains(
                        "error[TARN-0603]: AnalysisException: Feature not supported on Apache Spark in Microsoft Fabric.")
                .contains("second.Notebook/notebook-content.py:16:1");
    }

    @Test
    void theExampleHasARowForEachEndpointOfItsCatalogue() throws Exception {
        Path example = Path.of(System.getProperty("tarn.home"), "examples/zephyr");
        try (Stream<Path> files = Files.walk(example)) {
            for (Path file : files.filter(
                            f -> Files.isRegularFile(f) && !f.toString().contains("/.tarn/"))
                    .toList()) {
                file("zephyr/" + example.relativize(file), Files.readString(file));
            }
        }

        TarnProcess.Outcome outcome = run(
                folder.resolve("zephyr/source.Notebook").toString(),
                "--workspace",
                folder.resolve("zephyr").toString(),
                "-p",
                "bootstrap=true",
                "-p",
                "preview=true");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(Files.readString(example.resolve("sdk.Notebook/notebook-content.py"))
                        .split("\"endpoint_path\":"))
                .hasSize(1 + 228);
        assertThat(outcome.out())
                .startsWith("zephyr: https://dev.zephyr.invalid, token ***\n")
                .endsWith("""
                table written     rows
                log.runs             2
                sample.projects     12
                sample.releases     30
                source.config        4
                source.endpoints   228
                exit value: {"source.endpoints": 228, "source.config": 4, "sample.projects": 12, "sample.releases": 30}
                """);
    }

    @Test
    void aNotebookWithoutSparkStartsNone() throws Exception {
        file("quick.Notebook/notebook-content.py", HEAD.replace("LAKEHOUSE", "sales") + """

                # CELL STARS

                import pandas as pd
                print(pd.read_json("/lakehouse/default/Files/in.json", lines=True)["a"].sum())
                """);

        TarnProcess.Outcome outcome = run(folder.resolve("quick.Notebook").toString());

        assertThat(outcome.out()).as(outcome.err()).isEqualTo("1\n");
        try (Stream<Path> files = Files.walk(folder.resolve(".tarn/notebooks"))) {
            assertThat(files.filter(file -> file.endsWith("spark.log"))).isEmpty();
        }
    }
}
