package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.project.Configuration;
import dev.tarn.core.project.Configuration.Origin;
import dev.tarn.core.project.Configuration.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints a project's settings. */
public final class ConfigText {

    private static final String SCHEMA = "tarn/config/v1";

    private final Console console;

    public ConfigText(Console console) {
        this.console = console;
    }

    public void yaml(Configuration configuration) {
        StringBuilder text = new StringBuilder();
        YamlText.append(text, configuration.tree());
        console.out().print(text);
        console.out().flush();
    }

    public void json(Configuration configuration) {
        Map<String, Object> json = Json.answer(SCHEMA, "shown");
        json.put("environment", configuration.environment().isEmpty() ? null : configuration.environment());
        json.put("project", configuration.tree());
        console.out().println(Json.text(json));
    }

    public void explain(List<Setting> settings, boolean asJson) {
        if (asJson) {
            Map<String, Object> json = Json.answer(SCHEMA, "explained");
            json.put("settings", settings.stream().map(ConfigText::json).toList());
            console.out().println(Json.text(json));
        } else {
            settings.forEach(this::explain);
        }
    }

    private void explain(Setting setting) {
        console.out().println(console.paint(Style.STRONG, setting.key()) + " = " + YamlText.scalar(setting.value()));
        setting.origin()
                .ifPresentOrElse(
                        origin -> line("from " + place(origin)
                                + setting.written().map(text -> ": " + text).orElse("")),
                        () -> line("by default"));
        setting.references().forEach(reference -> line(reference.name() + " is from " + reference.from()));
        setting.overrides().forEach(over -> line("over " + over.written() + " of " + place(over.origin())));
    }

    private void line(String text) {
        console.out().println("  " + text.replace("\n", "\n    "));
    }

    private static String place(Origin origin) {
        return origin.layer() + " (" + origin.span() + ")";
    }

    private static Map<String, @Nullable Object> json(Setting setting) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("key", setting.key());
        json.put("value", setting.value());
        json.put("origin", setting.origin().map(ConfigText::json).orElse(null));
        json.put("written", setting.written().orElse(null));
        json.put(
                "references",
                setting.references().stream()
                        .map(reference -> Map.of("name", reference.name(), "from", reference.from()))
                        .toList());
        json.put(
                "overrides",
                setting.overrides().stream()
                        .map(over -> {
                            Map<String, Object> each = json(over.origin());
                            each.put("written", over.written());
                            return each;
                        })
                        .toList());
        return json;
    }

    private static Map<String, Object> json(Origin origin) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("layer", origin.layer());
        json.put("file", origin.span().file().name());
        json.put("line", origin.span().line());
        json.put("column", origin.span().column());
        return json;
    }
}
