package dev.tarn.cli;

import dev.tarn.core.connection.Redaction;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.StorySettings;
import dev.tarn.core.run.RunListener;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.run.Tracing;
import dev.tarn.core.state.history.GitRevision;
import dev.tarn.core.state.history.HistoryRecorder;
import dev.tarn.core.story.LastSuccess;
import dev.tarn.core.story.Story;
import dev.tarn.core.story.StoryFacts;
import dev.tarn.core.story.StoryFolder;
import dev.tarn.core.story.StoryRecorder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The story of a run that goes on: what it is compared with is looked up while it runs. */
final class RunStory {

    private final LoadedProject loaded;
    private final StorySettings settings;
    private final StoryFolder folder;
    private final StoryRecorder recorder;
    private final HistoryRecorder history;
    private final CompletableFuture<Map<NodeId, LastSuccess>> previous;
    private final Clock clock;

    private RunStory(LoadedProject loaded, HistoryRecorder history, Clock clock, Redaction redaction) {
        this.loaded = loaded;
        this.settings = loaded.project().story();
        this.folder = new StoryFolder(settings.folder(), redaction);
        this.recorder = new StoryRecorder(loaded.whole(), loaded.plan());
        this.history = history;
        this.previous = settings.enabled()
                ? history.lastSuccesses().thenApplyAsync(folder::lastSuccesses)
                : CompletableFuture.completedFuture(Map.of());
        this.clock = clock;
    }

    static RunStory of(LoadedProject loaded, HistoryRecorder history, Clock clock, Redaction redaction) {
        return new RunStory(loaded, history, clock, redaction);
    }

    RunListener recorder() {
        return settings.enabled() ? recorder : new RunListener() {};
    }

    Optional<Tracing> tracing() {
        return settings.enabled()
                ? Optional.of(new Tracing(settings.sampleRows(), settings.brokenRows()))
                : Optional.empty();
    }

    /**
     * Writes the story and deletes those that are too old; gives the page to open, if there is one. The run is over, and
     * nothing that goes wrong here changes what came of it.
     */
    Optional<Path> write(RunResult result, String options, Consumer<Exception> failed) {
        if (!settings.enabled()) {
            return Optional.empty();
        }
        try {
            Story story = recorder.story(result, facts(options), previous());
            Path page = folder.write(story);
            folder.sweep(settings, clock.instant());
            return Optional.of(page);
        } catch (IOException | RuntimeException e) {
            failed.accept(e);
            return Optional.empty();
        }
    }

    private StoryFacts facts(String options) {
        Optional<GitRevision> revision = history.revision();
        return new StoryFacts(
                Optional.of(loaded.project().environment()).filter(name -> !name.isEmpty()),
                Version.number(),
                options,
                revision.map(GitRevision::commit),
                revision.map(GitRevision::dirty).orElse(false));
    }

    /** The history says by itself what it could not do. */
    private Map<NodeId, LastSuccess> previous() {
        return previous.exceptionally(unknown -> Map.of()).join();
    }
}
