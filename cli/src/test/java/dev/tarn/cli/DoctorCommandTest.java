package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import dev.tarn.cli.doctor.Machine;
import dev.tarn.cli.render.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DoctorCommandTest {

    private static final String COPY = """
            - name: orders
              read: {connection: in, format: csv, path: orders.csv}
              write: {connection: lake, format: delta, table: orders}
            """;

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void makeProject() throws IOException {
        project = new TestProject(Files.createDirectory(folder.resolve("project")))
                .file("orders.csv", "id\n1\n")
                .nodes(COPY);
        Files.createDirectory(folder.resolve("temp"));
    }

    /** A machine on which all is well, and then not. */
    private Outcome doctor(UnaryOperator<Machine> change, String... more) {
        Machine well = Machine.current(DoctorCommand::engineVersion)
                .withEnvironment(
                        Map.of("TARN_CACHE_DIR", folder.resolve("cache").toString(), "TERM", "xterm"))
                .withTemporary(folder.resolve("temp"), place -> 20L << 30)
                .withStart(new Machine.Start(false, false));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = Console.plain(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        CommandLine line = new CommandLine(new DoctorCommand(console, () -> change.apply(well)))
                .setCaseInsensitiveEnumValuesAllowed(true);
        String[] args = more.length == 0 ? new String[] {project.folder.toString()} : more;
        int code = line.execute(args);
        return new Outcome(
                code,
                out.toString(StandardCharsets.UTF_8).replace(folder.toString(), "FOLDER"),
                err.toString(StandardCharsets.UTF_8));
    }

    private Outcome doctor() {
        return doctor(UnaryOperator.identity());
    }

    @Test
    void saysThatAllIsWellAndMakesNothing() throws IOException {
        Outcome outcome = doctor();

        assertThat(outcome.out())
                .containsPattern("ok +java +Java ")
                .containsPattern("ok +engine +DuckDB v?\\d")
                .containsPattern("ok +cache +'FOLDER/cache' is writable")
                .containsPattern("ok +temp space +20 GB free for 'FOLDER/temp'")
                .containsPattern("ok +project +'test' is valid: 1 node\n")
                .containsPattern("ok +connection in +'FOLDER/project' is readable")
                .containsPattern("ok +connection lake +'FOLDER/project/lake' will be made by the first run")
                .containsPattern("ok +disk space +20 GB free for 'FOLDER/project'")
                .containsPattern("ok +state +'FOLDER/project/.tarn' will be made by the first run")
                .containsPattern("ok +history +nothing ran here so far")
                .containsPattern("ok +terminal +standard error is no terminal, colours are off \\(TERM=xterm\\)")
                .endsWith("\nnothing is broken\n");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(project.files(".")).containsExactly("orders.csv", "tarn.yaml");
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    @Test
    void aFolderWithoutAProjectIsNoError() {
        Outcome outcome =
                doctor(UnaryOperator.identity(), folder.resolve("temp").toString());

        assertThat(outcome.out()).containsPattern("ok +project +there is no project in 'FOLDER/temp'");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void aProjectThatIsNotThereIsAnError() {
        Outcome outcome =
                doctor(UnaryOperator.identity(), folder.resolve("nowhere.yaml").toString());

        assertThat(outcome.out()).containsPattern("error +project +1 error, first FOLDER/nowhere.yaml");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aBrokenProjectIsShownWithItsFirstMistake() throws IOException {
        project.nodes(COPY.replace("format: csv", "format: cvs"));

        Outcome outcome = doctor(UnaryOperator.identity(), project.folder.toString(), "-o", "json");

        Map<String, Object> json = JSON.std.mapFrom(outcome.out());
        assertThat(json).containsEntry("schema", "tarn/doctor/v1").containsEntry("status", "error");
        assertThat((List<?>) json.get("checks"))
                .anySatisfy(check -> assertThat(String.valueOf(check))
                        .startsWith("{check=project, status=error, message=1 error, first FOLDER/project/tarn.yaml:")
                        .contains("'cvs'")
                        .contains("help='tarn validate'"));
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aLibraryThatDoesNotLoadIsSaidAndTheRestIsCheckedAllTheSame() {
        Path library = folder.resolve("libduckdb_java.so");

        Outcome outcome = doctor(machine -> machine.withEngine(() -> {
            System.load(library.toString());
            return "loaded";
        }));

        assertThat(outcome.out())
                .containsPattern("error +engine +DuckDB does not load: .*FOLDER/libduckdb_java.so; help: ")
                .containsPattern("ok +project ")
                .containsPattern("warning +connections +not looked at")
                .endsWith("\n1 error, 1 warning\n");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aFileInPlaceOfAFolderIsFound() {
        project.file("lake", "a file").file(".tarn", "a file");
        project.file("../cache", "a file");

        Outcome outcome = doctor(machine -> machine.withTemporary(folder.resolve("gone"), place -> 20L << 30));

        assertThat(outcome.out())
                .containsPattern("warning +cache +'FOLDER/cache' is not a folder, so no start is a fast one; help: ")
                .containsPattern("error +temp folder +'FOLDER/gone' is not there")
                .containsPattern(
                        "error +connection lake +'FOLDER/project/lake' is not a folder, and p.orders writes to it;"
                                + " help: make it writable, or correct base_path at FOLDER/project/tarn.yaml:4:")
                .containsPattern("error +state +'FOLDER/project/.tarn' is not a folder")
                .endsWith("\n3 errors, 1 warning\n");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aFolderToReadFromHasToBeThere() throws IOException {
        Path file = project.folder.resolve("tarn.yaml");
        Files.writeString(file, Files.readString(file).replace("base_path: .}", "base_path: gone}"));

        assertThat(doctor().out())
                .containsPattern(
                        "error +connection in +'FOLDER/project/gone' does not exist, and p.orders reads from it");
    }

    @Test
    void fullDisksAreFound() {
        assertThat(doctor(m -> m.withTemporary(folder.resolve("temp"), place -> 100L << 20))
                        .out())
                .containsPattern("warning +temp space +100 MB free")
                .containsPattern("warning +disk space +100 MB free")
                .endsWith("\nnothing is broken, 2 warnings\n");
        assertThat(doctor(m -> m.withTemporary(folder.resolve("temp"), place -> 1L << 20))
                        .exitCode())
                .isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aStartThatWasNotFastIsAWarning() {
        assertThat(doctor(m -> m.withStart(new Machine.Start(true, false))).out())
                .containsPattern("warning +cache .*TARN_DEBUG=1");
        assertThat(doctor(m -> m.withStart(new Machine.Start(true, true))).out())
                .containsPattern("ok +cache .*fast starts are prepared");
        assertThat(doctor(m -> m.withEnvironment(Map.of())).out()).containsPattern("warning +cache +there is no cache");
    }

    @Test
    void theHistoryOfAFolderWithAnOddNameIsRead() throws IOException {
        TestProject odd = new TestProject(Files.createDirectory(folder.resolve("a b#%41é")))
                .file("orders.csv", "id\n1\n")
                .nodes(COPY);
        assertThat(odd.run().exitCode()).isZero();

        Outcome outcome = doctor(UnaryOperator.identity(), odd.folder.toString());

        assertThat(outcome.out()).containsPattern("ok +history +1 run, the database is sound");
        assertThat(odd.files(".tarn")).noneMatch(name -> name.startsWith("history.db-"));
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void aDamagedHistoryIsFoundAndNotTouched() throws IOException {
        assertThat(project.run().exitCode()).isZero();
        assertThat(doctor().out()).containsPattern("ok +history +1 run, the database is sound");
        assertThat(project.files(".tarn")).contains("history.db").noneMatch(name -> name.startsWith("history.db-"));
        Path history = project.folder.resolve(".tarn/history.db");
        try (RandomAccessFile file = new RandomAccessFile(history.toFile(), "rw")) {
            // All pages but the first, which has the header and the list of tables.
            file.seek(4096);
            file.write(new byte[(int) file.length() - 4096]);
        }
        byte[] damaged = Files.readAllBytes(history);

        Outcome outcome = doctor();

        assertThat(outcome.out()).containsPattern("error +history +'FOLDER/project/.tarn/history.db' .*move it away");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(Files.readAllBytes(history)).isEqualTo(damaged);

        Files.writeString(history, "this is no database, and long enough for SQLite to see it".repeat(20));
        assertThat(doctor().out()).containsPattern("error +history .*not a database.*move it away");
    }
}
