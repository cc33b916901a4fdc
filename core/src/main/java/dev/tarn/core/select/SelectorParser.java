package dev.tarn.core.select;

import dev.tarn.core.source.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses one argument in dbt's grammar: spaces between what is wanted, commas between what must hold together. */
final class SelectorParser {

    private static final Pattern PART = Pattern.compile("(?<complete>@)?(?:(?<up>[0-9]*)(?<plusUp>\\+))?"
            + "(?:(?<method>[\\w.]+):)?(?<value>.*?)(?:(?<plusDown>\\+)(?<down>[0-9]*))?");

    private static final List<String> METHODS = List.of("tag", "path", "pipeline", "state", "result");
    private static final String METHODS_HELP =
            "there are names (silver.orders, sil*), tag:, path:, pipeline:, state: and result:";

    private final Argument argument;
    private final List<SelectionProblem> problems;

    private SelectorParser(Argument argument, List<SelectionProblem> problems) {
        this.argument = argument;
        this.problems = problems;
    }

    /** What the argument asks for; good for use only if nothing was added to the problems. */
    static Selector parse(Argument argument, List<SelectionProblem> problems) {
        return new SelectorParser(argument, problems).parse();
    }

    private Selector parse() {
        String text = argument.text().strip();
        if (text.isEmpty()) {
            report("the selector is empty", "name a node, or leave the option out");
            return new Selector.Union(List.of());
        }
        List<Selector> selectors = new ArrayList<>();
        for (String word : text.split("\\s+", -1)) {
            selectors.add(intersection(word));
        }
        return new Selector.Union(selectors);
    }

    private Selector intersection(String word) {
        List<Selector.Part> parts = new ArrayList<>();
        for (String part : word.split(",", -1)) {
            part(part, word).ifPresent(parts::add);
        }
        return parts.isEmpty() ? new Selector.Union(List.of()) : new Selector.Intersection(word, parts);
    }

    private Optional<Selector.Part> part(String part, String word) {
        if (part.isEmpty()) {
            report(Names.quoted(word) + " has an empty part", "a comma stands between two parts, without spaces");
            return Optional.empty();
        }
        Matcher matcher = PART.matcher(part);
        if (!matcher.matches()) {
            throw new IllegalStateException("selector " + Names.quoted(part) + " does not match " + PART);
        }
        if (matcher.group("complete") != null
                && (matcher.group("plusUp") != null || matcher.group("plusDown") != null)) {
            report(
                    Names.quoted(part) + " has '@' and '+'",
                    "'@' already goes as far as it can both ways; use one of them");
            return Optional.empty();
        }
        return criterion(matcher, part).map(criterion -> new Selector.Part(criterion, reach(matcher)));
    }

    private static Reach reach(Matcher part) {
        return new Reach(
                part.group("plusUp") == null ? 0 : steps(part.group("up")),
                part.group("plusDown") == null ? 0 : steps(part.group("down")),
                part.group("complete") != null);
    }

    /** No number means all the way, and so does one that no plan is long enough for. */
    private static int steps(String number) {
        return number.isEmpty() || number.length() > 9 ? Reach.ALL : Integer.parseInt(number);
    }

    private Optional<Criterion> criterion(Matcher part, String text) {
        String method = part.group("method");
        String value = part.group("value");
        if (value.isEmpty()) {
            report(Names.quoted(text) + " names nothing", method == null ? "name a node: +orders" : "name a " + method);
            return Optional.empty();
        }
        if (method == null) {
            // As in dbt: names have no slash.
            return Optional.of(value.indexOf('/') < 0 ? new Criterion.Name(value) : new Criterion.FromFile(value));
        }
        return switch (method) {
            case "tag" -> Optional.of(new Criterion.Tag(value));
            case "path" -> Optional.of(new Criterion.FromFile(value));
            case "pipeline" -> Optional.of(new Criterion.InPipeline(value));
            case "state" -> known(StateKind.of(value).map(Criterion.InState::new), method, value, StateKind.ids());
            case "result" -> known(Outcome.of(value).map(Criterion.WithOutcome::new), method, value, Outcome.ids());
            default -> unknown(method);
        };
    }

    private Optional<Criterion> known(
            Optional<? extends Criterion> criterion, String method, String value, List<String> allowed) {
        if (criterion.isEmpty()) {
            String help = Names.didYouMean(value, allowed).orElse("there are " + String.join(", ", allowed));
            report("unknown " + method + " " + Names.quoted(value), help);
        }
        return criterion.map(c -> c);
    }

    private Optional<Criterion> unknown(String method) {
        report(
                "unknown method '" + method + ":'",
                Names.didYouMean(method, METHODS).orElse(METHODS_HELP));
        return Optional.empty();
    }

    private void report(String message, String help) {
        problems.add(argument.problem(message, help));
    }
}
