package dev.tarn.core.project;

import dev.tarn.core.connection.SecretText;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.util.Set;

/** Refuses secrets where people would see them: everywhere but in what a connection is given for its server. */
final class SecretPlaces {

    private static final Set<String> ALLOWED =
            Set.of("host", "database", "user", "password", "bootstrap_servers", "properties");

    private final Problems problems;

    SecretPlaces(Problems problems) {
        this.problems = problems;
    }

    /** Looks at a project whose references are replaced. */
    void check(Yaml.Mapping project) {
        project.entries().forEach((key, entry) -> {
            if (key.equals("connections") && entry.value() instanceof Yaml.Mapping connections) {
                connections.entries().values().forEach(connection -> checkConnection(connection.value()));
            } else if (!key.equals("vars")) {
                refuse(entry.value());
            }
        });
    }

    private void checkConnection(Yaml connection) {
        if (connection instanceof Yaml.Mapping mapping) {
            mapping.entries().values().stream()
                    .filter(entry -> !ALLOWED.contains(entry.key()))
                    .forEach(entry -> refuse(entry.value()));
        } else {
            refuse(connection);
        }
    }

    private void refuse(Yaml value) {
        if (value instanceof Yaml.Mapping mapping) {
            mapping.entries().values().forEach(entry -> refuse(entry.value()));
        } else if (value instanceof Yaml.Sequence sequence) {
            sequence.items().forEach(this::refuse);
        } else if (value instanceof Yaml.Scalar scalar) {
            int index = SecretText.indexOfMark(scalar.text().text());
            if (index >= 0) {
                report(scalar.span());
            }
        }
    }

    /** Whether a text has no secret in it; one that has is reported. */
    boolean isFree(MappedText text) {
        int index = SecretText.indexOfMark(text.text());
        if (index >= 0) {
            report(text.span(index, 1));
        }
        return index < 0;
    }

    private void report(SourceSpan span) {
        problems.error(
                ProblemCode.SECRET_NOT_ALLOWED,
                span,
                "a secret cannot be used here: it would be seen",
                "secrets belong to a connection: host, database, user, password, bootstrap_servers or properties");
    }
}
