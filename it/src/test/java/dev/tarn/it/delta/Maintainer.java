package dev.tarn.it.delta;

import dev.tarn.lake.Commit;
import dev.tarn.lake.CommitOptions;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.OptimizeResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A process that optimizes a table, vacuums it and restores earlier versions, while others write. It plants garbage and makes the files that the table
 * has look as old as that, so that only the log tells vacuum one from the other.
 *
 * <p>Arguments and lines are those of {@link Rival}.
 */
final class Maintainer {
    /** How the metadata of its commits begins. */
    static final String DEED = "maintenance";

    /** What follows in that of a restore, before the number of the version. */
    static final String RESTORE = " restores ";

    private static final Duration OLD = Duration.ofDays(1);

    private Maintainer() {}

    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[0]);
        long end = System.nanoTime() + Long.parseLong(arguments[2]) * 1_000_000_000L;
        Random random = new Random(Long.parseLong(arguments[3]) + Integer.parseInt(arguments[1]));
        DeltaTable table = DeltaTable.forPath(path);
        try (Connection duckdb = Peers.openDuckDb()) {
            for (int number = Integer.parseInt(arguments[1]); System.nanoTime() < end; number++) {
                String deed = DEED + " " + UUID.randomUUID();
                CommitOptions options = CommitOptions.DEFAULT.withUserMetadata(deed);
                if (number % 6 == 0) {
                    restore(table, random, deed);
                } else if (number % 3 != 1) {
                    optimize(table, duckdb, options, deed);
                } else {
                    vacuum(table, options, deed);
                }
            }
        }
    }

    /** Other writers may change its files again and again; then it gives up and leaves the table as it is. */
    private static void optimize(DeltaTable table, Connection duckdb, CommitOptions options, String deed)
            throws SQLException {
        try {
            OptimizeResult result = table.optimize(duckdb).withCommit(options).execute();
            if (result.version().isPresent()) {
                System.out.println(result.version().getAsLong() + " " + deed);
            }
        } catch (LakeException conflict) {
            if (conflict.kind() != LakeException.Kind.CONFLICT) {
                throw conflict;
            }
        }
    }

    /** To one of the last versions, as soon as nobody commits meanwhile. */
    private static void restore(DeltaTable table, Random random, String name) {
        for (int tries = 0; tries < 50; tries++) {
            long newest = table.newestVersion().orElseThrow();
            long version = Math.max(0, newest - 1 - random.nextInt(8));
            String deed = name + RESTORE + version;
            try {
                OptionalLong made = table.restore(version, CommitOptions.DEFAULT.withUserMetadata(deed))
                        .version();
                if (made.isPresent()) {
                    System.out.println(made.getAsLong() + " " + deed);
                }
                return;
            } catch (LakeException conflict) {
                if (conflict.kind() != LakeException.Kind.CONFLICT) {
                    throw conflict;
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
