package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Turns the text of a YAML file into a tree.
 *
 * <p>Built from the parser's events rather than from its composed nodes: depth can be bounded while reading, all
 * duplicate keys can be reported at once, and the engine's composer recurses without a bound.
 */
final class YamlParser {

    static final int MAX_DEPTH = 100;

    private final SourceFile file;
    private final Problems problems;
    private final ExpansionBudget budget;
    private final YamlMarks marks;
    private final Map<Anchor, Yaml> anchors = new HashMap<>();
    private final Set<Anchor> open = new HashSet<>();
    private final Iterator<Event> events;

    YamlParser(SourceFile file, ExpansionBudget budget, Problems problems) {
        this.file = file;
        this.problems = problems;
        this.budget = budget;
        this.marks = new YamlMarks(file);
        // The engine's reader fails when a surrogate pair lies across the end of its buffer, so all goes in at once.
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(Integer.MAX_VALUE)
                .setBufferSize(file.text().length() + 1)
                .build();
        this.events = new Parse(settings).parseString(file.text()).iterator();
    }

    /** The tree; empty when the file is not YAML (reported) or has no content (not reported). */
    Optional<Yaml> parse() {
        if (hasForbiddenCharacter()) {
            return Optional.empty();
        }
        try {
            return document();
        } catch (YamlEngineException e) {
            new YamlSyntax(file, marks, problems).report(e);
            return Optional.empty();
        }
    }

    private boolean hasForbiddenCharacter() {
        String text = file.text();
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            boolean usual = c >= ' ' && c <= '~';
            if (!usual && !StreamReader.isPrintable(c)) {
                String message = String.format(java.util.Locale.ROOT, "character U+%04X is not allowed in YAML", c);
                syntaxError(file.spanAt(i, 1), message, "in double quotes it can be written as an escape");
                return true;
            }
        }
        return false;
    }

    private Optional<Yaml> document() {
        next();
        if (!next().getEventId().equals(Event.ID.DocumentStart)) {
            return Optional.empty();
        }
        Yaml root = value(next(), 0);
        next();
        Event end = next();
        if (end.getEventId().equals(Event.ID.DocumentStart)) {
            syntaxError(
                    marks.span(end),
                    "a second document starts here",
                    "a project file is one document: remove '---' or use a second file");
        }
        return Optional.of(root);
    }

    private Event next() {
        return events.next();
    }

    private Yaml value(Event event, int depth) {
        if (event instanceof AliasEvent alias) {
            return alias(alias, depth);
        }
        NodeEvent node = (NodeEvent) event;
        if (depth > MAX_DEPTH) {
            throw new ParserException("", Optional.empty(), YamlSyntax.TOO_DEEP, event.getStartMark());
        }
        node.getAnchor().ifPresent(open::add);
        Yaml value = node instanceof ScalarEvent scalar ? scalar(scalar) : collection(node, depth);
        node.getAnchor().ifPresent(anchor -> {
            open.remove(anchor);
            anchors.put(anchor, value);
        });
        return value;
    }

    private Yaml collection(NodeEvent start, int depth) {
        checkTag(start, ((CollectionStartEvent) start).getTag());
        return start instanceof MappingStartEvent ? mapping(start, depth) : sequence(start, depth);
    }

    private Yaml sequence(NodeEvent start, int depth) {
        List<Yaml> items = new ArrayList<>();
        for (Event event = next(); !event.getEventId().equals(Event.ID.SequenceEnd); event = next()) {
            items.add(value(event, depth + 1));
        }
        return new Yaml.Sequence(marks.span(start), items);
    }

    private Yaml mapping(NodeEvent start, int depth) {
        Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
        List<Yaml.Mapping> merged = new ArrayList<>();
        for (Event event = next(); !event.getEventId().equals(Event.ID.MappingEnd); event = next()) {
            Optional<ScalarEvent> key = key(event, depth);
            Yaml value = value(next(), depth + 1);
            if (key.isPresent() && isMergeKey(key.get())) {
                addMerged(value, merged);
            } else {
                key.ifPresent(k -> add(entries, k, value));
            }
        }
        // Keys that the mapping has itself win over merged ones, and earlier merged ones over later.
        merged.forEach(m -> m.entries().forEach(entries::putIfAbsent));
        return new Yaml.Mapping(marks.span(start), entries);
    }

    private Optional<ScalarEvent> key(Event event, int depth) {
        if (event instanceof ScalarEvent scalar) {
            scalar.getAnchor().ifPresent(a -> anchors.put(a, scalar(scalar)));
            return Optional.of(scalar);
        }
        SourceSpan span = marks.span(event);
        value(event, depth + 1);
        syntaxError(span, "a key must be plain text", "quote a key that starts with [, {, * or ?");
        return Optional.empty();
    }

    private void add(Map<String, Yaml.Entry> entries, ScalarEvent key, Yaml value) {
        String name = key.getValue();
        Yaml.Entry first = entries.putIfAbsent(name, new Yaml.Entry(name, marks.span(key), value));
        if (first != null) {
            syntaxError(
                    marks.span(key),
                    "key " + Names.quoted(name) + " is given twice in one mapping",
                    "the first is in line " + first.keySpan().line());
        }
    }

    private static boolean isMergeKey(ScalarEvent key) {
        return key.isPlain() && key.getValue().equals("<<");
    }

    private void addMerged(Yaml value, List<Yaml.Mapping> merged) {
        List<Yaml> parts = value instanceof Yaml.Sequence sequence ? sequence.items() : List.of(value);
        for (Yaml part : parts) {
            if (part instanceof Yaml.Mapping mapping) {
                merged.add(mapping);
            } else if (!(part instanceof Yaml.Unresolved)) {
                syntaxError(part.span(), "'<<' takes a mapping or a list of mappings, not " + part.kind(), "");
            }
        }
    }

    private Yaml alias(AliasEvent event, int depth) {
        Anchor anchor = event.getAlias();
        SourceSpan span = marks.span(event);
        Yaml target = anchors.get(anchor);
        String name = Names.quoted("*" + anchor.getValue());
        if (open.contains(anchor)) {
            syntaxError(span, "alias " + name + " refers to a value that it is part of", "");
        } else if (target == null) {
            syntaxError(span, "unknown alias " + name, "an anchor '&name' must come before its alias '*name'");
        } else if (budget.take(target, depth)) {
            return target;
        } else {
            throw new ParserException("", Optional.empty(), YamlSyntax.TOO_LARGE, event.getStartMark());
        }
        return new Yaml.Unresolved(span);
    }

    private Yaml.Scalar scalar(ScalarEvent event) {
        checkTag(event, event.getTag());
        int start = marks.offset(event.getStartMark());
        int end = marks.offset(event.getEndMark());
        int[] origins = ScalarOrigins.of(file.text(), start, end, event.getScalarStyle(), event.getValue());
        boolean plain = event.isPlain() && !event.getTag().equals(Optional.of("tag:yaml.org,2002:str"));
        return new Yaml.Scalar(marks.span(event), new MappedText(file, event.getValue(), origins), plain);
    }

    /** Only the tags that restate what a value is anyway are allowed. */
    private void checkTag(NodeEvent event, Optional<String> tag) {
        Set<String> core = Set.of("str", "int", "float", "bool", "null", "map", "seq");
        if (tag.isPresent()
                && !core.contains(tag.get().replaceFirst("^tag:yaml\\.org,2002:", ""))
                && !"!".equals(tag.get())) {
            syntaxError(marks.span(event), "tag " + Names.quoted(tag.get()) + " is not supported", "remove the tag");
        }
    }

    private void syntaxError(SourceSpan span, String message, String help) {
        problems.error(ProblemCode.YAML_SYNTAX, span, message, help.isEmpty() ? Optional.empty() : Optional.of(help));
    }
}
