package dev.tarn.cli.render;

import dev.tarn.cli.init.NewProject;
import dev.tarn.cli.init.Template;
import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.source.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Prints what {@code init} offers and what it did. */
public final class InitText {

    private static final String SCHEMA = "tarn/init/v1";

    private final Console console;
    private final boolean json;

    public InitText(Console console, boolean json) {
        this.console = console;
        this.json = json;
    }

    public void templates() {
        if (json) {
            Map<String, Object> answer = Json.answer(SCHEMA, "listed");
            answer.put(
                    "templates",
                    Arrays.stream(Template.values())
                            .map(template -> Map.of("template", template.id(), "description", template.description()))
                            .toList());
            console.out().println(Json.text(answer));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("template", "what it is"));
        Arrays.stream(Template.values()).forEach(each -> rows.add(List.of(each.id(), each.description())));
        Columns.print(rows, 2, console.out());
        console.out().println();
        console.out().println("tarn init TEMPLATE FOLDER");
    }

    public void created(NewProject project) {
        if (json) {
            Map<String, Object> answer = answer(project, "created");
            answer.put("files", project.template().files());
            console.out().println(Json.text(answer));
            return;
        }
        project.template()
                .files()
                .forEach(file -> console.out().println(project.folder().resolve(file)));
        console.out().println();
        String folder = project.folder().toString();
        console.out().println("Made '" + project.template().id() + "'. To run it: tarn run" + argument(folder));
    }

    private static String argument(String folder) {
        if (folder.equals(".")) {
            return "";
        }
        return folder.matches("[\\w./+-]+") ? " " + folder : " '" + folder.replace("'", "'\\''") + "'";
    }

    /** Nothing was written, because these are there already. */
    public void refused(NewProject project, List<String> existing) {
        console.err()
                .println(console.paint(Style.ERROR, "error") + ": "
                        + (existing.size() == 1 ? "a file of the template is" : "files of the template are")
                        + " already in " + Names.quoted(project.folder().toString()) + ": "
                        + String.join(", ", existing));
        console.err().println(console.paint(Style.NOTE, "help") + ": name another folder; nothing was written");
        if (json) {
            Map<String, Object> answer = answer(project, "refused");
            answer.put("existing", existing);
            console.out().println(Json.text(answer));
        }
    }

    private static Map<String, Object> answer(NewProject project, String status) {
        Map<String, Object> answer = Json.answer(SCHEMA, status);
        answer.put("template", project.template().id());
        answer.put("folder", project.folder().toString());
        return answer;
    }
}
