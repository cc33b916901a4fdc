package dev.tarn.core.state.history;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The commit that a folder is checked out at.
 *
 * @param dirty whether tracked files differ from it
 */
public record GitRevision(String commit, boolean dirty) {

    /** A repository that takes longer is not asked: the run must not wait for it. */
    private static final long SECONDS_ALLOWED = 2;

    /** Empty where there is no checkout, no git, or no answer. */
    static Optional<GitRevision> of(Path directory) {
        return isCheckout(directory) ? ask(directory) : Optional.empty();
    }

    private static boolean isCheckout(Path directory) {
        for (Path folder = directory; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(".git"))) {
                return true;
            }
        }
        return false;
    }

    /** Takes no lock and starts no monitor, so nothing in the checkout changes. */
    private static Optional<GitRevision> ask(Path directory) {
        List<String> command = List.of(
                "git",
                "--no-optional-locks",
                "-c",
                "core.fsmonitor=false",
                "status",
                "--porcelain=v2",
                "--branch",
                "--untracked-files=no");
        try {
            Path answer = Files.createTempFile("tarn-git-", ".txt");
            try {
                Process git = new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(answer.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                git.getOutputStream().close();
                if (!git.waitFor(SECONDS_ALLOWED, TimeUnit.SECONDS)) {
                    git.destroyForcibly();
                    return Optional.empty();
                }
                return parse(Files.readAllLines(answer, StandardCharsets.ISO_8859_1));
            } finally {
                Files.delete(answer);
            }
        } catch (IOException noGit) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    static Optional<GitRevision> parse(List<String> lines) {
        boolean dirty = lines.stream().anyMatch(line -> !line.startsWith("#"));
        return lines.stream()
                .filter(line -> line.matches("# branch\\.oid [0-9a-f]+"))
                .findFirst()
                .map(line -> new GitRevision(line.substring("# branch.oid ".length()), dirty));
    }
}
