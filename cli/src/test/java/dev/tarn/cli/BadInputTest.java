package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not what a project says: each ends in words that a tired person understands, and in no lost row. */
@Timeout(60)
class BadInputTest {

    private static final String READ_CSV = """
            - name: a
              read: {connection: in, format: csv, path: x.csv}
              write: {connection: lake, format: delta, table: t}
            """;

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void writeATableOfOneRow() throws IOException {
        project = new TestProject(folder).file("x.csv", "id,name\n7,before\n").nodes(READ_CSV);
        assertThat(project.run().exitCode()).isZero();
        Files.delete(folder.resolve("x.csv"));
    }

    private void write(String name, byte[] content) {
        try {
            Files.write(folder.resolve(name), content);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String csv(String content) {
        project.file("x.csv", content);
        return failure();
    }

    /** The error without the picture of the place; the table must be as it was. */
    private String failure() {
        Outcome outcome = project.run();
        assertThat(outcome.exitCode()).as(outcome.err() + outcome.out()).isEqualTo(1);
        return message(outcome);
    }

    private String message(Outcome outcome) {
        assertThat(outcome.err()).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(project.table("t")).containsExactly("7|before");
        return String.join(
                "\n",
                outcome.err()
                        .lines()
                        .dropWhile(line -> !line.startsWith("error["))
                        .filter(line -> line.matches("(error|help|  -->).*"))
                        .toList());
    }

    private static String failedRead(String message, String help) {
        return "error[TARN-0502]: p.a: " + message + "\n  --> PROJECT/tarn.yaml:9:51\nhelp: " + help;
    }

    @Test
    void anEmptyFile() {
        assertThat(csv(""))
                .isEqualTo(failedRead("'in:x.csv' is empty, so its columns are not known", "looked for PROJECT/x.csv"));
    }

    @Test
    void aMissingFile() {
        Outcome outcome = project.run();

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(message(outcome)).isEqualTo("""
                error[TARN-0101]: 'in:x.csv' does not exist
                  --> PROJECT/tarn.yaml:9:51
                help: looked for PROJECT/x.csv""");
    }

    @Test
    void bytesThatAreNoText() {
        write("x.csv", new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, '\r', 'I', 'H', 'D', 'R'
        });

        assertThat(failure())
                .isEqualTo(failedRead(
                        "'PROJECT/x.csv' is not UTF-8 text: it has zero bytes",
                        "save the file as UTF-8, or name its encoding under 'read': options: {encoding: utf-16}"));
    }

    @Test
    void textThatIsNotUtf8() {
        write("x.csv", "id,name\n1,Zürich\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(failure())
                .isEqualTo(failedRead(
                        "line 2 of 'PROJECT/x.csv' is not UTF-8 text",
                        "save the file as UTF-8, or name its encoding under 'read': options: {encoding: latin-1}, or"
                                + " utf-16"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"latin-1", "utf-16"})
    void theEncodingThatTheHelpNamesIsRead(String encoding) {
        byte[] text =
                "id,name\n1,Zürich\n".getBytes(Charset.forName(encoding.equals("latin-1") ? "ISO-8859-1" : "UTF-16LE"));
        write("x.csv", text);

        Outcome outcome = project.nodes(READ_CSV.replace("x.csv}", "x.csv, options: {encoding: " + encoding + "}}"))
                .run();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(project.table("t")).containsExactly("1|Zürich");
    }

    /** DuckDB alone would drop the first two lines of this file and make three columns of the rest. */
    @Test
    void linesOfDifferentLengths() {
        assertThat(csv("id,name\n1,a\n2,b,c\n3,d,e\n4,f,g\n"))
                .isEqualTo(failedRead(
                        "the lines of 'PROJECT/x.csv' have different numbers of values: 2 in line 1, 3 in line 3: '2,b,c'",
                        "mend the file; or name another delimiter, or let NULL stand for missing values, under 'read':"
                                + " options: {delimiter: \";\", null_padding: true}"));
    }

    @Test
    void aLongerLineFarBelow() {
        assertThat(csv("id,name\n" + "1,a\n".repeat(30_000) + "2,b,c\n"))
                .isEqualTo(failedRead(
                        "line 30002 of 'PROJECT/x.csv' has 3 values where 2 are expected: '2,b,c'",
                        "mend the line: a value with the delimiter in it needs quotes around it"));
    }

    @Test
    void linesAboveTheHeader() {
        assertThat(csv("Report of today\n\nid,name\n1,a\n2,b\n"))
                .isEqualTo(failedRead(
                        "lines 1 to 2 of 'PROJECT/x.csv' do not look like the lines below",
                        "if that is no data, leave it out under 'read': options: {skip: 2}; else name the delimiter:"
                                + " options: {delimiter: \";\"}"));
    }

    @Test
    void noRowIsSkippedByAGuess() {
        for (String content : List.of(
                "id,name\n1,a,b\n2,c,d\n",
                "id;name\n1;a\n2;b;c\n",
                "id,name,x\n1,a\n2,b\n",
                "id,name\n1,a\n2,b\n3\n")) {
            assertThat(csv(content)).contains("have different numbers of values: ");
        }
    }

    @Test
    void aColumnThatChangesItsTypeHalfWay() {
        assertThat(csv("id,name\n" + "1,a\n".repeat(30_000) + "hello,b\n"))
                .isEqualTo(failedRead(
                        "line 30002 of 'PROJECT/x.csv': 'hello' in column 'id' is no BIGINT",
                        "the type was guessed from the first lines; give it under 'read': options: {types: {id: VARCHAR}},"
                                + " or have all lines looked at: options: {sample_size: -1}"));
    }

    @Test
    void jsonThatIsCutOff() {
        project.nodes(READ_CSV.replace("csv", "json")).file("x.json", "{\"a\":1}\n{\"a\":2\n{\"a\":3}\n");

        assertThat(failure())
                .isEqualTo(failedRead(
                                "line 3 of 'PROJECT/x.json' is not JSON: unexpected character at byte 8",
                                "mend the file: one JSON value a line, or one array of them")
                        .replace("9:51", "9:52"));
    }

    @Test
    void jsonThatChangesItsTypeHalfWay() {
        project.nodes(READ_CSV.replace("csv", "json"))
                .file("x.json", "{\"id\":1,\"name\":\"n\"}\n".repeat(30_000) + "{\"id\":\"x\"}\n");

        assertThat(failure())
                .startsWith("error[TARN-0502]: p.a: line 30001 of 'PROJECT/x.json' does not fit the values before it")
                .endsWith("have all of them looked at under 'read': options: {sample_size: -1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PAR1", "id,name\n1,a\n", "PAR1 and some bytes that are nothing PAR1"})
    void aFileThatIsNotParquet(String content) {
        project.nodes(READ_CSV.replace("csv", "parquet")).file("x.parquet", content);

        assertThat(failure())
                .isEqualTo(failedRead(
                                "'PROJECT/x.parquet' is not a Parquet file, or not a whole one",
                                "get or write the file again, or give its format under 'read' (csv, json, parquet, delta)")
                        .replace("9:51", "9:55"));
    }

    @Test
    void anOptionThatDuckDbRefusesIsShownAtTheOption() {
        project.nodes(READ_CSV.replace("x.csv}", "x.csv, options: {header: maybe}}"))
                .file("x.csv", "id,name\n1,a\n");

        assertThat(failure()).contains("'maybe'").contains("  --> PROJECT/tarn.yaml:9:68");
    }

    @Test
    void byteOrderMarkAndWindowsLineEndsAreNoPartOfTheData() {
        project.file("x.csv", "\uFEFFid,name\r\n1,a\r\n2,b\r\n");

        assertThat(project.run().exitCode()).isZero();
        assertThat(project.table("t")).containsExactly("1|a", "2|b");
    }

    @Test
    void pathsWithSpacesAndQuotes() {
        project.file("my data/it's \"x\" .csv", "id,name\n1,a\n");
        project.nodes(READ_CSV.replace("path: x.csv", "path: 'my data/it''s \"x\" .csv'")
                .replace("table: t", "path: 'out dir/o''clock \"t\"'"));

        Outcome outcome = project.run();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(project.table("out dir/o'clock \"t\"")).containsExactly("1|a");
    }

    @Test
    void aTableOfANewerProtocol() {
        project.nodes(READ_CSV.replace("csv", "delta").replace("x.delta", "lake/new"))
                .file(
                        "lake/new/_delta_log/00000000000000000000.json",
                        "{\"protocol\":{\"minReaderVersion\":9,\"minWriterVersion\":12}}\n");

        assertThat(failure()).isEqualTo("""
                error[TARN-0507]: p.a: Table 'PROJECT/lake/new' cannot be read, because it uses reader version 9.
                  --> PROJECT/tarn.yaml:9:53
                help: Read it with Spark, or drop the feature from the table.""");
    }

    @Test
    void controlCharactersOfAValueDoNotReachTheTerminal() {
        project.nodes(READ_CSV.replace("path: x.csv", "path: \"a\\nb\\e[31m.csv\""));

        Outcome outcome = project.run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("TARN-0502]: p.a: 'in:a\\nb\\u001b[31m.csv' has no csv file")
                .doesNotContain("\u001b");
    }

    @Test
    void aNodeNamedLikeAKeyword() {
        project.file("x.csv", "id,name\n7,before\n");
        Outcome outcome = project.nodes(READ_CSV + """
                - name: select
                  depends_on: [a]
                  transform: {steps: [select * from a]}
                - name: b
                  transform: {steps: [select * from select]}
                """).validate();

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(message(outcome)).isEqualTo("""
                error[TARN-0401]: SQL: syntax error at or near 'select'
                  --> PROJECT/tarn.yaml:15:43
                help: 'select' is a word of SQL; write the node's name in double quotes: "select\"""");
    }
}
