package dev.tarn.cli.complete;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Makes the script for zsh: a file {@code _tarn} for a folder of {@code $fpath}, which can be sourced, too. */
final class ZshScript {

    private static final String SCRIPT = """
            #compdef tarn
            # Completion of tarn for zsh; made by 'tarn completion zsh'.

            # Completes the last name of a selector with the nodes of the project that the command line names.
            _tarn_nodes() {
              local project=. word
              for word in ${words[2,-1]}; do
                word=${word/#\\~/$HOME}
                if [[ -d $word || $word == *.(yaml|yml) ]]; then
                  project=$word
                  break
                fi
              done
              local -a nodes
              nodes=(${(f)"$($tarn ls $project 2>/dev/null)"})
              compset -P '*[ ,+@]'
              compadd -a nodes
            }

            # Completes a run of the project, or a file.
            _tarn_runs() {
              local project=. word
              for word in ${words[2,-1]}; do
                word=${word/#\\~/$HOME}
                if [[ -d $word || $word == *.(yaml|yml) ]]; then
                  project=$word
                  break
                fi
              done
              local -a runs
              runs=(last ${(f)"$($tarn ls $project --runs 2>/dev/null)"})
              compadd -a runs
              _files
            }

            _tarn() {
              local tarn=${words[1]/#\\~/$HOME}
              local -a commands
              commands=(
            %s  )
              if (( CURRENT == 2 )); then
                _describe -t commands command commands
                return
              fi
              shift words
              (( CURRENT-- ))
              case $words[1] in
            %s  esac
            }

            if [[ $funcstack[1] == _tarn ]]; then
              _tarn "$@"
            else
              compdef _tarn tarn
            fi
            """;

    private ZshScript() {}

    static String of(CommandSpec root) {
        List<Subcommand> commands = Subcommand.of(root);
        return SCRIPT.formatted(
                commands.stream()
                        .map(c -> "    " + quoted(c.name() + ":" + c.description()) + "\n")
                        .collect(Collectors.joining()),
                commands.stream().map(ZshScript::branch).collect(Collectors.joining()));
    }

    private static String branch(Subcommand command) {
        String flags = command.flags().stream()
                .flatMap(flag -> flag.names().stream().map(name -> " \\\n        " + option(name, flag)))
                .collect(Collectors.joining());
        String argument = action(command.argument());
        return "    " + command.name() + ")\n      _arguments -S" + flags
                + (argument.isEmpty() ? "" : " \\\n        " + quoted("1:argument:" + argument))
                + "\n      ;;\n";
    }

    private static String option(String name, Subcommand.Flag flag) {
        boolean takesValue = flag.values().kind() != Values.Kind.NOTHING;
        String repeated = flag.values().kind() == Values.Kind.NODES ? "*" : "";
        // '=' lets the value stand behind the name or behind '='; a short name has it at once or behind a space.
        String separator = !takesValue ? "" : name.startsWith("--") ? "=" : "+";
        String description = flag.description().replaceAll("([\\[\\]\\\\:])", "\\\\$1");
        String value = takesValue ? ":value:" + action(flag.values()) : "";
        return quoted(repeated + name + separator + "[" + description + "]" + value);
    }

    private static String action(Values values) {
        return switch (values.kind()) {
            case NODES -> "_tarn_nodes";
            case RUNS -> "_tarn_runs";
            case CHOICE -> "(" + String.join(" ", values.choices()) + ")";
            case FILES -> "_files";
            case ANYTHING -> " ";
            case NOTHING -> "";
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
