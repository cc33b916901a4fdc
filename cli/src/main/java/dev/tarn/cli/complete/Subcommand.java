package dev.tarn.cli.complete;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What can be typed behind one of the commands.
 *
 * @param argument what its argument may be
 */
record Subcommand(String name, String description, List<Flag> flags, Values argument) {

    /** An option with all its names. */
    record Flag(List<String> names, String description, Values values) {

        List<String> shortNames() {
            return names.stream()
                    .filter(name -> !name.startsWith("--"))
                    .map(name -> name.substring(1))
                    .toList();
        }

        List<String> longNames() {
            return names.stream()
                    .filter(name -> name.startsWith("--"))
                    .map(name -> name.substring(2))
                    .toList();
        }
    }

    /** All commands below this one that people use. */
    static List<Subcommand> of(CommandSpec root) {
        return root.subcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(Subcommand::of)
                .toList();
    }

    private static Subcommand of(Map.Entry<String, CommandLine> command) {
        CommandSpec spec = command.getValue().getCommandSpec();
        return new Subcommand(
                command.getKey(),
                sentence(spec.usageMessage().description()),
                spec.subcommands().isEmpty() ? flags(spec) : flagsBelow(spec),
                spec.subcommands().isEmpty()
                        ? argument(spec)
                        : Values.choice(spec.subcommands().keySet()));
    }

    private static Values argument(CommandSpec spec) {
        return spec.positionalParameters().stream().findFirst().map(Values::of).orElse(Values.NOTHING);
    }

    /** Of a command with commands below it, what any of these takes. */
    private static List<Flag> flagsBelow(CommandSpec spec) {
        Map<List<String>, Flag> flags = new LinkedHashMap<>();
        spec.subcommands()
                .values()
                .forEach(below -> flags(below.getCommandSpec()).forEach(flag -> flags.putIfAbsent(flag.names(), flag)));
        return List.copyOf(flags.values());
    }

    static List<Flag> flags(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .map(option ->
                        new Flag(Arrays.asList(option.names()), sentence(option.description()), Values.of(option)))
                .toList();
    }

    /** The first sentence without its end; a default is nothing to choose. */
    private static String sentence(String... description) {
        String text = description.length == 0 ? "" : description[0];
        return text.replaceFirst(" \\(default.*", "")
                .replaceFirst("[.:;] .*", "")
                .replaceFirst("\\.$", "");
    }

    String names() {
        return flags.stream().flatMap(flag -> flag.names().stream()).collect(Collectors.joining(" "));
    }
}
