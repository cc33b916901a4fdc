package dev.tarn.cli;

import dev.tarn.cli.render.ConfigText;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ProblemJson;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.core.project.Configuration;
import dev.tarn.core.project.Configuration.Setting;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.Problems;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tarn config}: says what a project's settings are, and where they come from. */
@Command(
        name = "config",
        description = "Show what a project's settings are, and where each comes from.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand implements Runnable {

    private static final String SCHEMA = "tarn/config/v1";

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ConfigCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "config needs one of: show, explain");
    }

    @Command(
            name = "show",
            description = "Print the whole project as it is once everything is merged and replaced.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int show(
            @Parameters(index = "0", arity = "0..1", paramLabel = "PROJECT", description = ProjectPath.DESCRIPTION)
                    Optional<Path> path,
            @Mixin CommonOptions options) {
        Problems problems = new Problems();
        Optional<Configuration> found = load(path, options, problems);
        if (problems.hasErrors() || found.isEmpty()) {
            return invalid(problems, options.json());
        }
        new ProblemText(console).print(problems);
        ConfigText text = new ConfigText(console);
        if (options.json()) {
            text.json(found.get());
        } else {
            text.yaml(found.get());
        }
        return ExitCode.OK;
    }

    @Command(
            name = "explain",
            description = "Say what a setting is, where it comes from and what it is laid over.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int explain(
            @Parameters(
                            index = "0",
                            paramLabel = "KEY",
                            description = "A key with dots, such as connections.lake.base_path, retry, "
                                    + "silver.flights.write.mode.")
                    String key,
            @Parameters(index = "1", arity = "0..1", paramLabel = "PROJECT", description = ProjectPath.DESCRIPTION)
                    Optional<Path> path,
            @Mixin CommonOptions options) {
        Problems problems = new Problems();
        Optional<Configuration> found = load(path, options, problems);
        if (problems.hasErrors() || found.isEmpty()) {
            return invalid(problems, options.json());
        }
        new ConfigText(console).explain(settings(key, found.get()), options.json());
        return ExitCode.OK;
    }

    private static Optional<Configuration> load(Optional<Path> argument, CommonOptions options, Problems problems) {
        Path path = ProjectPath.of(argument, options.project);
        return new ProjectLoader(System.getenv(), Clock.systemUTC()).configuration(path, options.environment, problems);
    }

    private int invalid(Problems problems, boolean json) {
        if (json) {
            new ProblemJson(console).invalid(SCHEMA, problems);
        }
        new ProblemText(console).print(problems);
        return ExitCode.INVALID;
    }

    /** The setting of this key, or all below it. */
    private List<Setting> settings(String key, Configuration configuration) {
        for (String each : List.of(key, longForm(key))) {
            List<Setting> found = configuration.settings().stream()
                    .filter(s -> s.key().equals(each) || s.key().startsWith(each + "."))
                    .toList();
            Optional<Setting> byDefault = ProjectLoader.byDefault(each);
            if (!found.isEmpty() || byDefault.isPresent()) {
                return found.isEmpty() ? byDefault.stream().toList() : found;
            }
        }
        throw unknown(key, configuration);
    }

    /** {@code silver.flights} for {@code pipelines.silver.nodes.flights}. */
    private static String longForm(String key) {
        return key.replaceFirst("^([^.]+)\\.([^.]+)", "pipelines.$1.nodes.$2");
    }

    private UsageException unknown(String key, Configuration configuration) {
        List<String> known = configuration.settings().stream()
                .flatMap(s -> Stream.iterate(
                        s.key(), k -> !k.isEmpty(), k -> k.substring(0, Math.max(0, k.lastIndexOf('.')))))
                .distinct()
                .toList();
        return new UsageException(
                "no setting " + Names.quoted(key),
                Names.didYouMean(key, known).orElse("'tarn config show' lists what there is"));
    }
}
