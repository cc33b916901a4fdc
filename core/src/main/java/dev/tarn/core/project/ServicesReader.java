package dev.tarn.core.project;

import static java.util.stream.Collectors.toMap;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the services of a project. */
final class ServicesReader {

    static final String KEY = "services";

    /** The options of each type. */
    static final Map<String, List<String>> OPTIONS = new TreeMap<>(Map.of(
            "postgres", List.of("database"),
            "mariadb", List.of("database"),
            "kafka", List.of(),
            "alertmanager", List.of("config", "webhook"),
            "prometheus", List.of("config", "rules", "targets"),
            "spark", List.of("workers", "worker_memory", "worker_cores"),
            "azurite", List.of(),
            "s3", List.of("buckets")));

    private static final Choices<String> TYPES = new Choices<>(
            "service type",
            OPTIONS.keySet().stream().collect(toMap(type -> type, type -> type, (a, b) -> a, TreeMap::new)),
            Set.of());
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
    private static final Pattern MEMORY = Pattern.compile("(?<number>[1-9][0-9]{0,11})(?<unit>[kKmMgG])");
    private static final long LEAST_MEMORY = 64L << 20;

    private final Problems problems;

    ServicesReader(Problems problems) {
        this.problems = problems;
    }

    /** The services of a mapping that has the key {@code services}, or not. */
    List<ServiceDeclaration> read(MappingReader project) {
        List<ServiceDeclaration> services = new ArrayList<>();
        for (Yaml.Entry entry : project.mapping(KEY).map(MappingReader::entries).orElse(List.of())) {
            read(entry).ifPresent(services::add);
        }
        return services;
    }

    private Optional<ServiceDeclaration> read(Yaml.Entry entry) {
        String what = "service " + Names.quoted(entry.key());
        if (!NAME.matcher(entry.key()).matches()) {
            problems.error(
                    ProblemCode.INVALID_NAME,
                    entry.keySpan(),
                    what + ": names of services are letters, digits, underscores and hyphens");
            return Optional.empty();
        }
        if (entry.value() instanceof Yaml.Unresolved) {
            return Optional.empty();
        }
        if (entry.value() instanceof Yaml.Mapping mapping) {
            return read(new MappingReader(mapping, Model.SERVICE, what, entry.keySpan(), problems), entry);
        }
        if (entry.value() instanceof Yaml.Scalar scalar && scalar.isNull()) {
            Yaml.Mapping nothing = new Yaml.Mapping(entry.keySpan(), Map.of());
            return read(new MappingReader(nothing, Model.SERVICE, what, entry.keySpan(), problems), entry);
        }
        problems.error(
                ProblemCode.WRONG_TYPE,
                entry.value().span(),
                what + " is a mapping, not " + entry.value().kind(),
                "use {} for a service without settings");
        return Optional.empty();
    }

    private Optional<ServiceDeclaration> read(MappingReader in, Yaml.Entry entry) {
        boolean typed = in.has("type");
        Optional<String> type = typed ? in.choice("type", TYPES) : named(entry);
        OptionalLong port = in.whole("port", 1, 65535);
        OptionalLong memory = in.scalar("memory").map(this::memory).orElse(OptionalLong.empty());
        Map<String, String> settings = settings(in);
        Map<String, List<String>> options = new LinkedHashMap<>();
        for (String key : Model.SERVICE_OPTIONS) {
            if (in.has(key)) {
                options.put(
                        key, in.texts(key).stream().map(s -> s.text().text()).toList());
                type.filter(known -> !OPTIONS.getOrDefault(known, List.of()).contains(key))
                        .ifPresent(known -> noSuchOption(in, key, known));
            }
        }
        in.hint("use 'memory', such as 512m", "mem", "memory_limit", "mem_limit");
        in.hint("use 'settings'", "environment", "options");
        in.finish();
        return type.map(known -> new ServiceDeclaration(
                entry.key(),
                known,
                port.isPresent() ? OptionalInt.of((int) port.getAsLong()) : OptionalInt.empty(),
                memory,
                settings,
                options,
                entry.keySpan()));
    }

    private Optional<String> named(Yaml.Entry entry) {
        if (OPTIONS.containsKey(entry.key())) {
            return Optional.of(entry.key());
        }
        String message = "there is no service " + Names.quoted(entry.key());
        String help = Names.didYouMean(entry.key(), OPTIONS.keySet())
                .orElse("name one of " + String.join(", ", OPTIONS.keySet()) + ", or say which it is with 'type'");
        problems.error(ProblemCode.INVALID_VALUE, entry.keySpan(), message, help);
        return Optional.empty();
    }

    private void noSuchOption(MappingReader in, String key, String type) {
        List<String> allowed = OPTIONS.getOrDefault(type, List.of());
        in.keySpan(key)
                .ifPresent(span -> problems.error(
                        ProblemCode.UNKNOWN_KEY,
                        span,
                        "a service of type '" + type + "' has no '" + key + "'",
                        "it has port, memory, settings"
                                + (allowed.isEmpty() ? "" : ", " + String.join(", ", allowed))));
    }

    private OptionalLong memory(Yaml.Scalar scalar) {
        String text = scalar.text().text();
        Matcher matcher = MEMORY.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group("number"));
            int shift = switch (matcher.group("unit")) {
                case "k", "K" -> 10;
                case "m", "M" -> 20;
                default -> 30;
            };
            if (number << shift >= LEAST_MEMORY) {
                return OptionalLong.of(number << shift);
            }
        }
        problems.error(
                ProblemCode.INVALID_VALUE,
                scalar.span(),
                "'memory' takes an amount of at least 64m, such as 512m or 2g, not " + Names.quoted(text));
        return OptionalLong.empty();
    }

    private Map<String, String> settings(MappingReader in) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (Yaml.Entry entry :
                in.mapping("settings").map(MappingReader::entries).orElse(List.of())) {
            if (entry.value() instanceof Yaml.Scalar scalar) {
                settings.put(entry.key(), scalar.isNull() ? "" : scalar.text().text());
            } else if (!(entry.value() instanceof Yaml.Unresolved)) {
                problems.error(
                        ProblemCode.WRONG_TYPE,
                        entry.value().span(),
                        "the setting " + Names.quoted(entry.key()) + " takes a single value, not "
                                + entry.value().kind());
            }
        }
        return settings;
    }
}
