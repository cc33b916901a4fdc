package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.NotebookText;
import dev.tarn.cli.render.ProblemJson;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.source.Problems;
import dev.tarn.notebook.format.FabricPrinter;
import dev.tarn.notebook.format.IpynbPrinter;
import dev.tarn.notebook.format.Notebook;
import dev.tarn.notebook.format.NotebookForm;
import dev.tarn.notebook.format.NotebookLoader;
import dev.tarn.notebook.item.Workspace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tarn notebook}: runs notebooks, looks at them, converts them. */
@Command(
        name = "notebook",
        description = "Run notebooks of Fabric and Jupyter, look at them, convert them.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
final class NotebookCommand implements Runnable {

    private static final String SCHEMA = "tarn/notebook/v1";

    private final Console console;
    private final Cancellation interrupt;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    NotebookCommand(Console console, Cancellation interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "notebook needs one of: " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(
            name = "show",
            description = {
                "Show a notebook's cells; of another folder, the workspace items in it.",
                "Nothing is run. The exit code is 2 if something is not understood."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int show(@Mixin NotebookOptions options) {
        Problems problems = new Problems();
        NotebookText text = new NotebookText(console);
        Path path = options.path;
        if (Files.isDirectory(path) && NotebookLoader.contentOf(path).isEmpty()) {
            Workspace workspace = Workspace.scan(path, problems);
            if (options.json()) {
                text.workspaceJson(workspace, problems);
            } else {
                text.workspace(workspace, problems);
            }
        } else {
            Optional<Notebook> notebook = new NotebookLoader(problems).load(path);
            if (options.json()) {
                text.notebookJson(notebook, problems);
            } else {
                notebook.ifPresent(text::notebook);
            }
        }
        new ProblemText(console).print(problems);
        return problems.hasErrors() ? ExitCode.INVALID : ExitCode.OK;
    }

    @Command(
            name = "run",
            description = {
                "Run a notebook's cells in order, in a Python of their own.",
                "Spark is started if the notebook needs it. The exit code is 1 if a cell fails."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int run(@Mixin NotebookOptions options, @Mixin NotebookRunOptions run) throws InterruptedException {
        return new NotebookRun(console, interrupt, run).run(options.path, options.json());
    }

    /** The forms that a notebook can be converted to. */
    enum Form {
        FABRIC,
        IPYNB
    }

    @Command(
            name = "convert",
            description = {
                "Print a notebook in another form, or write it to a file.",
                "A notebook that has the form already is printed unchanged, to the last byte."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int convert(
            @Mixin NotebookOptions options,
            @Option(
                            names = "--to",
                            paramLabel = "FORM",
                            required = true,
                            description = "fabric (the source form of its git integration) or ipynb.")
                    Form form,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Write here instead of to standard output; a file that is there is kept.")
                    Optional<Path> out) {
        Problems problems = new Problems();
        Optional<Notebook> notebook = new NotebookLoader(problems).load(options.path);
        if (notebook.isEmpty() || problems.hasErrors()) {
            if (options.json()) {
                new ProblemJson(console).invalid(SCHEMA, problems);
            }
            new ProblemText(console).print(problems);
            return ExitCode.INVALID;
        }
        new ProblemText(console).print(problems);
        String converted = converted(notebook.get(), form);
        Optional<Path> file = out == null ? Optional.empty() : out;
        file.ifPresent(path -> write(path, converted));
        new NotebookText(console).converted(converted, form.name().toLowerCase(Locale.ROOT), file, options.json());
        return ExitCode.OK;
    }

    private static String converted(Notebook notebook, Form form) {
        if (notebook.form() == NotebookForm.valueOf(form.name())) {
            return notebook.text();
        }
        return form == Form.FABRIC ? FabricPrinter.print(notebook) : IpynbPrinter.print(notebook);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new UsageException("file '" + file + "' is there already", "name another one, or remove it");
        } catch (IOException e) {
            throw new UsageException(
                    "file '" + file + "' cannot be written: " + e.getMessage(), "check the folder and the disk");
        }
    }
}
