package dev.tarn.cli.complete;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Makes the script for fish: a list of rules, one for each thing that can be typed. */
final class FishScript {

    private static final String SCRIPT = """
            # Completion of tarn for fish; made by 'tarn completion fish'.

            # The nodes of the project that the command line names, behind what stands before the last name of a selector.
            function __tarn_nodes
                set -l words (commandline -opc)
                set -l project .
                for word in $words[3..-1]
                    set word (string replace -r '^~' $HOME -- $word)
                    if test -d $word; or string match -qr '\\.ya?ml$' -- $word
                        set project $word
                        break
                    end
                end
                set -l before (string match -r '^.*[ ,+@]' -- (commandline -ct | string trim -l -c '"\\''))
                set -l tarn (string replace -r '^~' $HOME -- $words[1])
                for node in ($tarn ls $project 2>/dev/null)
                    echo "$before$node"
                end
            end

            # The runs of the project that the command line names.
            function __tarn_runs
                set -l words (commandline -opc)
                set -l project .
                for word in $words[3..-1]
                    set word (string replace -r '^~' $HOME -- $word)
                    if test -d $word; or string match -qr '\\.ya?ml$' -- $word
                        set project $word
                        break
                    end
                end
                set -l tarn (string replace -r '^~' $HOME -- $words[1])
                echo last
                $tarn ls $project --runs 2>/dev/null
            end

            """;

    private FishScript() {}

    static String of(CommandSpec root) {
        List<Subcommand> commands = Subcommand.of(root);
        String names = commands.stream().map(Subcommand::name).collect(Collectors.joining(" "));
        String none = "not __fish_seen_subcommand_from " + names;
        return SCRIPT
                + commands.stream()
                        .map(c -> rule(none, "-f -a " + c.name(), c.description()))
                        .collect(Collectors.joining())
                + Subcommand.flags(root).stream()
                        .map(flag -> rule(none, "-f" + names(flag), flag.description()))
                        .collect(Collectors.joining())
                + commands.stream().map(FishScript::rules).collect(Collectors.joining());
    }

    private static String rules(Subcommand command) {
        String behind = "__fish_seen_subcommand_from " + command.name();
        String flags = command.flags().stream()
                .map(flag -> rule(behind, names(flag).strip() + value(flag.values()), flag.description()))
                .collect(Collectors.joining());
        return "\n" + flags
                + switch (command.argument().kind()) {
                    case FILES -> "";
                    case CHOICE -> rule(behind, "-f -a " + choices(command.argument()), "");
                    default -> rule(behind, "-f", "");
                };
    }

    private static String rule(String condition, String what, String description) {
        return "complete -c tarn -n " + quoted(condition) + " " + what
                + (description.isEmpty() ? "" : " -d " + quoted(description)) + "\n";
    }

    private static String names(Subcommand.Flag flag) {
        return flag.shortNames().stream().map(name -> " -s " + name).collect(Collectors.joining())
                + flag.longNames().stream().map(name -> " -l " + name).collect(Collectors.joining());
    }

    private static String value(Values values) {
        return switch (values.kind()) {
            case NOTHING -> "";
            case NODES -> " -x -a '(__tarn_nodes)'";
            case RUNS -> " -r -a '(__tarn_runs)'";
            case CHOICE -> " -x -a " + choices(values);
            case FILES -> " -r";
            case ANYTHING -> " -x";
        };
    }

    private static String choices(Values values) {
        return quoted(String.join(" ", values.choices()));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
