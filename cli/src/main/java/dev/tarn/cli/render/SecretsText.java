package dev.tarn.cli.render;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints names of secrets, and what was done with them; never a value. */
public final class SecretsText {

    private static final String SCHEMA = "tarn/secrets/v1";

    private final Console console;

    public SecretsText(Console console) {
        this.console = console;
    }

    /**
     * What was done with a secret.
     *
     * @param action such as {@code set}
     */
    public void done(String action, String secret, Path file, boolean json) {
        if (json) {
            Map<String, Object> answer = Json.answer(SCHEMA, "ok");
            answer.put("action", action);
            answer.put("secret", secret);
            answer.put("file", file.toString());
            console.out().println(Json.text(answer));
        } else {
            console.out().println(action + " " + secret + " in " + file);
        }
    }

    /** A line for each secret, with its file. */
    public void list(Map<String, Path> secrets, boolean json) {
        if (json) {
            Map<String, Object> answer = Json.answer(SCHEMA, "ok");
            List<Map<String, Object>> all = secrets.entrySet().stream()
                    .map(entry -> {
                        Map<String, Object> secret = new LinkedHashMap<>();
                        secret.put("secret", entry.getKey());
                        secret.put("file", entry.getValue().toString());
                        return secret;
                    })
                    .toList();
            answer.put("secrets", all);
            console.out().println(Json.text(answer));
        } else {
            secrets.forEach((secret, file) -> console.out().println(secret + "  " + file));
        }
    }
}
