package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import dev.tarn.cli.init.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitCommandTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder.resolve("demo"));
    }

    private Outcome init(String template, String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "init";
        args[1] = template;
        args[2] = project.folder.toString();
        System.arraycopy(more, 0, args, 3, more.length);
        return project.tarn(args);
    }

    @ParameterizedTest
    @EnumSource
    void everyTemplateRunsGreenAtOnceAndAgain(Template template) throws IOException {
        assertThat(init(template.id()).exitCode()).isZero();

        assertThat(project.files(".")).containsExactlyInAnyOrderElementsOf(template.files());
        assertThat(project.validate())
                .matches(o -> o.exitCode() == 0)
                .extracting(Outcome::err)
                .isEqualTo("");
        assertThat(project.run().exitCode()).isZero();
        Outcome again = project.run();
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).contains("run succeeded");
        assertThat(Files.readString(project.folder.resolve("tarn.yaml"))).contains("\ndialect: duckdb");
        assertThat(Files.readString(project.folder.resolve(".gitignore"))).contains("\n.tarn/\n");
    }

    @Test
    void helloGreetsAndSetsAside() {
        init("hello");
        project.run();

        assertThat(project.table("greetings")).containsExactly("1|Hello, Ada!", "2|Hello, Grace!", "4|Hello, Edgar!");
        assertThat(project.table("quarantine/guests")).hasSize(1);
    }

    @Test
    void medallionEndsInAStarSchema() {
        init("medallion");

        Outcome run = project.run();

        assertThat(project.table("quarantine/orders")).hasSize(2);
        assertThat(project.table("quarantine/customers")).hasSize(1);
        assertThat(project.table("gold/fact_sales")).hasSize(12);
        assertThat(project.table("gold/dim_customer"))
                .contains("0|null|Unknown|null|null")
                .hasSize(6);
        // 2025-01-04 to 2025-03-30
        assertThat(project.table("gold/dim_date"))
                .hasSize(86)
                .first()
                .isEqualTo("20250104|2025-01-04|2025-01|Saturday");
        assertThat(project.table("gold/sales_by_month"))
                .contains("2025-01|CH|Paper|6|27.00", "2025-03|null|Pens|50|60.00");
        assertThat(run.err()).contains("warning: silver.orders: ").contains("warning: silver.customers: ");
    }

    @Test
    void medallionHasAnEnvironment() {
        init("medallion");

        assertThat(project.run("--env", "prod").exitCode()).isZero();
        assertThat(project.exists("lake-prod/gold/fact_sales/_delta_log")).isTrue();
        assertThat(project.exists("lake")).isFalse();
    }

    @Test
    void refusesToOverwriteAndWritesNothing() throws IOException {
        project.file("tarn.yaml", "project: mine\n").file(".gitignore", "x\n").file("other.txt", "y");

        Outcome outcome = init("hello");

        assertThat(outcome).isEqualTo(new Outcome(2, "", """
                error: files of the template are already in 'PROJECT': tarn.yaml, .gitignore
                help: name another folder; nothing was written
                """));
        assertThat(project.files(".")).containsExactly(".gitignore", "other.txt", "tarn.yaml");
        assertThat(Files.readString(project.folder.resolve("tarn.yaml"))).isEqualTo("project: mine\n");
        assertThat(JSON.std.mapFrom(init("hello", "-o", "json").out()))
                .containsEntry("status", "refused")
                .containsEntry("existing", List.of("tarn.yaml", ".gitignore"));
    }

    @Test
    void aLinkToNowhereIsSomebodysToo() throws IOException {
        Files.createDirectories(project.folder);
        Files.createSymbolicLink(project.folder.resolve("tarn.yaml"), Path.of("elsewhere.yaml"));

        assertThat(init("hello").exitCode()).isEqualTo(2);
        assertThat(project.exists("elsewhere.yaml")).isFalse();
    }

    @Test
    void saysWhatItMade() throws IOException {
        assertThat(init("hello").out()).endsWith("\nMade 'hello'. To run it: tarn run " + project.folder + "\n");

        project = new TestProject(folder.resolve("other"));
        Map<String, Object> json = JSON.std.mapFrom(init("hello", "-o", "json").out());
        assertThat(json)
                .containsEntry("schema", "tarn/init/v1")
                .containsEntry("status", "created")
                .containsEntry("files", Template.HELLO.files());
    }

    @Test
    void withoutATemplateItListsThem() throws IOException {
        Outcome outcome = project.tarn("init");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("hello ").contains("medallion ").endsWith("\ntarn init TEMPLATE FOLDER\n");
        assertThat((List<?>) JSON.std
                        .mapFrom(project.tarn("init", "-o", "json").out())
                        .get("templates"))
                .hasSize(Template.values().length);
    }

    @Test
    void anUnknownTemplateIsAMistake() {
        assertThat(init("medalion").err())
                .startsWith("error: there is no template 'medalion'\nhelp: did you mean 'medallion'?\n");
        assertThat(project.tarn("init", "shop").err())
                .startsWith(
                        "error: there is no template 'shop'\nhelp: the templates are hello and medallion: tarn init hello shop\n");
        assertThat(project.exists(".")).isFalse();
    }

    @Test
    void aFileInTheWayIsAnErrorWithAWayOut() {
        new TestProject(folder).file("demo", "a file");

        Outcome outcome = init("hello");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("error: the project cannot be made in 'PROJECT': ");
    }
}
