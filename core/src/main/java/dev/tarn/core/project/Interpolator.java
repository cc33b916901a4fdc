package dev.tarn.core.project;

import dev.tarn.core.connection.Redaction;
import dev.tarn.core.connection.SecretReference;
import dev.tarn.core.connection.SecretText;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${...}} in the values of a tree and in SQL texts. A replacement is text: it never becomes YAML
 * structure. Each problem is reported once. Not thread-safe.
 */
final class Interpolator {

    private static final int MAX_CHAIN = 50;
    private static final int MAX_NESTING = 10;
    private static final int MAX_SEARCHES = 100;
    private static final Pattern ENVIRONMENT =
            Pattern.compile("(?s)(env:)?(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>.*))?");
    private static final Pattern VARS = Pattern.compile("vars\\.(?<path>[^\\s:{}]{1,500})");
    private static final String SYNTAX = "allowed: ${env:NAME}, ${NAME}, ${env:NAME:-default}, ${vars.name},"
            + " ${date:today-7d:yyyy-MM-dd},"
            + " ${secret:scope/name}; write $${ for a literal ${";

    private static final String DATES = "today, yesterday, now, start_of_month, end_of_month or start_of_year,"
            + " then +N or -N with d, w, m or y, then :pattern as in yyyy-MM-dd or %Y-%m-%d";

    private static final Pattern SECRET =
            Pattern.compile("secret:(?<scope>[A-Za-z_][A-Za-z0-9_]*)/(?<name>[A-Za-z0-9_][A-Za-z0-9_.-]{0,126})");

    private final Map<String, String> environment;
    private final Redaction redaction;
    private final Set<String> scopes;
    private final ZonedDateTime now;
    private final Yaml.Mapping vars;
    private final ExpansionBudget budget;
    private final Problems problems;
    private final Map<String, Yaml> resolved = new HashMap<>();
    private final Set<String> resolving = new LinkedHashSet<>();
    private int searches;
    private boolean full;

    /**
     * @param redaction learns of the values of variables that have a secret's name
     * @param scopes the declared ones of secrets
     */
    Interpolator(
            Map<String, String> environment,
            Redaction redaction,
            Set<String> scopes,
            ZonedDateTime now,
            Yaml.Mapping vars,
            ExpansionBudget budget,
            Problems problems) {
        this.environment = environment;
        this.redaction = redaction;
        this.scopes = Set.copyOf(scopes);
        this.now = now;
        this.vars = vars;
        this.budget = budget;
        this.problems = problems;
    }

    /** Resolves all of {@code vars}, so that also what is wrong in unused ones is reported. */
    void resolveVars() {
        vars.entries().values().forEach(e -> variable(e.key(), e.keySpan()));
    }

    Yaml resolve(Yaml value) {
        return resolve(value, 0);
    }

    /** The text with its references replaced; empty when one of them has no value. */
    Optional<MappedText> resolve(MappedText text) {
        return resolve(text, 0);
    }

    private Yaml resolve(Yaml value, int depth) {
        if (value instanceof Yaml.Scalar scalar) {
            return resolve(scalar, depth);
        }
        if (value instanceof Yaml.Sequence sequence) {
            List<Yaml> items =
                    sequence.items().stream().map(i -> resolve(i, depth + 1)).toList();
            return new Yaml.Sequence(sequence.span(), items);
        }
        if (value instanceof Yaml.Mapping mapping) {
            Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
            mapping.entries()
                    .forEach((k, e) -> entries.put(k, new Yaml.Entry(k, e.keySpan(), resolve(e.value(), depth + 1))));
            return new Yaml.Mapping(mapping.span(), entries);
        }
        return value;
    }

    private Yaml resolve(Yaml.Scalar scalar, int depth) {
        String text = scalar.text().text();
        if (!text.contains("${")) {
            return scalar;
        }
        Optional<String> path = wholeVariable(text);
        if (path.isPresent()) {
            return placed(variable(path.get(), scalar.text().span(0, text.length())), scalar, depth);
        }
        return resolve(scalar.text(), 0)
                .<Yaml>map(t -> new Yaml.Scalar(scalar.span(), t, scalar.plain()))
                .orElseGet(() -> new Yaml.Unresolved(scalar.span()));
    }

    private static Optional<String> wholeVariable(String text) {
        if (!Template.of(text).isOneReference()) {
            return Optional.empty();
        }
        Matcher matcher = VARS.matcher(text.substring(2, text.length() - 1).strip());
        return matcher.matches() ? Optional.of(matcher.group("path")) : Optional.empty();
    }

    /** The variable's value as it is to stand where {@code reference} is. */
    private Yaml placed(Yaml value, Yaml.Scalar reference, int depth) {
        if (!budget.take(value, depth)) {
            tooLarge(reference.span());
            return new Yaml.Unresolved(reference.span());
        }
        return value instanceof Yaml.Scalar scalar
                ? new Yaml.Scalar(reference.span(), scalar.text(), scalar.plain())
                : value;
    }

    private Optional<MappedText> resolve(MappedText text, int nesting) {
        Template template = Template.of(text.text());
        template.unclosed()
                .ifPresent(at -> bad(text.span(at, 2), "'${' is not closed", "add '}', or write $${ for a literal ${"));
        boolean complete = template.unclosed().isEmpty();
        MappedText.Builder result = new MappedText.Builder(text);
        for (Template.Part part : template.parts()) {
            if (part.isReference()) {
                Optional<String> replacement = reference(text.slice(part.from(), part.to()), nesting);
                replacement.ifPresent(r -> result.replace(part.from(), r));
                complete &= replacement.isPresent();
            } else {
                result.keep(part.from(), part.to());
            }
        }
        return complete ? Optional.of(result.build()) : Optional.empty();
    }

    private Optional<String> reference(MappedText reference, int nesting) {
        int length = reference.text().length();
        SourceSpan span = reference.span(0, length);
        Optional<String> value = value(reference.slice(2, length - 1), span, nesting);
        if (value.isPresent() && !budget.take(value.get())) {
            tooLarge(span);
            return Optional.empty();
        }
        return value;
    }

    private Optional<String> value(MappedText body, SourceSpan span, int nesting) {
        String text = body.text().strip();
        Matcher variable = VARS.matcher(text);
        if (variable.matches()) {
            return textOf(variable.group("path"), span);
        }
        if (text.startsWith("date:")) {
            return date(text.substring("date:".length()), span);
        }
        Matcher secret = SECRET.matcher(text);
        if (secret.matches()) {
            return secret(new SecretReference(secret.group("scope"), secret.group("name")), span);
        }
        Matcher environmentVariable = ENVIRONMENT.matcher(body.text());
        if (environmentVariable.matches()) {
            return environment(environmentVariable, body, span, nesting);
        }
        return notUnderstood(text, span);
    }

    private Optional<String> notUnderstood(String text, SourceSpan span) {
        if (text.startsWith("secret:")) {
            bad(
                    span,
                    "cannot understand " + Names.quoted("${" + text + "}"),
                    "write ${secret:scope/name}; the name has letters, digits, '_', '-' and '.'");
        } else if (text.startsWith("var.") || text.startsWith("var:") || text.startsWith("vars:")) {
            String path = text.replaceFirst("vars?[.:]", "vars.");
            bad(span, "cannot understand " + Names.quoted("${" + text + "}"), "use '${" + path + "}'");
        } else {
            bad(span, "cannot understand " + Names.quoted("${" + text + "}"), SYNTAX);
        }
        return Optional.empty();
    }

    /** The secret stays a reference; who uses the value fetches it. */
    private Optional<String> secret(SecretReference secret, SourceSpan span) {
        if (!scopes.contains(secret.scope())) {
            problems.error(
                    ProblemCode.UNKNOWN_SECRET_SCOPE,
                    span,
                    "unknown secret scope " + Names.quoted(secret.scope()),
                    Names.didYouMean(secret.scope(), scopes)
                            .orElse(
                                    scopes.isEmpty()
                                            ? "declare it: secrets: {" + secret.scope() + ": {provider: environment}}"
                                            : "declared: " + String.join(", ", new TreeSet<>(scopes))));
            return Optional.empty();
        }
        return Optional.of(SecretText.mark(secret));
    }

    /** As in a shell, an empty variable counts as not set when there is a default. */
    private Optional<String> environment(Matcher matcher, MappedText body, SourceSpan span, int nesting) {
        String name = matcher.group("name");
        String value = environment.get(name);
        if (value != null && SecretNames.matches(name)) {
            redaction.add(value);
        }
        if (matcher.group("default") == null) {
            return value == null ? notSet(name, span) : Optional.of(value);
        }
        if (value != null && !value.isEmpty()) {
            return Optional.of(value);
        }
        if (nesting > MAX_NESTING) {
            bad(span, "defaults are nested deeper than " + MAX_NESTING + " levels", "use fewer");
            return Optional.empty();
        }
        return resolve(body.slice(matcher.start("default"), body.text().length()), nesting + 1)
                .map(MappedText::text);
    }

    private Optional<String> notSet(String name, SourceSpan span) {
        String help = vars.entries().containsKey(name)
                ? "did you mean '${vars." + name + "}'?"
                : "set it, or give a default: ${env:" + name + ":-default}";
        String message = "environment variable " + Names.quoted(name) + " is not set";
        problems.error(ProblemCode.UNRESOLVED_VARIABLE, span, message, help);
        return Optional.empty();
    }

    private Optional<String> date(String expression, SourceSpan span) {
        Optional<String> date = DateExpression.evaluate(expression, now);
        if (date.isEmpty()) {
            boolean upperCase = expression.indexOf('%') < 0 && expression.matches("[^:]*:.*[YD].*");
            bad(
                    span,
                    "cannot understand the date " + Names.quoted(expression),
                    upperCase ? "in a pattern the year is yyyy and the day dd" : DATES);
        }
        return date;
    }

    private Optional<String> textOf(String path, SourceSpan span) {
        Yaml value = variable(path, span);
        if (value instanceof Yaml.Unresolved) {
            return Optional.empty();
        }
        if (value instanceof Yaml.Scalar scalar && !scalar.isNull()) {
            return Optional.of(scalar.text().text());
        }
        bad(span, "'vars." + path + "' is " + value.kind() + " and cannot be part of a text", "use a single value");
        return Optional.empty();
    }

    /** The value under {@code vars}, resolved itself. */
    private Yaml variable(String path, SourceSpan span) {
        Yaml known = resolved.get(path);
        if (known != null) {
            return known;
        }
        if (!resolving.add(path)) {
            circle(path, span);
            return new Yaml.Unresolved(span);
        }
        Yaml value = resolving.size() > MAX_CHAIN ? tooLong(span) : resolve(declared(path, span), 1);
        resolving.remove(path);
        resolved.put(path, value);
        return value;
    }

    private void circle(String path, SourceSpan span) {
        List<String> chain = List.copyOf(resolving);
        String circle = String.join(" -> ", chain.subList(chain.indexOf(path), chain.size())) + " -> " + path;
        problems.error(
                ProblemCode.VARIABLE_CYCLE,
                span,
                "variables refer to each other in a circle: " + circle,
                "give one of them a value of its own");
    }

    private Yaml tooLong(SourceSpan span) {
        bad(span, "more than " + MAX_CHAIN + " variables refer to each other in a chain", "use fewer");
        return new Yaml.Unresolved(span);
    }

    /** The value as it is written in the file. */
    private Yaml declared(String path, SourceSpan span) {
        int dot = path.lastIndexOf('.');
        Yaml parent = dot < 0 ? vars : parent(path.substring(0, dot), span);
        if (!(parent instanceof Yaml.Mapping mapping)) {
            return parent instanceof Yaml.Unresolved ? parent : unknown(path, span, Optional.empty());
        }
        String name = path.substring(dot + 1);
        Yaml.Entry entry = mapping.entries().get(name);
        if (entry != null) {
            return entry.value();
        }
        String prefix = "vars." + path.substring(0, dot + 1);
        // Beyond some number of unknown names the search takes longer than it helps.
        Optional<String> nearest = searches++ < MAX_SEARCHES
                ? Names.nearest(name, mapping.entries().keySet())
                : Optional.empty();
        return unknown(path, span, nearest.map(n -> "did you mean '" + prefix + n + "'?"));
    }

    /** A mapping that holds a variable; it may be taken from another variable itself. */
    private Yaml parent(String path, SourceSpan span) {
        Yaml declared = declared(path, span);
        return declared instanceof Yaml.Scalar ? variable(path, span) : declared;
    }

    private Yaml unknown(String path, SourceSpan span, Optional<String> help) {
        String message = "variable " + Names.quoted("vars." + path) + " is not declared";
        problems.error(ProblemCode.UNRESOLVED_VARIABLE, span, message, help);
        return new Yaml.Unresolved(span);
    }

    private void tooLarge(SourceSpan span) {
        if (full) {
            return;
        }
        full = true;
        bad(span, "variables make the project grow too large", "no project needs that: check 'vars'");
    }

    private void bad(SourceSpan span, String message, String help) {
        problems.error(ProblemCode.BAD_INTERPOLATION, span, message, help);
    }
}
