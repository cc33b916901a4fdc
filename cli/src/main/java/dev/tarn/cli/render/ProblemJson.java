package dev.tarn.cli.render;

import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is wrong with a project, as JSON. */
public final class ProblemJson {

    private final Console console;

    public ProblemJson(Console console) {
        this.console = console;
    }

    /** The answer of a command that could not do its work, because the project is wrong. */
    public void invalid(String schema, Problems problems) {
        Map<String, Object> json = Json.answer(schema, "invalid");
        json.put("problems", list(problems));
        console.out().println(Json.text(json));
    }

    static List<Map<String, Object>> list(Problems problems) {
        return problems.all().stream().map(ProblemJson::problem).toList();
    }

    private static Map<String, Object> problem(Problem problem) {
        Map<String, Object> json =
                described(problem.code().id(), problem.message(), problem.help(), Optional.of(problem.span()));
        json.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
        return json;
    }

    static Map<String, Object> described(
            String code, String message, Optional<String> help, Optional<SourceSpan> span) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("code", code);
        json.put("message", message);
        json.put("help", help.orElse(null));
        json.put("file", span.map(s -> s.file().name()).orElse(null));
        json.put("line", span.map(SourceSpan::line).orElse(null));
        json.put("column", span.map(SourceSpan::column).orElse(null));
        return json;
    }
}
