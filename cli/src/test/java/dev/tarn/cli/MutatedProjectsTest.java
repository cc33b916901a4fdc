package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.EngineFactory;
import dev.tarn.core.plan.Planner;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The projects of the examples and of other tests with something broken in them, thousands of times, through all that
 * {@code tarn validate} does: never an exception, never a hang, and each problem has a position that is there.
 */
class MutatedProjectsTest {

    /** {@code make it} takes ten thousand. */
    private static final int CASES = Integer.getInteger("tarn.mutations", 2_000);

    private static final int SECONDS_FOR_A_CASE = 20;
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-03-15T10:20:30Z"), ZoneOffset.UTC);

    /** A project file, and the file of its project that is damaged. */
    private record Victim(Path project, Path file, String whole) {

        /** Each character stands for one byte: a file need not be text. */
        byte[] bytes() {
            return whole.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    @TempDir
    Path folder;

    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private Engine engine;

    @BeforeEach
    void open() {
        engine = ServiceLoader.load(EngineFactory.class)
                .findFirst()
                .orElseThrow()
                .create();
    }

    @AfterEach
    void close() {
        worker.shutdownNow();
        engine.close();
    }

    @Test
    void whateverIsWrongIsSaidWithItsPlace() throws Exception {
        List<Victim> victims = victims();
        Mutations mutations = new Mutations(20_261_121);
        int withErrors = 0;
        for (int i = 0; i < CASES; i++) {
            Victim victim = victims.get(mutations.below(victims.size()));
            byte[] damaged = mutations.damaged(victim.bytes());
            Files.write(victim.file(), damaged);
            Problems problems = validate(victim, i);
            withErrors += problems.hasErrors() ? 1 : 0;
            for (Problem problem : problems.all()) {
                assertWellFormed(problem, i);
            }
            Files.write(victim.file(), victim.bytes());
        }
        assertThat(withErrors).isGreaterThan(CASES / 2);
    }

    private Problems validate(Victim victim, int number) throws IOException, InterruptedException {
        Problems problems = new Problems();
        try {
            worker.submit(() -> {
                        Project project = new ProjectLoader(Map.of("X", "x"), CLOCK).load(victim.project(), problems);
                        Planner.plan(project, engine, problems);
                    })
                    .get(SECONDS_FOR_A_CASE, TimeUnit.SECONDS);
            return problems;
        } catch (TimeoutException e) {
            throw new AssertionError("case " + number + " hangs: " + Files.readString(victim.file()), e);
        } catch (ExecutionException e) {
            throw new AssertionError("case " + number + " of " + victim.file(), e.getCause());
        }
    }

    private static void assertWellFormed(Problem problem, int number) {
        SourceFile file = problem.span().file();
        int line = problem.span().line();
        String text = file.line(line);
        String what = "case %d: %s:%s %s".formatted(number, problem.span(), problem.code(), problem.message());
        assertThat(line)
                .as(what)
                .isBetween(
                        1, 1 + (int) file.text().chars().filter(c -> c == '\n').count());
        assertThat(problem.span().column()).as(what).isBetween(1, 1 + text.codePointCount(0, text.length()));
        assertThat(problem.message()).as(what).isNotBlank();
    }

    /** Copies of all projects, each in a folder of its own, with every YAML and SQL file as a victim. */
    private List<Victim> victims() throws IOException {
        List<Victim> victims = new ArrayList<>();
        for (Path project : projects()) {
            Path copy = folder.resolve("p" + victims.size());
            Path from = folderOf(project);
            try (Stream<Path> walk = Files.walk(from)) {
                for (Path file : walk.filter(Files::isRegularFile)
                        .filter(f -> f.toString().matches(".*\\.(ya?ml|sql|csv)"))
                        .sorted()
                        .toList()) {
                    Path twin = copy.resolve(from.relativize(file).toString());
                    Files.createDirectories(folderOf(twin));
                    Files.copy(file, twin);
                    if (file.equals(project)
                            || file.toString().endsWith(".sql")
                            || !folderOf(file).equals(from)) {
                        victims.add(new Victim(
                                copy.resolve(project.getFileName()),
                                twin,
                                Files.readString(twin, StandardCharsets.ISO_8859_1)));
                    }
                }
            }
        }
        victims.removeIf(victim -> victim.file().toString().endsWith(".csv"));
        assertThat(victims).hasSizeGreaterThan(20);
        return victims;
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNull(file.getParent());
    }

    /** Each file that can be a main project file; where one folder has several, it is taken once for each. */
    private static List<Path> projects() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String root : List.of("../examples", "../core/src/test/projects")) {
            try (Stream<Path> walk = Files.walk(Path.of(root), 2)) {
                walk.filter(file -> file.toString().endsWith(".yaml")).sorted().forEach(found::add);
            }
        }
        return found;
    }
}
