package dev.tarn.cli;

import dev.tarn.cli.complete.Values;
import dev.tarn.core.source.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in our words, and what to write instead. */
record UsageError(String message, String help) {

    /** Shorter ones, as {@code -V}, are near to everything. */
    private static final int SHORTEST_SUGGESTION = 3;

    static UsageError of(ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched.getUnmatched(), command);
        }
        if (e instanceof MissingParameterException missing) {
            return missing(missing.getMissing(), command);
        }
        if (e instanceof OverwrittenOptionException again) {
            return new UsageError(name(again.getOverwritten()) + " stands more than once", "write it once");
        }
        // Of an argument the parser speaks, of none we do.
        return e.getArgSpec() == null
                ? new UsageError(String.valueOf(e.getMessage()), see(command))
                : value(e.getArgSpec(), e.getValue(), command);
    }

    private static UsageError unmatched(List<String> words, CommandSpec command) {
        String first = words.get(0);
        List<String> known = new ArrayList<>(commands(command));
        command.options().forEach(option -> known.addAll(List.of(option.names())));
        known.removeIf(name -> name.length() < SHORTEST_SUGGESTION);
        int value = first.startsWith("-") ? first.indexOf('=') : -1;
        Optional<String> meant = Names.didYouMean(value < 0 ? first : first.substring(0, value), known);
        String here = command.qualifiedName();
        if (first.startsWith("-")) {
            String place = command.parent() == null
                    ? "options stand behind the command that they belong to; see 'tarn --help'"
                    : see(command);
            return new UsageError(
                    "'" + here + "' has no option " + Names.quoted(value < 0 ? first : first.substring(0, value)),
                    meant.orElse(place));
        }
        if (!command.subcommands().isEmpty()) {
            return new UsageError("'" + here + "' has no command " + Names.quoted(first), meant.orElse(see(command)));
        }
        String all = words.stream().map(Names::quoted).collect(Collectors.joining(", "));
        return new UsageError("too many arguments for '" + here + "': " + all, meant.orElse(see(command)));
    }

    private static List<String> commands(CommandSpec command) {
        return command.subcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .map(each -> each.getKey())
                .toList();
    }

    private static UsageError missing(List<ArgSpec> missing, CommandSpec command) {
        Optional<ArgSpec> valueless = missing.stream().filter(ArgSpec::isOption).findFirst();
        if (valueless.isPresent()) {
            ArgSpec option = valueless.get();
            return new UsageError(name(option) + " needs a value: " + expected(option), see(command));
        }
        String needed = missing.stream().map(ArgSpec::paramLabel).collect(Collectors.joining(" and "));
        Optional<String> choices = missing.stream()
                .flatMap(argument -> choices(argument).stream())
                .map(words -> or(words))
                .findFirst();
        return new UsageError(
                "'" + command.qualifiedName() + "' needs " + needed
                        + choices.map(words -> ": " + words).orElse(""),
                "write '" + synopsis(command) + "'; " + see(command));
    }

    private static String synopsis(CommandSpec command) {
        Stream<String> needed = command.positionalParameters().stream()
                .filter(argument -> argument.arity().min() > 0 || argument.required())
                .map(ArgSpec::paramLabel);
        return Stream.concat(Stream.of(command.qualifiedName()), needed).collect(Collectors.joining(" "));
    }

    private static UsageError value(ArgSpec argument, String value, CommandSpec command) {
        if (value == null || value.isEmpty()) {
            return new UsageError(name(argument) + " needs a value: " + expected(argument), see(command));
        }
        if (argument.arity().max() == 0) {
            return new UsageError(name(argument) + " takes no value, but has " + Names.quoted(value), "leave it out");
        }
        String help = choices(argument)
                .flatMap(words -> Names.didYouMean(value, words))
                .orElse(see(command));
        return new UsageError(
                name(argument) + " cannot be " + Names.quoted(value) + ", only " + expected(argument), help);
    }

    /** What may stand there, for the end of a sentence. */
    private static String expected(ArgSpec argument) {
        Optional<List<String>> choices = choices(argument);
        if (choices.isPresent()) {
            return or(choices.get());
        }
        Class<?> type = argument.auxiliaryTypes().length > 0 ? argument.auxiliaryTypes()[0] : argument.type();
        if (type == int.class || type == Integer.class) {
            return "a whole number up to " + Integer.MAX_VALUE;
        }
        return type == long.class || type == Long.class ? "a whole number" : argument.paramLabel();
    }

    private static Optional<List<String>> choices(ArgSpec argument) {
        return Optional.of(Values.of(argument).choices()).filter(words -> !words.isEmpty());
    }

    private static String or(List<String> words) {
        return words.size() == 1
                ? words.get(0)
                : String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.get(words.size() - 1);
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? "'" + Arrays.stream(option.names()).reduce("", (a, b) -> b.length() > a.length() ? b : a) + "'"
                : argument.paramLabel();
    }

    private static String see(CommandSpec command) {
        return "see '" + command.qualifiedName() + " --help'";
    }
}
