package dev.tarn.core.story;

import dev.tarn.core.connection.Redaction;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.StorySettings;
import dev.tarn.core.state.history.PastRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The stories of runs, each in a folder that has the name of its run: {@code story.json}, {@code story.md},
 * {@code story.html}. A folder appears as a whole.
 */
public final class StoryFolder {

    public static final String JSON = "story.json";
    public static final String MARKDOWN = "story.md";
    public static final String HTML = "story.html";

    private static final Pattern RUN = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{6}");

    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path folder;
    private final Redaction redaction;

    public StoryFolder(Path folder) {
        this(folder, new Redaction());
    }

    /**
     * The stories in a folder.
     *
     * @param redaction takes secrets out of what is written
     */
    public StoryFolder(Path folder, Redaction redaction) {
        this.folder = folder;
        this.redaction = redaction;
    }

    /** The file of a story that people open. */
    public Path page(String runId) {
        return folder.resolve(runId).resolve(HTML);
    }

    /** What a story is in each of its files. */
    private static Map<String, String> texts(Story story) {
        return Map.of(JSON, StoryJson.write(story), MARKDOWN, StoryMarkdown.write(story), HTML, StoryHtml.write(story));
    }

    /** Stores a story; gives the file that people open. */
    public Path write(Story story) throws IOException {
        Files.createDirectories(folder);
        Path unfinished = Files.createDirectory(folder.resolve("." + story.runId()));
        try {
            for (Map.Entry<String, String> file : texts(story).entrySet()) {
                Files.writeString(unfinished.resolve(file.getKey()), redaction.apply(file.getValue()));
            }
            Files.move(unfinished, folder.resolve(story.runId()), StandardCopyOption.ATOMIC_MOVE);
            return page(story.runId());
        } catch (IOException | RuntimeException e) {
            delete(unfinished);
            throw e;
        }
    }

    /** A story; throws where there is none, or none that can be read. */
    public Story read(String runId) throws IOException {
        return StoryJson.read(Files.readString(folder.resolve(runId).resolve(JSON), StandardCharsets.UTF_8));
    }

    /** One of a story's files as it is. */
    public String text(String runId, String file) throws IOException {
        return Files.readString(folder.resolve(runId).resolve(file));
    }

    public boolean has(String runId) {
        return Files.exists(folder.resolve(runId).resolve(JSON));
    }

    /** The runs that have a story, the newest first. */
    public List<String> runs() throws IOException {
        List<String> runs = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, path -> isRun(path))) {
            folders.forEach(path -> runs.add(path.getFileName().toString()));
        } catch (NoSuchFileException e) {
            return List.of();
        }
        runs.sort(Comparator.comparing(StoryFolder::second)
                .thenComparing(this::written)
                .reversed());
        return runs;
    }

    /** Names sort by the second in which a run started. */
    private static String second(String runId) {
        return runId.substring(0, runId.indexOf('-'));
    }

    private FileTime written(String runId) {
        try {
            return Files.getLastModifiedTime(folder.resolve(runId).resolve(JSON));
        } catch (IOException e) {
            // Deleted just now.
            return FileTime.fromMillis(0);
        }
    }

    private static boolean isRun(Path path) {
        return RUN.matcher(path.getFileName().toString()).matches() && Files.exists(path.resolve(JSON));
    }

    /** Adds to nodes' last successes what the stories of these runs say of them. */
    public Map<NodeId, LastSuccess> lastSuccesses(Map<NodeId, PastRuns.Success> known) {
        Map<String, Optional<Story>> stories = new HashMap<>();
        Map<NodeId, LastSuccess> successes = new HashMap<>();
        known.forEach((id, success) -> {
            Optional<Story> story = stories.computeIfAbsent(success.runId(), this::readIfThere);
            successes.put(
                    id,
                    new LastSuccess(
                            success.runId(),
                            success.rowsOut(),
                            success.duration(),
                            story.flatMap(s -> s.node(id.toString()))));
        });
        // To nobody: this is asked while the run goes on, and the code that tells stories is warm when a user waits for
        // it.
        stories.values().stream().flatMap(Optional::stream).findFirst().ifPresent(StoryFolder::texts);
        return successes;
    }

    private Optional<Story> readIfThere(String runId) {
        try {
            return Optional.of(read(runId));
        } catch (IOException e) {
            // Deleted, damaged or of another version: there is nothing to compare with then.
            return Optional.empty();
        }
    }

    /** Deletes stories that are too old or too many; nothing else in the folder is touched. */
    public void sweep(StorySettings settings, Instant now) throws IOException {
        Instant oldest = now.minus(Duration.ofDays(settings.daysKept()));
        List<String> runs = runs();
        for (int i = 0; i < runs.size(); i++) {
            Path path = folder.resolve(runs.get(i));
            boolean old =
                    Files.getLastModifiedTime(path.resolve(JSON)).toInstant().isBefore(oldest);
            if (i > 0 && (i >= settings.runsKept() || old)) {
                delete(path);
            }
        }
        for (Path unfinished : unfinished()) {
            if (Files.getLastModifiedTime(unfinished).toInstant().isBefore(now.minus(ABANDONED))) {
                delete(unfinished);
            }
        }
    }

    /** What killed runs left, and what others are writing. */
    private List<Path> unfinished() throws IOException {
        List<Path> unfinished = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(
                folder,
                path -> RUN.matcher(path.getFileName().toString().substring(1)).matches())) {
            folders.forEach(unfinished::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return unfinished;
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException e) {
            // Another run sweeps, too.
            return;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
