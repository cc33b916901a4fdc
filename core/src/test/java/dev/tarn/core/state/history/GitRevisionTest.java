package dev.tarn.core.state.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitRevisionTest {

    @TempDir
    Path folder;

    @Test
    void readsCommitAndChanges() {
        assertThat(GitRevision.parse(List.of("# branch.oid 1f5316", "# branch.head main")))
                .contains(new GitRevision("1f5316", false));
        assertThat(GitRevision.parse(List.of("# branch.oid 1f5316", "1 .M N... 100644 100644 100644 a a tarn.yaml")))
                .contains(new GitRevision("1f5316", true));
        assertThat(GitRevision.parse(List.of("# branch.oid (initial)"))).isEmpty();
    }

    @Test
    void findsTheCheckoutAboveTheProject() throws Exception {
        Path project = Files.createDirectories(folder.resolve("a/b"));
        Files.writeString(project.resolve("tarn.yaml"), "one");
        git("init", "-q");
        git("add", ".");
        git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "x");

        GitRevision clean = GitRevision.of(project).orElseThrow();
        Files.writeString(project.resolve("tarn.yaml"), "another");
        GitRevision dirty = GitRevision.of(project).orElseThrow();

        assertThat(clean.commit()).matches("[0-9a-f]{40,64}");
        assertThat(clean.dirty()).isFalse();
        assertThat(dirty).isEqualTo(new GitRevision(clean.commit(), true));
    }

    @Test
    void isEmptyWithoutACheckoutAndForABrokenOne() throws Exception {
        assertThat(GitRevision.of(folder)).isEmpty();

        Files.writeString(folder.resolve(".git"), "gitdir: nowhere");

        assertThat(GitRevision.of(folder)).isEmpty();
    }

    private void git(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
