package dev.tarn.cli;

import dev.tarn.cli.render.ChangeText;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.NodeList;
import dev.tarn.core.manifest.Changes;
import dev.tarn.core.manifest.Manifest;
import dev.tarn.core.select.Selection;
import dev.tarn.core.source.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tarn ls}: lists a project's nodes. */
@Command(
        name = "ls",
        addMethodSubcommands = false,
        description = "List a project's nodes in the order in which they run.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class LsCommand implements Callable<Integer> {

    private final Console console;
    private final ProjectLoading loading;

    @Mixin
    private ProjectOptions project = new ProjectOptions();

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    @Option(
            names = "--save-state",
            paramLabel = "FILE",
            description = "Write what the project's nodes are to a file, to compare with it later by --state FILE.")
    private Optional<Path> saveTo = Optional.empty();

    @Option(names = "--runs", hidden = true, description = "List the recorded runs instead; for completion scripts.")
    private boolean runs;

    LsCommand(Console console, ProjectLoading loading) {
        this.console = console;
        this.loading = loading;
    }

    @Override
    public Integer call() {
        Selection selected = selection.parse();
        try (LoadedProject loaded = loading.load(project)) {
            if (loaded.problems().hasErrors()) {
                return loaded.invalid(console, "tarn/ls/v1", project.json());
            }
            if (runs) {
                EarlierState.runs(loaded).forEach(console.out()::println);
                return ExitCode.OK;
            }
            Selected found = selection.in(loaded, selected);
            Optional<Changes> changes = found.earlier().changes();
            changes.ifPresent(c -> new ChangeText(console).print(c, found.nodes()));
            if (project.json()) {
                new NodeList(console).json(loaded.plan(), found.nodes(), changes, loaded.problems());
            } else {
                new NodeList(console).text(found.nodes());
            }
            return saveTo.map(file -> save(Manifest.of(loaded.whole()), file)).orElse(ExitCode.OK);
        }
    }

    private int save(Manifest manifest, Path file) {
        try {
            Files.writeString(file, manifest.text());
            return ExitCode.OK;
        } catch (IOException e) {
            throw new UsageException(
                    Names.quoted(file.toString()) + " cannot be written: " + e,
                    "name a file in a folder that is there");
        }
    }
}
