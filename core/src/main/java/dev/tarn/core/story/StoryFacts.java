package dev.tarn.core.story;

import java.util.Optional;

/**
 * What a run does not know of itself.
 *
 * @param options what of the command line changed what happened
 * @param gitRevision the commit that the project's folder was checked out at
 */
public record StoryFacts(
        Optional<String> environment,
        String tarnVersion,
        String options,
        Optional<String> gitRevision,
        boolean gitDirty) {}
