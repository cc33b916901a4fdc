package dev.tarn.cli.render;

import dev.tarn.core.project.ProjectReference;
import dev.tarn.core.project.ProjectSchema;

/** Prints the model of project files. */
public final class SchemaText {

    private final Console console;

    public SchemaText(Console console) {
        this.console = console;
    }

    public void json() {
        console.out().println(Json.text(ProjectSchema.json()));
    }

    public void markdown() {
        console.out().print(ProjectReference.markdown());
        console.out().flush();
    }
}
