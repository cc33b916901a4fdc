package dev.tarn.core.project;

import dev.tarn.core.project.Configuration.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what the references in texts refer to, and whether that may be a secret; does not replace them. */
final class References {

    private static final Pattern ENVIRONMENT =
            Pattern.compile("(?s)(env:)?(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>.*))?");
    private static final Pattern VARS = Pattern.compile("vars\\.(?<path>.+)");

    private final Map<String, String> process;
    private final Map<String, String> dotEnv;
    private final Yaml.Mapping vars;

    References(Map<String, String> process, Map<String, String> dotEnv, Yaml.Mapping vars) {
        this.process = process;
        this.dotEnv = dotEnv;
        this.vars = vars;
    }

    List<Reference> in(Yaml written) {
        List<Reference> found = new ArrayList<>();
        if (written instanceof Yaml.Scalar scalar) {
            bodies(scalar.text().text()).forEach(body -> found.add(reference(body)));
        }
        return found;
    }

    private static List<String> bodies(String text) {
        return Template.of(text).parts().stream()
                .filter(Template.Part::isReference)
                .map(part -> text.substring(part.from() + 2, part.to() - 1).strip())
                .toList();
    }

    private Reference reference(String body) {
        Matcher variable = VARS.matcher(body);
        if (variable.matches()) {
            String place = find(variable.group("path"))
                    .map(value -> value.span().toString())
                    .orElse("nowhere");
            return new Reference("vars." + variable.group("path"), place);
        }
        if (body.startsWith("secret:")) {
            return new Reference(
                    body, "scope " + body.replaceFirst("^secret:", "").replaceFirst("/.*", ""));
        }
        Matcher environment = ENVIRONMENT.matcher(body);
        if (body.startsWith("date:") || !environment.matches()) {
            return new Reference(body, "the clock, in UTC");
        }
        String name = environment.group("name");
        return new Reference("env:" + name, origin(name, environment.group("default") != null));
    }

    private String origin(String name, boolean hasDefault) {
        String value = process.getOrDefault(name, dotEnv.get(name));
        // As in a shell, an empty variable counts as not set when there is a default.
        if (value == null || (value.isEmpty() && hasDefault)) {
            return hasDefault ? "the default behind it; the variable is not set" : "nowhere";
        }
        return process.containsKey(name) ? "the process's environment" : "the file .env";
    }

    /** Whether something in the value comes from .env or has a secret's name. */
    boolean mayBeSecret(Yaml written) {
        return mayBeSecret(written, new HashSet<>());
    }

    private boolean mayBeSecret(Yaml value, Set<String> seen) {
        if (value instanceof Yaml.Mapping mapping) {
            return mapping.entries().values().stream().anyMatch(entry -> mayBeSecret(entry.value(), seen));
        }
        if (value instanceof Yaml.Sequence sequence) {
            return sequence.items().stream().anyMatch(item -> mayBeSecret(item, seen));
        }
        return value instanceof Yaml.Scalar scalar && mayBeSecret(scalar.text().text(), seen);
    }

    private boolean mayBeSecret(String text, Set<String> seen) {
        return bodies(text).stream().anyMatch(body -> isSecretReference(body, seen));
    }

    private boolean isSecretReference(String body, Set<String> seen) {
        Matcher variable = VARS.matcher(body);
        if (variable.matches()) {
            String path = variable.group("path");
            return SecretNames.matches(path)
                    || (seen.add(path)
                            && find(path).map(value -> mayBeSecret(value, seen)).orElse(false));
        }
        if (body.startsWith("secret:")) {
            return true;
        }
        Matcher environment = ENVIRONMENT.matcher(body);
        if (body.startsWith("date:") || !environment.matches()) {
            return false;
        }
        String name = environment.group("name");
        String fallback = environment.group("default");
        return SecretNames.matches(name)
                || dotEnv.containsKey(name)
                || (fallback != null && mayBeSecret(fallback, seen));
    }

    private java.util.Optional<Yaml> find(String path) {
        Yaml at = vars;
        for (String part : path.split("\\.", -1)) {
            if (!(at instanceof Yaml.Mapping mapping) || !mapping.entries().containsKey(part)) {
                return java.util.Optional.empty();
            }
            at = mapping.entries().get(part).value();
        }
        return java.util.Optional.of(at);
    }
}
