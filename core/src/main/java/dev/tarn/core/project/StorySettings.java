package dev.tarn.core.project;

import java.nio.file.Path;

/**
 * Where the reports of runs go, what is in them, and how long they stay.
 *
 * @param enabled whether runs are reported
 * @param folder absolute; each run has a folder of its own in it
 * @param sampleRows rows of each output to show
 * @param brokenRows rows that break checks to show, for each node
 * @param daysKept older reports are deleted
 * @param runsKept of more reports the oldest are deleted
 */
public record StorySettings(boolean enabled, Path folder, int sampleRows, int brokenRows, int daysKept, int runsKept) {

    /** What holds when a project says nothing. */
    static StorySettings in(Path projectDirectory) {
        return new StorySettings(true, folderIn(projectDirectory), 10, 20, 30, 100);
    }

    static Path folderIn(Path projectDirectory) {
        return projectDirectory.resolve(".tarn").resolve("stories");
    }
}
