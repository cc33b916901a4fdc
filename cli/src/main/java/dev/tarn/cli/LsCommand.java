package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.NodeList;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.select.Selection;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tarn ls}: lists a project's nodes. */
@Command(
        name = "ls",
        description = "List a project's nodes in the order in which they run.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class LsCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private ProjectOptions project = new ProjectOptions();

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    LsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Selection selected = selection.parse();
        try (LoadedProject loaded = LoadedProject.load(project)) {
            if (loaded.problems().hasErrors()) {
                return loaded.invalid(console, "tarn/ls/v1", project.json());
            }
            Set<NodeId> nodes = selected.of(loaded.plan());
            if (project.json()) {
                new NodeList(console).json(loaded.plan(), nodes, loaded.problems());
            } else {
                new NodeList(console).text(nodes);
            }
            return ExitCode.OK;
        }
    }
}
