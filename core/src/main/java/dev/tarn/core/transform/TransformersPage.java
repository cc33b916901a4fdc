package dev.tarn.core.transform;

import dev.tarn.core.transform.Parameter.Form;
import java.util.Map;
import java.util.stream.Collectors;

/** Transformers for people, in Markdown. */
public final class TransformersPage {

    private static final String HEAD = """
            # Transformers

            A step of a `transform`, or a whole node, can name a transformer instead of SQL:

            ```yaml
            - name: people
              read: {connection: data, format: csv, path: people.csv}
              transformer: trim_whitespace
              transform:
                steps:
                  - function: deduplicate
                    params: {keys: [id], order_by: updated_at DESC}
                  - SELECT * FROM df WHERE age > 17
            ```

            `transformer` and its `params` come before the steps. Each works on the rows of the one before, `df`; those that take the
            name of a dataset read a node or input of that name, as SQL does.

            - A transformer is turned into SQL, with all names in quotes, so that columns may be called `the "best" name.2` or `order`.
              The SQL is that of the engine which runs it. What may differ between engines is defined here; the examples below and
              many more are tested on DuckDB.
            - Names of columns are found whatever their case. A new column takes the place of one of the same name.
            - `tarn validate` finds misspelt transformers and parameters, and columns that a step before has left out; columns that a
              file or table does not have are found when the node runs, before it writes.
            - A parameter that is SQL may use all columns, and what functions both engines have. It is one expression.
            - Moments in time are looked at in UTC.

            What is different from ODIBI: [Transformers and ODIBI](odibi-transformers.md).
            `tarn explain NAME` prints one of these sections.

            """;

    private TransformersPage() {}

    /** All of them, with an index. */
    public static String all() {
        String index = Transformers.all().stream()
                .map(t -> "[" + t.name() + "](#" + t.name() + ")")
                .collect(Collectors.joining(" · "));
        return HEAD + index + "\n\n"
                + Transformers.all().stream().map(TransformersPage::one).collect(Collectors.joining("\n"));
    }

    /** One of them. */
    public static String one(Transformer transformer) {
        StringBuilder text = new StringBuilder("## " + transformer.name() + "\n\n" + transformer.summary() + "\n\n");
        if (!transformer.parameters().isEmpty()) {
            text.append("| parameter | takes | without it | meaning |\n|---|---|---|---|\n");
            transformer.parameters().forEach(parameter -> text.append(row(parameter, "")));
            text.append('\n');
        }
        if (!transformer.notes().isEmpty()) {
            text.append(transformer.notes()).append("\n\n");
        }
        Example example = transformer.example();
        text.append("```yaml\nfunction: ").append(transformer.name()).append("\nparams:");
        String params = example.params().strip();
        text.append(params.startsWith("{") ? " " + params + "\n" : "\n" + params.indent(2))
                .append("```\n\n");
        for (Map.Entry<String, ExampleTable> table : example.tables().entrySet()) {
            text.append("`")
                    .append(table.getKey())
                    .append("`:\n\n")
                    .append(table.getValue().markdown())
                    .append('\n');
        }
        return text.append("becomes\n\n").append(example.result().markdown()).toString();
    }

    private static String row(Parameter parameter, String owner) {
        String row = "| `" + owner + parameter.name() + "` | " + takes(parameter.form()) + " | "
                + (parameter.required() ? "required" : parameter.whenAbsent()) + " | " + parameter.meaning() + " |\n";
        return parameter.form() instanceof Form.Mappings mappings
                ? row
                        + mappings.keys().stream()
                                .map(key -> row(key, parameter.name() + "[]."))
                                .collect(Collectors.joining())
                : row;
    }

    private static String takes(Form form) {
        if (form instanceof Form.Choice choice) {
            return "`" + String.join("`, `", choice.values()) + "`";
        }
        if (form instanceof Form.Choices choices) {
            return "some of `" + String.join("`, `", choices.values()) + "`";
        }
        if (form instanceof Form.Texts) {
            return "text or list of texts";
        }
        if (form instanceof Form.Flag) {
            return "`true` or `false`";
        }
        if (form instanceof Form.Whole) {
            return "whole number";
        }
        if (form instanceof Form.Share) {
            return "number from 0 to 1";
        }
        if (form instanceof Form.Named) {
            return "name to text";
        }
        if (form instanceof Form.NamedValues) {
            return "name to value";
        }
        return form instanceof Form.Mappings ? "list of mappings" : form instanceof Form.Value ? "value" : "text";
    }
}
