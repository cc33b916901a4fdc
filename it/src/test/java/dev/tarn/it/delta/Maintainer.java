package dev.tarn.it.delta;

import dev.tarn.lake.Commit;
import dev.tarn.lake.CommitOptions;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.OptimizeResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A process that optimizes a table, and vacuums it, while others write. It plants garbage and makes the files that the table
 * has look as old as that, so that only the log tells vacuum one from the other.
 *
 * <p>Arguments and lines are those of {@link Rival}.
 */
final class Maintainer {
    /** How the metadata of its commits begins. */
    static final String DEED = "maintenance";

    private static final Duration OLD = Duration.ofDays(1);

    private Maintainer() {}

    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[0]);
        long end = System.nanoTime() + Long.parseLong(arguments[2]) * 1_000_000_000L;
        Random random = new Random(Long.parseLong(arguments[3]) + Integer.parseInt(arguments[1]));
        DeltaTable table = DeltaTable.forPath(path);
        try (Connection duckdb = Peers.openDuckDb()) {
            while (System.nanoTime() < end) {
                String deed = DEED + " " + UUID.randomUUID();
                CommitOptions options = CommitOptions.DEFAULT.withUserMetadata(deed);
                if (random.nextInt(3) > 0) {
                    OptimizeResult result =
                            table.optimize(duckdb).withCommit(options).execute();
                    if (result.version().isPresent()) {
                        System.out.println(result.version().getAsLong() + " " + deed);
                    }
                } else {
                    vacuum(table, options, deed);
                }
            }
        }
    }

    private static void vacuum(DeltaTable table, CommitOptions options, String deed) throws IOException {
        Instant old = Instant.now().minus(OLD);
        Path garbage = Files.writeString(table.path().resolve("garbage-" + UUID.randomUUID()), "x");
        age(garbage, old);
        for (Commit commit : table.history(5)) {
            ageFiles(table, commit.version(), old);
        }
        table.vacuum().retain(OLD.dividedBy(2)).force().withCommit(options).execute();
        if (Files.exists(garbage)) {
            throw new IllegalStateException("garbage is left: " + garbage);
        }
        for (Commit commit : table.history(10_000)) {
            if (commit.userMetadata().filter(deed::equals).isPresent()) {
                System.out.println(commit.version() + " " + deed);
            }
        }
    }

    /** Those of a version that others have read or removed may be anywhere by now. */
    private static void ageFiles(DeltaTable table, long version, Instant old) throws IOException {
        try (Stream<String> lines = Files.lines(table.commitFile(version))) {
            for (String line : lines.toList()) {
                int at = line.indexOf("\"path\":\"");
                if (at > 0) {
                    String name = line.substring(at + 8, line.indexOf('"', at + 8));
                    age(table.path().resolve(name), old);
                }
            }
        }
    }

    private static void age(Path file, Instant old) throws IOException {
        try {
            Files.setLastModifiedTime(file, FileTime.from(old));
        } catch (NoSuchFileException gone) {
            // Another maintainer's garbage.
        }
    }
}
