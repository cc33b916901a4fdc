package dev.tarn.cli;

import dev.tarn.cli.render.ColorMode;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.select.SelectionException;
import dev.tarn.core.source.Names;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code tarn} and all below it. */
@Command(
        name = "tarn",
        description = "Run lakehouse pipelines on your machine: YAML and SQL in, Delta tables out.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Exit codes: 0 fine, 1 something failed, 2 usage or configuration, 130 interrupted."})
final class Commands {

    private static final Pattern COLOR = Pattern.compile(".* --color[ =](?<mode>\\w+) .*");

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            defaultValue = "auto",
            description = "auto, always or never (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("UnusedVariable") // For picocli: the bare arguments are asked, before it parses them.
    private ColorMode color = ColorMode.AUTO;

    private Commands() {}

    static int execute(Console plain, Cancellation interrupt, String... args) {
        Console console = plain.with(color(args));
        CommandLine line = line(console, interrupt)
                .setParameterExceptionHandler((e, a) -> usageError(console, e, a))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(console, e, args));
        if (args.length == 0) {
            line.usage(console.err());
            return ExitCode.INVALID;
        }
        return line.execute(args);
    }

    /** All commands and their options. */
    static CommandLine line(Console console, Cancellation interrupt) {
        return new CommandLine(new Commands())
                .addSubcommand(new InitCommand(console))
                .addSubcommand(new RunCommand(console, interrupt))
                .addSubcommand(new ValidateCommand(console))
                .addSubcommand(new LsCommand(console))
                .addSubcommand(new GraphCommand(console))
                .addSubcommand(new ConfigCommand(console))
                .addSubcommand(new StoryCommand(console))
                .addSubcommand(new SchemaCommand(console))
                .addSubcommand(new UpCommand(console))
                .addSubcommand(new DownCommand(console))
                .addSubcommand(new StatusCommand(console))
                .addSubcommand(new LogsCommand(console, interrupt))
                .addSubcommand(new RestartCommand(console))
                .addSubcommand(new SuperviseCommand(interrupt))
                .addSubcommand(new ExplainCommand(console))
                .addSubcommand(new DoctorCommand(console))
                .addSubcommand(new CompletionCommand(console))
                // '@a' is a selector here, and not a file with arguments.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        console.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    }

    private static int usageError(Console console, ParameterException e, String... args) {
        String help = suggestion(e).orElse("see 'tarn " + helpOf(e) + "--help'");
        new ErrorText(console).usage(String.valueOf(e.getMessage()), help, wantsJson(args));
        return ExitCode.INVALID;
    }

    /** The command or option that was probably meant. */
    private static Optional<String> suggestion(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        CommandLine command = e.getCommandLine();
        List<String> known = new ArrayList<>(command.getSubcommands().keySet());
        command.getCommandSpec().options().forEach(option -> known.addAll(List.of(option.names())));
        return Names.didYouMean(unmatched.getUnmatched().get(0), known);
    }

    private static String helpOf(ParameterException e) {
        CommandLine command = e.getCommandLine();
        return command.getCommandSpec().qualifiedName().replaceFirst("^tarn ?", "")
                + (command.getParent() == null ? "" : " ");
    }

    private static int failed(Console console, Exception e, String... args) {
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
        Matcher matcher = COLOR.matcher(joined(args));
        return matcher.matches()
                ? Arrays.stream(ColorMode.values())
                        .filter(mode -> mode.name().equalsIgnoreCase(matcher.group("mode")))
                        .findFirst()
                        .orElse(ColorMode.AUTO)
                : ColorMode.AUTO;
    }

    private static String joined(String... args) {
        return " " + String.join(" ", args) + " ";
    }

    /** Looked up in the bare arguments: they may not parse, and the answer must be JSON all the same. */
    private static boolean wantsJson(String... args) {
        return joined(args).matches(".* (-o ?|--output[ =])json .*");
    }
}
