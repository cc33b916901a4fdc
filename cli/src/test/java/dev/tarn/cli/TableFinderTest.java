package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFinderTest {
    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void run() {
        project = new TestProject(folder)
                .file("orders.csv", "id,name\n2,b\n3,c\n")
                .nodes("""
                - name: orders
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: raw.orders, mode: overwrite}
                """);
        assertThat(project.run().exitCode()).isZero();
    }

    private Outcome head(String table, String... more) {
        List<String> args = new ArrayList<>(List.of("table", "head", table, "-p", folder.toString()));
        args.addAll(List.of(more));
        return project.tarn(args.toArray(String[]::new));
    }

    @Test
    void findsATableByTheNamesThatAProjectHasForIt() {
        for (String name :
                List.of("p.orders", "orders", "raw.orders", "lake.raw.orders", "lake:raw.orders", "lake:raw/orders")) {
            assertThat(head(name, "-o", "csv").out()).as(name).isEqualTo("id,name\n2,b\n3,c\n");
        }
        assertThat(head("order"))
                .isEqualTo(new Outcome(
                        2, "", "error: project 'test' has no Delta table 'order'\nhelp: did you mean 'orders'?\n"));
        assertThat(head("./nowhere"))
                .isEqualTo(new Outcome(
                        2,
                        "",
                        "error: there is no Delta table at './nowhere'\nhelp: name the folder that has '_delta_log' in"
                                + " it\n"));
        assertThat(project.tarn(
                                "table",
                                "head",
                                "orders",
                                "-p",
                                folder.resolve("lake").toString())
                        .err())
                .contains("there is no Delta table at 'orders', and no project in 'PROJECT/lake' that could know it");
    }

    @Test
    void anUnknownEnvironmentIsNotTakenForNone() {
        assertThat(head("orders", "--env", "test"))
                .isEqualTo(new Outcome(
                        2,
                        "",
                        "error: unknown environment 'test' in --env or TARN_ENV\n"
                                + "help: the project has none: declare it under 'environments', or write env.test.yaml"
                                + " beside the project file\n"));
    }

    @Test
    void saysWhatAFolderLacks() throws IOException {
        Path table = Files.createDirectories(folder.resolve("t"));
        assertThat(head(table.toString()).err()).isEqualTo("""
                        error: there is no Delta table at 'PROJECT/t'
                        help: name the folder that has '_delta_log' in it
                        """);
        Files.createDirectory(table.resolve("_delta_log"));
        assertThat(head(table.toString()).err()).isEqualTo("""
                        error: there is no Delta table at 'PROJECT/t': its '_delta_log' has no version in it
                        help: restore '_delta_log' from a backup if there was one; a write makes the first version
                        """);
    }

    /** Names without a slash are looked for in the current folder, too, which has one of this name here. */
    @Test
    void aFolderThatIsNoTableDoesNotHideATableOfTheProject() {
        assertThat(Path.of("src")).isDirectory();
        project.nodes("""
                - name: src
                  read: {connection: in, format: csv, path: orders.csv}
                  write: {connection: lake, format: delta, table: src, mode: overwrite}
                """);
        assertThat(project.run().exitCode()).isZero();
        assertThat(head("src", "-o", "csv").out()).isEqualTo("id,name\n2,b\n3,c\n");
    }

    @Test
    void aNameOfSeveralNodesIsNone() throws IOException {
        Path file = folder.resolve("tarn.yaml");
        project.file("tarn.yaml", Files.readString(file) + """
                  - pipeline: q
                    nodes:
                      - name: orders
                        read: {connection: in, format: csv, path: orders.csv}
                        write: {connection: lake, format: delta, table: other.orders, mode: overwrite}
                """);
        assertThat(head("orders").err()).isEqualTo("""
                        error: 'orders' is the name of 2 nodes of project 'test'
                        help: write p.orders or q.orders
                        """);
    }
}
