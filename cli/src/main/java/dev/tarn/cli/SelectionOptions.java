package dev.tarn.cli;

import dev.tarn.cli.complete.Values;
import dev.tarn.core.select.Earlier;
import dev.tarn.core.select.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What each command that can work on some nodes takes. */
final class SelectionOptions {

    @Option(
            names = "--select",
            paramLabel = Values.NODES,
            description = "Only these nodes: name, pipeline.name, sil*, +a, a+1, @a, tag:x, path:x, pipeline:x, "
                    + "state:modified, result:error; "
                    + "a space means either, a comma both. May be repeated.")
    private List<String> select = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = Values.NODES, description = "Not these nodes; written like --select.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--state",
            paramLabel = Values.RUNS,
            description = "What 'state:' and 'result:' compare with: a run, another copy of the project, or a file of "
                    + "'ls --save-state' (default: the last run).")
    private Optional<String> state = Optional.empty();

    /** As it was given, with a space before each option. */
    String text() {
        return select.stream().map(nodes -> " --select '" + nodes + "'").collect(Collectors.joining())
                + exclude.stream().map(nodes -> " --exclude '" + nodes + "'").collect(Collectors.joining())
                + state.map(name -> " --state '" + name + "'").orElse("");
    }

    Selection parse() {
        return Selection.parse(select, exclude);
    }

    /** What the parsed selection means in a project, which has no errors. */
    Selected in(LoadedProject loaded, Selection selection) {
        Earlier earlier = EarlierState.of(selection, state, loaded);
        return new Selected(selection.of(loaded.whole(), earlier), earlier);
    }
}
