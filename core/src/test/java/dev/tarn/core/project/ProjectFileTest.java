package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What kinds of files and folders the loader takes. */
class ProjectFileTest {

    private static final String PROJECT = ProjectFixture.withNodes("- {name: é, transform: {steps: [SELECT 1]}}");

    @TempDir
    Path folder;

    @Test
    void prefersTarnYamlInAFolder() {
        ProjectFixture fixture = new ProjectFixture(folder);
        fixture.write("odibi.yaml", "project: odibi\n");
        assertThat(fixture.load(folder).project().name()).isEqualTo("odibi");

        fixture.write("tarn.yml", "project: tarn-yml\n");
        assertThat(fixture.load(folder).project().name()).isEqualTo("tarn-yml");

        fixture.write("tarn.yaml", "project: tarn\n");
        assertThat(fixture.load(folder).project().name()).isEqualTo("tarn");
        assertThat(fixture.load(folder.resolve("odibi.yaml")).project().name()).isEqualTo("odibi");
    }

    @Test
    void saysWhatItLookedForInAFolder() {
        ProjectFixture.Loaded loaded = new ProjectFixture(folder).load(folder);

        assertThat(loaded.messages())
                .containsExactly("error FILE_NOT_FOUND 1:1 folder '" + folder + "' has no project file"
                        + " [looked for tarn.yaml, tarn.yml, odibi.yaml, odibi.yml]");
        assertThat(loaded.project().pipelines()).isEmpty();
    }

    @Test
    void saysThatAFileDoesNotExist() {
        assertThat(new ProjectFixture(folder).load(folder.resolve("x.yaml")).messages())
                .containsExactly("error FILE_NOT_FOUND 1:1 file '" + folder + "/x.yaml' does not exist");
    }

    @Test
    void isTheSameWithByteOrderMarkAndWindowsLineEnds() {
        ProjectFixture fixture = new ProjectFixture(folder);

        assertThat(fixture.load("\uFEFF" + PROJECT.replace("\n", "\r\n")).messages())
                .isEqualTo(fixture.load(PROJECT).messages())
                .containsExactly("error INVALID_NAME 7:16 node name 'é' is not allowed [use '_']");
    }

    @Test
    void refusesOtherEncodings() {
        assertThat(new ProjectFixture(folder)
                        .load(PROJECT.getBytes(StandardCharsets.ISO_8859_1))
                        .messages())
                .containsExactly(
                        "error FILE_UNREADABLE 7:16 the file is not UTF-8 text from here on [save it as UTF-8]");
        assertThat(new ProjectFixture(folder)
                        .load(PROJECT.getBytes(StandardCharsets.UTF_16))
                        .messages())
                .containsExactly(
                        "error FILE_UNREADABLE 1:1 the file is not UTF-8 text from here on [save it as UTF-8]");
    }

    @Test
    void refusesEmptyAndOtherDocuments() {
        for (String yaml : new String[] {"", "\n# nothing\n", "just text", "[1, 2]", "---\n"}) {
            assertThat(new ProjectFixture(folder).load(yaml).messages())
                    .as(yaml)
                    .hasSize(1)
                    .first()
                    .asString()
                    .endsWith("the file declares no project"
                            + " [a project has the keys project, connections and pipelines]");
        }
    }

    @Test
    void refusesWildcardsInTheFoldersOfConnections() {
        assertThat(new ProjectFixture(folder)
                        .load(PROJECT.replace("base_path: data", "base_path: 'd*'"))
                        .messages())
                .contains("error INVALID_VALUE 3:34 the path of a connection's folder holds a wildcard"
                        + " [use a folder without *, ? and [ in its path]");
    }
}
