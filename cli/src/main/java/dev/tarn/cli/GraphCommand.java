package dev.tarn.cli;

import dev.tarn.cli.render.ChangeText;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.Graph;
import dev.tarn.cli.render.GraphJson;
import dev.tarn.cli.render.GraphText;
import dev.tarn.core.select.Selection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tarn graph}: draws who needs whom. */
@Command(
        name = "graph",
        addMethodSubcommands = false,
        description = "Draw which node needs which.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class GraphCommand implements Callable<Integer> {

    private final Console console;
    private final ProjectLoading loading;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ProjectOptions project = new ProjectOptions();

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    @Option(names = "--format", paramLabel = "FORMAT", description = "tree, dot (Graphviz) or mermaid (default: tree).")
    private @Nullable GraphFormat format;

    GraphCommand(Console console, ProjectLoading loading) {
        this.console = console;
        this.loading = loading;
    }

    @Override
    public Integer call() {
        if (project.json() && format != null) {
            throw new ParameterException(spec.commandLine(), "--format and -o json exclude each other");
        }
        Selection selected = selection.parse();
        try (LoadedProject loaded = loading.load(project)) {
            if (loaded.problems().hasErrors()) {
                return loaded.invalid(console, "tarn/graph/v1", project.json());
            }
            Selected found = selection.in(loaded, selected);
            found.earlier().changes().ifPresent(c -> new ChangeText(console).print(c, found.nodes()));
            Graph graph = Graph.of(loaded.plan(), found.nodes());
            if (project.json()) {
                new GraphJson(console).print(graph, loaded.problems());
            } else {
                draw(graph, format == null ? GraphFormat.TREE : format);
            }
            return ExitCode.OK;
        }
    }

    private void draw(Graph graph, GraphFormat format) {
        GraphText text = new GraphText(console);
        switch (format) {
            case TREE -> text.tree(graph);
            case DOT -> text.dot(graph);
            case MERMAID -> text.mermaid(graph);
        }
    }
}
