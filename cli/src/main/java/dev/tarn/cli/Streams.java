package dev.tarn.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ProblemJson;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.cli.render.StreamText;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.project.StreamDeclaration;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.Problems;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The streams of a project, and what the commands do with them. */
final class Streams {

    private static final String SCHEMA = "tarn/streams/v1";
    private static final Duration COMES_UP = Duration.ofMinutes(2);
    private static final Duration ENDS = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 100;
    private static final Set<String> AT_WORK = Set.of("snapshot", "following");

    private final Path path;
    private final Project project;
    private final CommonOptions options;
    private final Console console;
    private final StreamText text;

    private Streams(Path path, Project project, CommonOptions options, Console console) {
        this.path = path;
        this.project = project;
        this.options = options;
        this.console = console;
        this.text = new StreamText(console);
    }

    /** Empty if the project has errors, which are printed. */
    static Optional<Streams> load(CommonOptions options, Console console) {
        Path path = ProjectPath.of(Optional.empty(), options.project);
        Problems problems = new Problems();
        Project project = new ProjectLoader(System.getenv(), Clock.systemUTC(), console.redaction())
                .load(path, options.environment, problems);
        if (problems.hasErrors()) {
            if (options.json()) {
                new ProblemJson(console).invalid(SCHEMA, problems);
            }
            new ProblemText(console).print(problems);
            return Optional.empty();
        }
        return Optional.of(new Streams(path, project, options, console));
    }

    StreamDeclaration find(String name) {
        List<String> known =
                project.streams().stream().map(StreamDeclaration::name).toList();
        return project.streams().stream()
                .filter(stream -> stream.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        "there is no stream " + Names.quoted(name),
                        Names.didYouMean(name, known)
                                .orElse(
                                        known.isEmpty()
                                                ? "declare it under 'streams'"
                                                : "declared: " + String.join(", ", known))));
    }

    List<StreamDeclaration> wanted(List<String> names) {
        if (names.isEmpty() && project.streams().isEmpty()) {
            throw new UsageException("the project has no stream", "declare one under 'streams'");
        }
        return names.isEmpty()
                ? project.streams()
                : names.stream().map(this::find).toList();
    }

    private StreamFolder folder(StreamDeclaration stream) throws IOException {
        return StreamFolder.of(project.directory(), stream.name());
    }

    StreamRunner runner(StreamDeclaration stream, Cancellation interrupt) throws IOException {
        return new StreamRunner(stream.name(), process(stream), folder(stream), text, interrupt);
    }

    private StreamProcess process(StreamDeclaration stream) throws IOException {
        return new StreamProcess(
                stream, new ProjectConnections(path, project, console.redaction()).all(), folder(stream));
    }

    /** Compares the tables of each with their source. */
    int verify(List<StreamDeclaration> wanted, Path debezium, Duration wait)
            throws IOException, InterruptedException, ConnectionException {
        List<Map<String, @Nullable Object>> tables = new ArrayList<>();
        for (StreamDeclaration stream : wanted) {
            Process process = process(stream).verify(debezium, wait);
            try (BufferedReader out = process.inputReader()) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    Map<String, @Nullable Object> table = new LinkedHashMap<>();
                    table.put("stream", stream.name());
                    table.putAll(JSON.std.mapFrom(line));
                    tables.add(table);
                }
            }
            if (process.waitFor() != 0) {
                String said = Files.readString(folder(stream).path().resolve("verify.err"));
                throw new ConnectionException(
                        ConnectionException.Kind.STATEMENT,
                        "stream '" + stream.name() + "' cannot be compared with its source: "
                                + said.strip().replaceFirst("(?s)^error: ", "").replaceFirst("(?s)\n.*", ""),
                        "'tarn connection test' tries the source");
            }
        }
        text.verified(tables, options.json());
        return tables.stream().allMatch(table -> Boolean.TRUE.equals(table.get("equal")))
                ? ExitCode.OK
                : ExitCode.FAILED;
    }

    int resync(StreamDeclaration stream) throws IOException, InterruptedException {
        if (folder(stream).running().isPresent()) {
            throw new UsageException(
                    "stream '" + stream.name() + "' runs", "'tarn stream stop " + stream.name() + "' ends it first");
        }
        return start(List.of(stream), true);
    }

    /** Starts those that do not run, and waits until each is at work or has failed. */
    int start(List<StreamDeclaration> wanted, boolean resync) throws IOException, InterruptedException {
        Map<StreamDeclaration, Process> started = new LinkedHashMap<>();
        for (StreamDeclaration stream : wanted) {
            StreamFolder folder = folder(stream);
            if (folder.running().isEmpty()) {
                folder.note("starting", null, null);
                started.put(stream, background(stream, folder, resync));
            }
        }
        long deadline = System.nanoTime() + COMES_UP.toNanos();
        for (Map.Entry<StreamDeclaration, Process> each : started.entrySet()) {
            StreamFolder folder = folder(each.getKey());
            while (each.getValue().isAlive()
                    && !AT_WORK.contains(String.valueOf(folder.read().get("state")))
                    && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
            if (!each.getValue().isAlive() && "starting".equals(folder.read().get("state"))) {
                folder.note("failed", "it ended before it was at work", "see " + folder.log());
            }
        }
        List<Map<String, @Nullable Object>> all = states(wanted);
        text.print(all, options.json());
        boolean well = all.stream().allMatch(state -> AT_WORK.contains(String.valueOf(state.get("state"))));
        return well ? ExitCode.OK : ExitCode.FAILED;
    }

    /** In a session of its own and without our streams: it stays when this process and its terminal are gone. */
    private Process background(StreamDeclaration stream, StreamFolder folder, boolean resync) throws IOException {
        List<String> command = new ArrayList<>();
        onPath("setsid").ifPresent(command::add);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx96m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "stream",
                "run",
                stream.name(),
                "-p",
                path.toAbsolutePath().toString()));
        options.environment.ifPresent(name -> command.addAll(List.of("--env", name)));
        if (resync) {
            command.add("--resync");
        }
        return new ProcessBuilder(command)
                .directory(project.directory().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()))
                .start();
    }

    private static Optional<String> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).resolve(program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    int stop(List<StreamDeclaration> wanted) throws IOException, InterruptedException {
        for (StreamDeclaration stream : wanted) {
            folder(stream).running().ifPresent(ProcessHandle::destroy);
        }
        long deadline = System.nanoTime() + ENDS.toNanos();
        for (StreamDeclaration stream : wanted) {
            StreamFolder folder = folder(stream);
            while (folder.running().isPresent() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
            // Whatever it does: what is committed is whole, and the rest comes again.
            folder.running().ifPresent(ProcessHandle::destroyForcibly);
        }
        text.print(states(wanted), options.json());
        return ExitCode.OK;
    }

    int status(List<StreamDeclaration> wanted) throws IOException {
        List<Map<String, @Nullable Object>> all = states(wanted);
        text.print(all, options.json());
        return all.stream().anyMatch(state -> "failed".equals(state.get("state"))) ? ExitCode.FAILED : ExitCode.OK;
    }

    int lag(List<StreamDeclaration> wanted, Optional<Double> max) throws IOException {
        List<Map<String, @Nullable Object>> all = states(wanted);
        text.lag(all, options.json());
        boolean fine = max.isEmpty() || all.stream().allMatch(state -> isWithin(state, max.get()));
        return fine ? ExitCode.OK : ExitCode.FAILED;
    }

    private static boolean isWithin(Map<String, @Nullable Object> state, double max) {
        return state.get("lag_seconds") instanceof Number lag && lag.doubleValue() <= max;
    }

    /** How each is, as its process said and as the system knows. */
    private List<Map<String, @Nullable Object>> states(List<StreamDeclaration> wanted) throws IOException {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (StreamDeclaration stream : wanted) {
            StreamFolder folder = folder(stream);
            Map<String, @Nullable Object> said = folder.read();
            boolean runs = folder.running().isPresent();
            Map<String, @Nullable Object> state = new LinkedHashMap<>();
            state.put("name", stream.name());
            state.put("state", state(said, runs));
            for (String key : List.of("batch", "applied", "waiting")) {
                state.put(key, said.get(key));
            }
            for (String key : List.of("lag_seconds", "retained_bytes", "metrics_port")) {
                state.put(key, runs ? said.get(key) : null);
            }
            for (String key : List.of("committed_at", "reason", "help")) {
                state.put(key, said.get(key));
            }
            state.put("pid", folder.running().map(ProcessHandle::pid).orElse(null));
            state.put("log", folder.log().toString());
            all.add(state);
        }
        return all;
    }

    private static String state(Map<String, @Nullable Object> said, boolean runs) {
        String state = String.valueOf(said.getOrDefault("state", "stopped"));
        return runs || state.equals("failed") ? state : "stopped";
    }
}
