package dev.tarn.cli;

import dev.tarn.cli.render.ColorMode;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.select.SelectionException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The command {@code tarn} and all below it. */
@Command(
        name = "tarn",
        addMethodSubcommands = false,
        description = "Run lakehouse pipelines on your machine: YAML and SQL in, Delta tables out.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Exit codes: 0 fine, 1 something failed, 2 usage or configuration, 130 interrupted."})
final class Commands {

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            defaultValue = "auto",
            description = "auto, always or never (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("UnusedVariable") // For picocli: the bare arguments are asked, before it parses them.
    private ColorMode color = ColorMode.AUTO;

    private static final Set<String> VERSION = Set.of("--version", "-V");

    private Commands() {}

    static int execute(Console plain, Cancellation interrupt, String... args) {
        Console console = plain.with(color(args));
        if (args.length == 1 && VERSION.contains(args[0])) {
            // Without picocli, which takes most of such a start.
            console.out().println(new Version().getVersion()[0]);
            return ExitCode.OK;
        }
        try (ProjectLoading loading = new ProjectLoading(console.redaction()).begin(args)) {
            return execute(console, loading, interrupt, args);
        }
    }

    private static int execute(Console console, ProjectLoading loading, Cancellation interrupt, String... args) {
        CommandLine line = lineFor(console, loading, interrupt, args)
                .setParameterExceptionHandler(new UsageErrors(console))
                .setExecutionExceptionHandler(new Failures(console, interrupt, List.of(args)));
        if (args.length == 0) {
            line.usage(console.err());
            return ExitCode.INVALID;
        }
        return line.execute(args);
    }

    /** A class, as the next one is: with a lambda, JDK 17 leaves it and picocli's interface out of the class archive. */
    private record UsageErrors(Console console) implements IParameterExceptionHandler {
        @Override
        public int handleParseException(ParameterException e, String[] args) {
            return usageError(console, e, args);
        }
    }

    private record Failures(Console console, Cancellation interrupt, List<String> args)
            implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
            return failed(console, interrupt, e, args.toArray(String[]::new));
        }
    }

    /** All commands and their options. */
    static CommandLine line(Console console, Cancellation interrupt) {
        return withCommands(console, subcommands(console, new ProjectLoading(console.redaction()), interrupt));
    }

    private static Map<String, Supplier<Object>> subcommands(
            Console console, ProjectLoading loading, Cancellation interrupt) {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("init", () -> new InitCommand(console));
        all.put("run", () -> new RunCommand(console, loading, interrupt));
        all.put("verify", () -> new VerifyCommand(console, interrupt));
        all.put("validate", () -> new ValidateCommand(console, loading));
        all.put("ls", () -> new LsCommand(console, loading));
        all.put("graph", () -> new GraphCommand(console, loading));
        all.put("config", () -> new ConfigCommand(console));
        all.put("story", () -> new StoryCommand(console));
        all.put("table", () -> new TableCommand(console));
        all.put("notebook", () -> new NotebookCommand(console, interrupt));
        all.put("stream", () -> new StreamCommand(console, interrupt));
        all.put("secret", () -> new SecretCommand(console));
        all.put("connection", () -> new ConnectionCommand(console));
        all.put("schema", () -> new SchemaCommand(console));
        all.put("up", () -> new UpCommand(console));
        all.put("down", () -> new DownCommand(console));
        all.put("status", () -> new StatusCommand(console));
        all.put("logs", () -> new LogsCommand(console, interrupt));
        all.put("restart", () -> new RestartCommand(console));
        all.put(SuperviseCommand.NAME, () -> new SuperviseCommand(interrupt));
        all.put("explain", () -> new ExplainCommand(console));
        all.put("doctor", () -> new DoctorCommand(console));
        all.put("completion", () -> new CompletionCommand(console));
        return all;
    }

    /** What these arguments need: picocli looks at each option of each command it has, which all take 0.1 s of a start. */
    private static CommandLine lineFor(
            Console console, ProjectLoading loading, Cancellation interrupt, String... args) {
        Map<String, Supplier<Object>> all = subcommands(console, loading, interrupt);
        String first = args.length == 0 ? "" : args[0];
        if (all.containsKey(first) && !first.equals("completion")) {
            all.keySet().retainAll(Set.of(first));
        }
        return withCommands(console, all);
    }

    private static CommandLine withCommands(Console console, Map<String, Supplier<Object>> subcommands) {
        CommandLine line = new CommandLine(new Commands());
        subcommands.forEach((name, command) -> line.addSubcommand(name, command.get()));
        return line
                // '@a' is a selector here, and not a file with arguments.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        console.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    }

    private static int usageError(Console console, ParameterException e, String... args) {
        UsageError error = UsageError.of(e);
        new ErrorText(console).usage(error.message(), error.help(), wantsJson(args));
        return ExitCode.INVALID;
    }

    private static int failed(Console console, Cancellation interrupt, Exception e, String... args) {
        if (e instanceof SparkNeededException needed) {
            return new SparkProcess(console, interrupt).run(needed.version(), wantsJson(args), args);
        }
        if (e instanceof SelectionException selection) {
            new ErrorText(console).selection(selection, wantsJson(args));
            return ExitCode.INVALID;
        }
        if (e instanceof UsageException usage) {
            new ErrorText(console).usage(String.valueOf(e.getMessage()), usage.help(), wantsJson(args));
            return ExitCode.INVALID;
        }
        return bug(console, e, args);
    }

    private static int bug(Console console, Exception e, String... args) {
        new ErrorText(console).bug(e, Arrays.asList(args).contains("--trace"), wantsJson(args));
        return ExitCode.FAILED;
    }

    /** Looked up in the bare arguments: also what is wrong with them is printed so. */
    private static ColorMode color(String... args) {
        ColorMode color = ColorMode.AUTO;
        for (int i = 0; i < args.length; i++) {
            String after = args[i].equals("--color") && i + 1 < args.length ? args[i + 1] : "";
            String wanted = args[i].startsWith("--color=") ? args[i].substring("--color=".length()) : after;
            for (ColorMode mode : ColorMode.values()) {
                color = mode.name().equalsIgnoreCase(wanted) ? mode : color;
            }
        }
        return color;
    }

    /** Looked up in the bare arguments: they may not parse, and the answer must be JSON all the same. */
    private static boolean wantsJson(String... args) {
        return (" " + String.join(" ", args) + " ").matches(".* (-o ?|--output[ =])json .*");
    }
}
