package dev.tarn.cli;

import dev.tarn.cli.complete.Values;
import dev.tarn.core.select.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What each command that can work on some nodes takes. */
final class SelectionOptions {

    @Option(
            names = "--select",
            paramLabel = Values.NODES,
            description = "Only these nodes: name, pipeline.name, sil*, +a, a+1, @a, tag:x, path:x, pipeline:x; "
                    + "a space means either, a comma both. May be repeated.")
    private List<String> select = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = Values.NODES, description = "Not these nodes; written like --select.")
    private List<String> exclude = new ArrayList<>();

    /** As it was given, with a space before each option. */
    String text() {
        return select.stream().map(nodes -> " --select '" + nodes + "'").collect(Collectors.joining())
                + exclude.stream().map(nodes -> " --exclude '" + nodes + "'").collect(Collectors.joining());
    }

    Selection parse() {
        return Selection.parse(select, exclude);
    }
}
