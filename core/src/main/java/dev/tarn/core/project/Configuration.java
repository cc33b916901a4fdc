package dev.tarn.core.project;

import dev.tarn.core.source.SourceSpan;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a project file says once everything is merged and replaced, and where each value comes from. Secrets are not in it.
 *
 * @param environment empty for none
 * @param tree the values as maps, lists and plain values, in the order of the files
 * @param settings each single value
 */
public record Configuration(String environment, Object tree, List<Setting> settings) {

    /** What stands for a value that may be a secret. */
    public static final String HIDDEN = "***";

    public Configuration {
        settings = List.copyOf(settings);
    }

    /**
     * A single value.
     *
     * @param key with dots between its parts; pipelines and nodes by their names: {@code pipelines.silver.nodes.flights.cache}
     * @param value a String, number, Boolean or null; {@link #HIDDEN} for what may be a secret
     * @param origin where it is written; empty for a default
     * @param written the text there, if it is not the value and no secret
     * @param references what was replaced in it
     * @param overrides what it is laid over, the nearest first
     */
    public record Setting(
            String key,
            @Nullable Object value,
            Optional<Origin> origin,
            Optional<String> written,
            List<Reference> references,
            List<Overridden> overrides) {

        public Setting {
            references = List.copyOf(references);
            overrides = List.copyOf(overrides);
        }
    }

    /**
     * A place that says something.
     *
     * @param layer {@code project file}, {@code import}, {@code environments.prod} or {@code env.prod.yaml}
     */
    public record Origin(String layer, SourceSpan span) {}

    /** What another layer says, as it is written there. */
    public record Overridden(Origin origin, String written) {}

    /**
     * Something in {@code ${...}}.
     *
     * @param name as it is written: {@code env:HOME}
     * @param from where its value comes from, as a clause: {@code the file .env}
     */
    public record Reference(String name, String from) {}
}
