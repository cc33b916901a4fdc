package dev.tarn.cli.complete;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Makes the script for bash, from version 3.2 on, which is what macOS has. */
final class BashScript {

    private static final String SCRIPT = """
            # Completion of tarn for bash; made by 'tarn completion bash'.

            # The project that the command line names, else this folder.
            _tarn_project() {
              local word
              for word in "${COMP_WORDS[@]:2}"; do
                word=${word/#\\~/$HOME}
                if [[ -d $word || $word == *.yaml || $word == *.yml ]]; then
                  printf '%%s\\n' "$word"
                  return
                fi
              done
              echo .
            }

            # Completes the last name of a selector; what stands before it stays.
            _tarn_nodes() {
              local last=${1##*[ ,+@]} IFS=$'\\n'
              COMPREPLY=($(compgen -P "${1%%"$last"}" -W "$("$tarn" ls "$(_tarn_project)" 2>/dev/null)" -- "$last"))
            }

            # Completes a run of the project, or a file.
            _tarn_runs() {
              COMPREPLY=($(compgen -W "last $("$tarn" ls "$(_tarn_project)" --runs 2>/dev/null)" -- "$1") $(compgen -f -- "$1"))
            }

            _tarn_words() {
              COMPREPLY=($(compgen -W "$1" -- "$word"))
            }

            _tarn() {
              local tarn=${COMP_WORDS[0]/#\\~/$HOME} word=$2 at=$((COMP_CWORD - 1))
              COMPREPLY=()
              # For bash, '=' and '@' are words of their own.
              [[ $word != [=@] ]] || word=
              while ((at > 1)) && [[ ${COMP_WORDS[at]} == [=@] ]]; do
                at=$((at - 1))
              done
              if ((COMP_CWORD == 1)); then
                _tarn_words '%s'
                return
              fi
              case ${COMP_WORDS[1]} in
            %s  esac
            }

            # Where the function finds nothing, bash completes the names of files.
            complete -o default -F _tarn tarn
            """;

    private BashScript() {}

    static String of(CommandSpec root) {
        List<Subcommand> commands = Subcommand.of(root);
        String first = commands.stream().map(Subcommand::name).collect(Collectors.joining(" "));
        String global = Subcommand.flags(root).stream()
                .flatMap(flag -> flag.names().stream())
                .collect(Collectors.joining(" "));
        return SCRIPT.formatted(
                first + " " + global, commands.stream().map(BashScript::branch).collect(Collectors.joining()));
    }

    private static String branch(Subcommand command) {
        String flags = command.flags().stream()
                .filter(flag -> flag.values().kind() != Values.Kind.NOTHING)
                .map(flag -> "        %s) %s ;;\n".formatted(String.join(" | ", flag.names()), reply(flag.values())))
                .collect(Collectors.joining());
        return """
                    %s)
                      case ${COMP_WORDS[at]} in
                %s        *) if [[ $word == -* ]]; then _tarn_words '%s'; else %s; fi ;;
                      esac
                      ;;
                """.formatted(command.name(), flags, command.names(), reply(command.argument()));
    }

    private static String reply(Values values) {
        return switch (values.kind()) {
            case NODES -> "_tarn_nodes \"$word\"";
            case RUNS -> "_tarn_runs \"$word\"";
            case CHOICE -> "_tarn_words '" + String.join(" ", values.choices()) + "'";
            case FILES -> ":";
            case NOTHING, ANYTHING -> "compopt +o default 2>/dev/null";
        };
    }
}
