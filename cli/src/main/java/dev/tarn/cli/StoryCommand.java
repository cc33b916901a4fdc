package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.cli.render.StoryText;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.source.Problems;
import dev.tarn.core.story.DiffMarkdown;
import dev.tarn.core.story.StoryDiff;
import dev.tarn.core.story.StoryFolder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tarn story}: shows what earlier runs did. Looks at their reports alone, so it works while a project is broken. */
@Command(
        name = "story",
        description = "Show what earlier runs did.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "tarn story last [PROJECT]              the newest run",
            "tarn story list [PROJECT]              all runs",
            "tarn story show [RUN] [PROJECT]        one run",
            "tarn story diff RUN1 RUN2 [PROJECT]    what is different between two",
            "tarn story open [RUN] [PROJECT]        one run in the browser",
            "",
            "RUN is 'last', a run's name, or how that begins or ends."
        })
final class StoryCommand implements Callable<Integer> {

    private static final int LISTED = 50;

    /** What a run's name, or a part of it, looks like; everything else is a project. */
    private static final Pattern RUN = Pattern.compile("last|\\d{8}(T[0-9A-Za-z-]*)?|[0-9a-f]{6}");

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "ACTION", description = "last, list, show, diff or open.")
    private StoryAction action = StoryAction.LAST;

    @Parameters(index = "1..*", paramLabel = "RUN PROJECT", description = "See below.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-p", "--project"},
            paramLabel = "PROJECT",
            description = "The project, as all commands take it.")
    private Optional<Path> project = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json, markdown or html (default: ${DEFAULT-VALUE}).")
    private StoryFormat output = StoryFormat.TEXT;

    @Option(
            names = "--env",
            paramLabel = "NAME",
            description = "Environment of the project to use (default: $TARN_ENV, else none).")
    private Optional<String> environment = Optional.empty();

    StoryCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<String> runs = arguments.stream().filter(StoryCommand::isRun).toList();
        List<String> projects = arguments.stream().filter(text -> !isRun(text)).toList();
        if (projects.size() > 1) {
            throw usage("'" + projects.get(0) + "' does not look like a run, and there is one project only");
        }
        Problems problems = new Problems();
        Path path = ProjectPath.of(projects.stream().findFirst().map(Path::of), project);
        Project found = new ProjectLoader(System.getenv(), Clock.systemUTC()).load(path, environment, problems);
        if (found.name().isEmpty()) {
            new ProblemText(console).print(problems);
            return ExitCode.INVALID;
        }
        try {
            return act(new Stories(found), runs);
        } catch (StoryException e) {
            new ErrorText(console).usage(String.valueOf(e.getMessage()), e.help(), output == StoryFormat.JSON);
            return ExitCode.INVALID;
        }
    }

    private static boolean isRun(String text) {
        return RUN.matcher(text).matches();
    }

    private int act(Stories stories, List<String> runs) {
        switch (action) {
            case LIST -> {
                require(runs, 0, 0, "takes no run");
                list(stories);
            }
            case LAST -> {
                require(runs, 0, 0, "takes no run");
                show(stories, stories.find(Stories.LAST));
            }
            case SHOW -> {
                require(runs, 0, 1, "takes one run");
                show(stories, stories.find(runs.isEmpty() ? Stories.LAST : runs.get(0)));
            }
            case DIFF -> {
                require(runs, 2, 2, "takes two runs");
                diff(StoryDiff.between(
                        stories.read(stories.find(runs.get(0))), stories.read(stories.find(runs.get(1)))));
            }
            case OPEN -> {
                require(runs, 0, 1, "takes one run");
                open(stories.page(stories.find(runs.isEmpty() ? Stories.LAST : runs.get(0))));
            }
        }
        return ExitCode.OK;
    }

    private void require(List<String> runs, int least, int most, String what) {
        if (runs.size() < least || runs.size() > most) {
            throw usage("'" + action.name().toLowerCase(java.util.Locale.ROOT) + "' " + what);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private void list(Stories stories) {
        if (output == StoryFormat.MARKDOWN || output == StoryFormat.HTML) {
            throw usage("'list' prints text or json");
        }
        new StoryText(console).list(stories.runs(LISTED), stories::has, output == StoryFormat.JSON);
    }

    private void show(Stories stories, String run) {
        switch (output) {
            case TEXT -> new StoryText(console).story(stories.read(run), stories.page(run));
            case JSON -> console.out().print(stories.text(run, StoryFolder.JSON));
            case MARKDOWN -> console.out().print(stories.text(run, StoryFolder.MARKDOWN));
            case HTML -> console.out().print(stories.text(run, StoryFolder.HTML));
        }
        console.out().flush();
    }

    private void diff(StoryDiff diff) {
        switch (output) {
            case TEXT -> new StoryText(console).diff(diff);
            case JSON -> new StoryText(console).json(diff);
            case MARKDOWN -> console.out().print(DiffMarkdown.write(diff));
            case HTML -> throw usage("'diff' prints text, json or markdown");
        }
        console.out().flush();
    }

    private void open(Path page) {
        new StoryText(console).page(page);
        if (console.live()) {
            Browser.open(page);
        }
    }
}
