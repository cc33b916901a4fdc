package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Projects that consist of more than one file. */
class SeveralFilesTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder)
                .file("orders.csv", "id,amount\n1,10\n2,20\n")
                .file("gold/total.sql", "select sum(amount) as total from orders")
                .file("gold/gold.yaml", """
                        pipelines:
                          - pipeline: gold
                            nodes:
                              - name: total
                                inputs: {orders: $p.orders}
                                transform: {steps: [{sql_file: total.sql}]}
                                write: {connection: lake, format: delta, table: total}
                        """);
    }

    private void main(String more) {
        project.file("tarn.yaml", """
                project: test
                connections:
                  in: {type: local, base_path: .}
                  lake: {type: local, base_path: lake}
                pipelines:
                  - pipeline: p
                    nodes:
                      - name: orders
                        read: {connection: in, format: csv, path: orders.csv}
                        write: {connection: lake, format: delta, table: orders}
                """ + more);
    }

    @Test
    void runsWhatItImports() {
        main("imports: gold/gold.yaml\n");

        assertThat(project.run().exitCode()).isZero();
        assertThat(project.table("total")).containsExactly("30");
    }

    @Test
    void showsAMistakeInTheImportedFile() {
        main("imports: gold/gold.yaml\n");
        project.file("gold/total.sql", "select sum(amont) as total\nfrom ordes");

        Outcome outcome = project.validate();

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("""
                error[TARN-0403]: unknown table 'ordes'
                  --> PROJECT/gold/total.sql:2:6
                """);
    }

    @Test
    void runsInAnEnvironment() {
        main("""
                environments:
                  prod:
                    connections: {lake: {base_path: prod}}
                    pipelines: [{pipeline: p, nodes: [{name: orders, read: {filter: id = 1}}]}]
                """);

        assertThat(project.run("--env", "prod").exitCode()).isZero();
        assertThat(project.exists("lake")).isFalse();
        assertThat(project.table("../prod/orders")).containsExactly("1|10");

        assertThat(project.run().exitCode()).isZero();
        assertThat(project.table("orders")).containsExactly("1|10", "2|20");
    }

    @Test
    void eachEnvironmentIsResumedByItself() {
        main("environments:\n  prod:\n    connections: {lake: {base_path: prod}}\n");
        project.run("--env", "prod");
        project.run();

        Outcome outcome = project.run("--env", "prod", "--resume");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("up to date").doesNotContain(" ok ");
    }

    @Test
    void refusesAnUnknownEnvironment() {
        main("environments:\n  dev:\n  prod:\n");

        for (String command : new String[] {"run", "validate"}) {
            Outcome outcome = project.tarn(command, folder.toString(), "--env=prd");

            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.err()).contains("""
                    error[TARN-0115]: unknown environment 'prd' in --env or TARN_ENV
                      --> PROJECT/tarn.yaml:11:1
                    """).contains("help: known: dev, prod\n");
        }
        assertThat(project.tarn("validate", folder.toString(), "--env=dev").exitCode())
                .isZero();
    }

    @Test
    void showsNoValueOfTheEnvFile() {
        main("owner: ${OWNER}\n");
        project.file(".env", "OWNER='hunter2' hunter2\nhunter2\n");

        Outcome outcome = project.validate();

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .doesNotContain("hunter2")
                .contains("""
                        error[TARN-0117]: text after the closing quote
                          --> PROJECT/.env:1:7
                           |
                           |  OWNER=***
                           |        ^^^
                        """)
                .contains("environment variable 'OWNER' is not set");
    }
}
