package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code add_metadata} of a node's write and decides what of it the node can have. Where a row came from is known
 * while it is read; after a transform nobody can tell.
 */
final class MetadataReader {

    private static final String KEY = "add_metadata";

    private final MappingReader node;
    private final Optional<Read> source;
    private final Problems problems;

    /** @param inputs what the node's {@code read} or {@code inputs} declare */
    MetadataReader(MappingReader node, List<Input> inputs, Problems problems) {
        this.node = node;
        this.source = node.has("read")
                ? inputs.stream()
                        .filter(Input.External.class::isInstance)
                        .map(input -> ((Input.External) input).read())
                        .findFirst()
                : Optional.empty();
        this.problems = problems;
    }

    Set<MetadataColumn> read(MappingReader write) {
        Optional<Yaml.Entry> entry = write.entry(KEY);
        if (entry.isPresent() && entry.get().value() instanceof Yaml.Mapping) {
            return write.mapping(KEY).map(this::columns).orElse(Set.of());
        }
        if (entry.isPresent() && entry.get().value() instanceof Yaml.Sequence list) {
            String message = "'" + KEY + "' takes true, false or a mapping, not " + list.kind();
            problems.error(ProblemCode.WRONG_TYPE, list.span(), message);
            return Set.of();
        }
        return write.flag(KEY, false) ? defaults() : Set.of();
    }

    private Set<MetadataColumn> defaults() {
        Set<MetadataColumn> columns = EnumSet.of(MetadataColumn.EXTRACTED_AT);
        if (why(MetadataColumn.SOURCE_FILE).isEmpty()) {
            columns.add(MetadataColumn.SOURCE_FILE);
        }
        return columns;
    }

    private Set<MetadataColumn> columns(MappingReader in) {
        Set<MetadataColumn> columns = EnumSet.noneOf(MetadataColumn.class);
        Set<MetadataColumn> defaults = defaults();
        for (MetadataColumn column : MetadataColumn.values()) {
            boolean wanted = in.flag(column.id(), defaults.contains(column));
            if (wanted && !isRefused(column, in.keySpan(column.id()))) {
                columns.add(column);
            }
        }
        in.finish();
        return columns;
    }

    private boolean isRefused(MetadataColumn column, Optional<SourceSpan> asked) {
        Optional<String> why = why(column);
        // Of a 'read' that is wrong itself nothing can be said.
        if (why.isPresent() && asked.isPresent() && (source.isPresent() || !node.has("read"))) {
            problems.error(
                    ProblemCode.CONFLICTING_KEYS,
                    asked.get(),
                    Names.quoted(column.id()) + " is not known here: " + why.get(),
                    help(column));
        }
        return why.isPresent();
    }

    private String help(MetadataColumn column) {
        return column == MetadataColumn.SOURCE_FILE && source.isPresent() && node.has("transform")
                ? "leave it out, or read with options: {filename: true} and select filename"
                : "leave it out";
    }

    /** Why the node cannot have the column. */
    private Optional<String> why(MetadataColumn column) {
        return switch (column) {
            case EXTRACTED_AT -> Optional.empty();
            case SOURCE_FILE -> whyNoFile();
            case SOURCE_CONNECTION -> unless(source.isPresent(), "the node has no 'read'");
            case SOURCE_TABLE ->
                unless(
                        node.mapping("read").filter(read -> read.has("table")).isPresent(),
                        "the node has no 'read' with 'table'");
        };
    }

    private Optional<String> whyNoFile() {
        boolean files = source.map(read -> read.format() != Format.DELTA && read.format() != Format.SQL)
                .orElse(false);
        boolean named = source.stream()
                .flatMap(read -> read.options().stream())
                .anyMatch(option -> option.name().equalsIgnoreCase("filename"));
        return unless(files, "the node reads no file")
                .or(() -> unless(!node.has("transform"), "a transform decides which columns there are"))
                .or(() -> unless(!named, "the option 'filename' gives it another name"));
    }

    private static Optional<String> unless(boolean fine, String why) {
        return fine ? Optional.empty() : Optional.of(why);
    }
}
