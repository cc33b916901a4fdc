package dev.tarn.core.project;

import java.util.List;

/** The model of project files as a page of Markdown. */
public final class ProjectReference {

    private static final String HEAD = """
            # Keys of the project file

            Made by `tarn schema --format markdown`; [The project file](project.md) explains them. A key that is not here is an error.
            `${…}` may stand for every value.
            """;

    private ProjectReference() {}

    public static String markdown() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Shape shape : Model.all()) {
            page.append("\n## ").append(shape.title()).append("\n\n");
            page.append("| key | value | default | meaning |\n|---|---|---|---|\n");
            shape.keys().values().forEach(key -> page.append(row(key)));
        }
        return page.toString();
    }

    private static String row(Key key) {
        String name = "`" + key.name() + "`";
        String whenAbsent = key.required() ? "required" : key.whenAbsent();
        List<String> cells = List.of(name, key.ignored() ? "" : key.kind().word(), whenAbsent, key.meaning());
        return "| "
                + String.join(
                        " | ", cells.stream().map(c -> c.replace("|", "\\|")).toList()) + " |\n";
    }
}
