package dev.tarn.cli;

import dev.tarn.core.project.Project;
import dev.tarn.core.source.Names;
import dev.tarn.core.state.history.HistoryException;
import dev.tarn.core.state.history.PastRuns;
import dev.tarn.core.state.history.RunHistory;
import dev.tarn.core.story.Story;
import dev.tarn.core.story.StoryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The stories of one project in one environment. */
final class Stories {

    static final String LAST = "last";

    private final Project project;
    private final StoryFolder folder;

    Stories(Project project) {
        this.project = project;
        this.folder = new StoryFolder(project.story().folder());
    }

    /** The recorded runs, the newest first; those of the stories alone if there is no history. */
    List<PastRuns.Run> runs(int most) {
        try (RunHistory history =
                RunHistory.openExisting(project.directory(), Clock.systemUTC()).orElse(null)) {
            return history == null
                    ? List.of()
                    : history.past(LoadedProject.historyName(project)).newest(most);
        } catch (HistoryException e) {
            throw new StoryException("the history of runs is not readable: " + e.getMessage(), e.help());
        }
    }

    boolean has(String runId) {
        return folder.has(runId);
    }

    Path page(String runId) {
        return folder.page(runId);
    }

    /** The text of a story as it was written. */
    String text(String runId, String file) {
        try {
            return folder.text(runId, file);
        } catch (IOException e) {
            throw unreadable(runId, e);
        }
    }

    Story read(String runId) {
        try {
            return folder.read(runId);
        } catch (IOException e) {
            throw unreadable(runId, e);
        }
    }

    private static StoryException unreadable(String runId, IOException e) {
        return new StoryException(
                "the story of run " + runId + " cannot be read: " + e.getMessage(), "see 'tarn story list' for others");
    }

    /**
     * The run that is meant by {@code last}, by its name, or by how that begins or ends.
     */
    String find(String text) {
        List<String> known = known();
        if (text.equals(LAST)) {
            return known.stream().filter(this::isOurs).findFirst().orElseThrow(this::none);
        }
        List<String> meant = known.stream()
                .filter(((Predicate<String>) run -> run.startsWith(text)).or(run -> run.endsWith(text)))
                .toList();
        if (meant.size() == 1) {
            return meant.get(0);
        }
        if (meant.isEmpty()) {
            throw new StoryException(
                    "run " + Names.quoted(text) + " has no story",
                    Names.didYouMean(text, known).orElse("see 'tarn story list'; a killed run has none"));
        }
        throw new StoryException(
                Names.quoted(text) + " may be " + meant.size() + " runs",
                "give more of the name: " + String.join(", ", meant.subList(0, Math.min(3, meant.size())))
                        + (meant.size() > 3 ? ", …" : ""));
    }

    private List<String> known() {
        try {
            return folder.runs();
        } catch (IOException e) {
            throw new StoryException(
                    "the folder of stories, '" + project.story().folder() + "', cannot be read: " + e.getMessage(),
                    "make it readable");
        }
    }

    private StoryException none() {
        return new StoryException(
                "no run of '" + LoadedProject.historyName(project) + "' has a story",
                "run it once; or 'story' in the project file, or --env, names another place");
    }

    /** Two projects may keep their stories in one folder. */
    private boolean isOurs(String runId) {
        try {
            Story story = folder.read(runId);
            return story.project().equals(project.name())
                    && story.environment()
                            .equals(Optional.of(project.environment()).filter(e -> !e.isEmpty()));
        } catch (IOException e) {
            return false;
        }
    }
}
