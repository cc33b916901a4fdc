package dev.tarn.cli;

import dev.tarn.cli.init.NewProject;
import dev.tarn.cli.init.Template;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.cli.render.InitText;
import dev.tarn.core.source.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn init}: makes a project to begin with. */
@Command(
        name = "init",
        description = "Make a new project from a template; without one, list the templates.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class InitCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TEMPLATE",
            completionCandidates = TemplateNames.class,
            description = "hello or medallion.")
    private Optional<String> template = Optional.empty();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "Where to make it (default: this folder).")
    private Path folder = Path.of(".");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    InitCommand(Console console) {
        this.console = console;
    }

    /** What a shell offers. */
    static final class TemplateNames implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return names().iterator();
        }
    }

    private static List<String> names() {
        return Arrays.stream(Template.values()).map(Template::id).toList();
    }

    @Override
    public Integer call() {
        InitText text = new InitText(console, output == OutputFormat.JSON);
        if (template.isEmpty()) {
            text.templates();
            return ExitCode.OK;
        }
        NewProject project = new NewProject(template.flatMap(Template::of).orElseThrow(this::unknown), folder);
        List<String> existing = project.existing();
        if (!existing.isEmpty()) {
            text.refused(project, existing);
            return ExitCode.INVALID;
        }
        return create(project, text);
    }

    private int create(NewProject project, InitText text) {
        try {
            project.create();
            text.created(project);
            return ExitCode.OK;
        } catch (IOException e) {
            new ErrorText(console)
                    .usage(
                            "the project cannot be made in " + Names.quoted(folder.toString()) + ": " + e,
                            "name a folder that you may write to",
                            output == OutputFormat.JSON);
            return ExitCode.INVALID;
        }
    }

    private UsageException unknown() {
        String name = template.orElse("");
        return new UsageException(
                "there is no template " + Names.quoted(name),
                Names.didYouMean(name, names())
                        .orElse("the templates are " + String.join(" and ", names()) + ": tarn init hello "
                                + (name.isBlank() ? "FOLDER" : name)));
    }
}
