package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.cli.render.VerifyText;
import dev.tarn.cli.verify.EngineSide;
import dev.tarn.cli.verify.TableVerdict;
import dev.tarn.cli.verify.Verification;
import dev.tarn.cli.verify.VerifyException;
import dev.tarn.core.engine.EngineFactory;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.run.RunListener;
import dev.tarn.core.run.RunSettings;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.state.RunId;
import dev.tarn.core.state.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tarn verify}: runs a project on DuckDB and on Spark, and compares their tables. */
@Command(
        name = "verify",
        description = "Run a project on DuckDB and on Spark, beside its tables, and compare what they make row by row.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class VerifyCommand implements Callable<Integer> {

    private static final String FIRST = "duckdb";
    private static final String SCHEMA = "tarn/verify/v1";

    private final Console console;
    private final Cancellation interrupt;
    private final Clock clock = Clock.systemUTC();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ProjectOptions project = new ProjectOptions();

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    @Option(
            names = "--master",
            paramLabel = "URL",
            description =
                    "Where Spark runs: local[*], spark://host:7077 (default: as the project says, else local[*]).")
    private Optional<String> master = Optional.empty();

    @Option(
            names = "--key",
            paramLabel = "NODE=COLUMN",
            description = "Columns that tell a node's rows apart, with commas (default: those of its 'unique' test or "
                    + "'keys', else rows are compared whole). May be repeated.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--sample",
            paramLabel = "ROWS",
            description = "Take at most so many rows of each input from outside, the same for both engines.")
    private Optional<Integer> sample = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            defaultValue = "10",
            description = "Different rows to show of each table (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Nodes that may run at the same time (default: ${DEFAULT-VALUE}).")
    private int workers;

    VerifyCommand(Console console, Cancellation interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    @Override
    public Integer call() {
        if (workers < 1 || limit < 0 || sample.orElse(1) < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--workers and --sample must be at least 1, --limit at least 0");
        }
        if (project.engine.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), "verify runs on both engines: --engine says nothing to it");
        }
        List<EngineFactory> factories = LoadedProject.factories();
        try (PortableProject first = PortableProject.load(project, factory(factories, FIRST), console.redaction())) {
            LoadedProject loaded = first.loaded();
            if (loaded.problems().hasErrors()) {
                return loaded.invalid(console, SCHEMA, project.json());
            }
            Set<NodeId> nodes = selection.in(loaded, selection.parse()).nodes();
            Map<NodeId, List<String>> keysOfNodes = keys(loaded.only(nodes));
            if (factories.stream().noneMatch(f -> f.names().contains(SparkProcess.ENGINE))) {
                throw new SparkNeededException(loaded.project().spark().version());
            }
            return compare(first, factory(factories, SparkProcess.ENGINE), nodes, keysOfNodes);
        } catch (VerifyException e) {
            new ErrorText(console).usage(String.valueOf(e.getMessage()), e.help(), project.json());
            return interrupt.isRequested() ? ExitCode.INTERRUPTED : ExitCode.INVALID;
        }
    }

    private static EngineFactory factory(List<EngineFactory> factories, String name) {
        return factories.stream()
                .filter(factory -> factory.names().contains(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no engine '" + name + "' on the class path"));
    }

    private int compare(
            PortableProject first, EngineFactory other, Set<NodeId> nodes, Map<NodeId, List<String>> keysOfNodes) {
        try (PortableProject second = PortableProject.load(project, other, console.redaction())) {
            LoadedProject one = first.loaded().only(nodes);
            LoadedProject two = second.loaded().only(nodes);
            for (LoadedProject each : List.of(one, two)) {
                if (each.problems().hasErrors()) {
                    return each.invalid(console, SCHEMA, project.json());
                }
            }
            new ProblemText(console).print(one.problems());
            return compare(one, two, keysOfNodes, first.rest());
        }
    }

    private int compare(
            LoadedProject one, LoadedProject two, Map<NodeId, List<String>> keysOfNodes, Map<NodeId, String> rest) {
        String runId = RunId.create(clock);
        try (WorkFolder work = WorkFolder.create(one.project().directory(), runId)) {
            List<TableVerdict> verdicts = new Verification(
                            side(FIRST, one, runId, work.path()),
                            side(SparkProcess.ENGINE, two, runId, work.path()),
                            keysOfNodes,
                            sample.map(OptionalInt::of).orElse(OptionalInt.empty()),
                            limit,
                            work.path())
                    .run();
            VerifyText text = new VerifyText(console, List.of(FIRST, SparkProcess.ENGINE));
            if (project.json()) {
                text.json(one.project(), verdicts, rest);
            } else {
                text.print(verdicts, rest);
            }
            return verdicts.stream().allMatch(TableVerdict::isSame) ? ExitCode.OK : ExitCode.FAILED;
        } catch (FailureException e) {
            return environment(
                    e.failure().code(),
                    e.failure().message(),
                    e.failure().help().orElse("nothing of the project was changed"));
        } catch (IOException e) {
            return environment(
                    ProblemCode.STATE_UNWRITABLE,
                    "the state folder '.tarn' beside the project cannot be written (" + e.getMessage() + ")",
                    "make the project's folder writable; nothing was run");
        }
    }

    private int environment(ProblemCode code, String message, String help) {
        new ErrorText(console).environment(code, message, help, project.json());
        return ExitCode.INVALID;
    }

    private EngineSide side(String engine, LoadedProject loaded, String runId, Path work) throws IOException {
        return new EngineSide(
                engine,
                loaded.engine(),
                loaded.plan(),
                new SessionSettings(
                        runId,
                        Files.createDirectory(work.resolve("work-" + engine)),
                        new ProjectConnections(project.path(), loaded.project(), console.redaction()).all(),
                        settings(engine, loaded.project())),
                new RunSettings(runId, workers, clock, Optional.empty(), Map.of(), console.redaction()),
                new RunListener() {},
                interrupt);
    }

    private Map<String, String> settings(String engine, Project loaded) {
        if (!engine.equals(SparkProcess.ENGINE)) {
            return Map.of();
        }
        Map<String, String> settings = new HashMap<>(loaded.spark().config());
        master.or(() -> loaded.spark().master()).ifPresent(url -> settings.put("spark.master", url));
        return settings;
    }

    private Map<NodeId, List<String>> keys(LoadedProject loaded) {
        Map<NodeId, List<String>> found = new LinkedHashMap<>();
        for (String key : keys) {
            int split = key.indexOf('=');
            String name = split < 0 ? key : key.substring(0, split);
            List<NodeId> nodes = loaded.plan().selected().stream()
                    .map(PlannedNode::id)
                    .filter(id -> id.toString().equals(name) || id.node().equals(name))
                    .toList();
            if (split < 0 || nodes.isEmpty()) {
                throw new UsageException(
                        "--key '" + key + "' names no node that is compared",
                        "write it as --key NODE=COLUMN,COLUMN; 'tarn ls' lists the nodes");
            }
            nodes.forEach(node ->
                    found.put(node, Arrays.asList(key.substring(split + 1).split(",", -1))));
        }
        return found;
    }
}
