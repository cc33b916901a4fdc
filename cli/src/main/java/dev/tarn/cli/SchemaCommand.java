package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.SchemaText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tarn schema}: prints which keys a project file may have. */
@Command(
        name = "schema",
        description = "Print the keys of project files as a JSON Schema, for editors.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class SchemaCommand implements Callable<Integer> {

    private final Console console;

    /** A way to write the model down. */
    enum Form {
        JSON,
        MARKDOWN
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "json",
            description = "json (a JSON Schema) or markdown (a page) (default: ${DEFAULT-VALUE}).")
    private Form form = Form.JSON;

    SchemaCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        SchemaText text = new SchemaText(console);
        if (form == Form.JSON) {
            text.json();
        } else {
            text.markdown();
        }
        return ExitCode.OK;
    }
}
