package dev.tarn.core.project;

import dev.tarn.core.connection.Location;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code story} of a project. */
final class StoryReader {

    static final int MOST_ROWS = 1_000;
    static final int MOST_DAYS = 36_500;
    static final int MOST_RUNS = 100_000;

    private final Path directory;
    private final LocationReader locations;
    private final Problems problems;

    StoryReader(Path directory, ProjectReader.Connections connections, Problems problems) {
        this.directory = directory;
        this.locations = new LocationReader(connections, problems);
        this.problems = problems;
    }

    StorySettings read(MappingReader in) {
        StorySettings usual = StorySettings.in(directory);
        boolean enabled = in.flag("auto_generate", usual.enabled());
        Path folder = folder(in).orElse(usual.folder());
        long sampleRows = in.whole("max_sample_rows", 0, MOST_ROWS).orElse(usual.sampleRows());
        long brokenRows = in.whole("failure_sample_size", 0, MOST_ROWS).orElse(usual.brokenRows());
        long days = in.whole("retention_days", 1, MOST_DAYS).orElse(usual.daysKept());
        long runs = in.whole("retention_count", 1, MOST_RUNS).orElse(usual.runsKept());
        in.ignored("max_failure_samples", "'failure_sample_size' is for each node");
        in.ignored("max_sampled_validations", "rows that break any check are sampled together");
        in.ignored("async_generation", "a story is written when its run ends, in milliseconds");
        in.ignored("generate_lineage", "the story shows which node needs which");
        in.unsupported("docs");
        in.hint("use 'auto_generate'", "enabled");
        in.hint("use 'retention_days' or 'retention_count'", "retention", "keep");
        in.hint("use 'max_sample_rows'", "sample_rows", "samples");
        in.finish();
        return new StorySettings(enabled, folder, (int) sampleRows, (int) brokenRows, (int) days, (int) runs);
    }

    /** In a connection as everything else, or beside the project file. */
    private Optional<Path> folder(MappingReader in) {
        return in.has("connection")
                ? locations.folder(in).map(Location::path).map(Path::of)
                : in.scalar("path").flatMap(this::besideProject);
    }

    private Optional<Path> besideProject(Yaml.Scalar scalar) {
        if (LocalPath.isRefused(scalar, problems)) {
            return Optional.empty();
        }
        String text = scalar.text().text();
        try {
            return Optional.of(directory.resolve(text).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            problems.error(ProblemCode.INVALID_VALUE, scalar.span(), Names.quoted(text) + " is not a path");
            return Optional.empty();
        }
    }
}
