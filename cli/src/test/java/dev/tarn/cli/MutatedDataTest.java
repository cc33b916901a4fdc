package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.TestProject.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Data files with something broken in them, hundreds of times, through {@code tarn run}: what cannot be read ends in an error
 * without a stack trace, and the tables of such nodes stay as they were.
 */
class MutatedDataTest {

    private static final int ROUNDS = Integer.getInteger("tarn.mutations.data", 2);
    private static final int FILES = 40;
    private static final int ROWS = 60;

    private enum Format {
        CSV,
        JSON,
        PARQUET;

        String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @TempDir
    Path folder;

    private final long seed = Long.getLong("tarn.seed", 20_261_121);
    private final Random random = new Random(seed);

    private static String nodes(Format format) {
        StringBuilder nodes = new StringBuilder();
        for (int i = 0; i < FILES; i++) {
            nodes.append("""
                    - name: n%1$d
                      read: {connection: in, format: %2$s, path: in/%1$d.%2$s}
                      write: {connection: lake, format: delta, table: t%1$d, overwrite_schema: true}
                    """.formatted(i, format.id()));
        }
        return nodes.toString();
    }

    /** Texts with quotes and separators, numbers with a wide range, times, NULLs. */
    private byte[] original(Format format) throws IOException, SQLException {
        Path file = folder.resolve("original." + format.id());
        String options = switch (format) {
            case CSV -> "FORMAT csv, HEADER";
            case JSON -> "FORMAT json";
            case PARQUET ->
                "FORMAT parquet, ROW_GROUP_SIZE 2048, COMPRESSION "
                        + (random.nextBoolean() ? "snappy" : "uncompressed");
        };
        String copy =
                "COPY (SELECT i AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE 'a, \"b\" ' || i || chr(233) END AS name,"
                        + " (i * 1.5)::DECIMAL(9, 2) AS amount, DATE '2024-01-01' + i::INT AS day, i % 2 = 0 AS even"
                        + " FROM range(" + ROWS + ") r(i)) TO '" + file + "' (" + options + ")";
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(copy);
        }
        return Files.readAllBytes(file);
    }

    private byte[] damaged(byte[] original) {
        byte[] bytes = original.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes = damagedOnce(bytes);
        }
        return bytes;
    }

    private byte[] damagedOnce(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        int length = 1 + random.nextInt(random.nextInt(5) == 0 ? 200 : 4);
        int end = Math.min(bytes.length, at + length);
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        byte[] words = "\"\n,;{}[]\0null\r\n\t'\uFEFF-1e999999".getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(7)) {
            case 0 -> join(bytes, at, noise, end);
            case 1 -> join(bytes, at, noise, at);
            case 2 -> join(bytes, at, new byte[0], end);
            case 3 -> join(bytes, at, Arrays.copyOfRange(bytes, at, end), at);
            case 4 -> join(bytes, at, Arrays.copyOfRange(words, 0, random.nextInt(words.length)), at);
            case 5 -> join(bytes, at, new byte[] {(byte) (1 << random.nextInt(8))}, Math.min(bytes.length, at + 1));
            default -> Arrays.copyOf(bytes, Math.max(1, at));
        };
    }

    private static byte[] join(byte[] bytes, int to, byte[] middle, int from) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(bytes, 0, to);
        joined.writeBytes(middle);
        joined.write(bytes, from, bytes.length - from);
        return joined.size() == 0 ? new byte[] {'x'} : joined.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void endsInAnErrorAndLeavesTheTablesOfBeforeAlone(Format format) throws Exception {
        System.out.println("MutatedDataTest " + format + ": -Dtarn.seed=" + seed);
        TestProject project = new TestProject(folder);
        byte[] original = original(format);
        Files.createDirectories(folder.resolve("in"));
        for (int i = 0; i < FILES; i++) {
            Files.write(file(i, format), original);
        }
        Outcome before = project.nodes(nodes(format)).run();
        assertThat(before.exitCode()).as(before.err()).isZero();
        List<List<String>> tables = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            tables.add(project.table("t" + i));
        }
        int failed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < FILES; i++) {
                Files.write(file(i, format), damaged(original));
            }
            Outcome outcome = project.run();
            String what = format + ", seed " + seed + ", round " + round + ": " + outcome.err();
            assertThat(outcome.exitCode()).as(what).isBetween(0, 1);
            assertThat(outcome.err())
                    .as(what)
                    .doesNotContain("TARN-0599", "Exception", "\tat ", "INTERNAL", "FATAL", "invalidated");
            for (int i = 0; i < FILES; i++) {
                if (outcome.err().contains("  failed  p.n" + i + "  ")) {
                    failed++;
                    assertThat(project.table("t" + i))
                            .as("%s, node %d", what, i)
                            .isEqualTo(tables.get(i));
                } else {
                    assertThat(outcome.err()).as(what).contains("  ok      p.n" + i + " ");
                    tables.set(i, project.table("t" + i));
                }
            }
        }
        assertThat(failed).as("files that could not be read, seed " + seed).isPositive();
    }

    private Path file(int number, Format format) {
        return folder.resolve("in").resolve(number + "." + format.id());
    }
}
