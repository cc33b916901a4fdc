package dev.tarn.core.project;

import dev.tarn.core.source.SourceSpan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A local server that a project wants beside it.
 *
 * @param name its name in the project; also its type unless another one is given
 * @param port empty for a free one
 * @param memory bytes that it may use; empty for what its type usually needs
 * @param settings the server's own
 * @param options those of its type, such as {@code database}; a single value is a list of one
 */
public record ServiceDeclaration(
        String name,
        String type,
        OptionalInt port,
        OptionalLong memory,
        Map<String, String> settings,
        Map<String, List<String>> options,
        SourceSpan span) {

    public ServiceDeclaration {
        settings = new LinkedHashMap<>(settings);
        options = new LinkedHashMap<>(options);
    }

    /** The types that there are, each with the options that it has. */
    public static Map<String, List<String>> types() {
        return ServicesReader.OPTIONS;
    }
}
