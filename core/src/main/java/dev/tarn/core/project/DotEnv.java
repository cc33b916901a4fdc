package dev.tarn.core.project;

import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceFileLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the file {@code .env} beside the project file. Its values may be secrets, so problems are shown in a copy of the
 * file that has names only.
 */
final class DotEnv {

    private static final String NAME = ".env";
    private static final String HIDDEN = "***";
    private static final Pattern ASSIGNMENT = Pattern.compile(
            "(?s)(?<start>\\s*(export\\s+)?(?<key>[A-Za-z_][A-Za-z0-9_]*)\\s*=)(?<space>\\s*)(?<value>.*)");
    private static final Pattern SINGLE_QUOTED = Pattern.compile("(?s)'(?<text>[^']*)'(?<rest>.*)");
    private static final Pattern DOUBLE_QUOTED = Pattern.compile("(?s)\"(?<text>([^\"\\\\]|\\\\.)*+)\"(?<rest>.*)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\([nrt\"\\\\$])");
    private static final Map<String, String> ESCAPES = Map.of("n", "\n", "r", "\r", "t", "\t");

    private final Problems problems;

    DotEnv(Problems problems) {
        this.problems = problems;
    }

    /** The file's variables; none when there is no such file. A folder of that name is something else. */
    Map<String, String> read(Path projectFile) {
        Path file = projectFile.resolveSibling(NAME).normalize();
        return Files.isRegularFile(file) ? variables(file) : Map.of();
    }

    private Map<String, String> variables(Path file) {
        Map<String, String> variables = new LinkedHashMap<>();
        load(file).ifPresent(source -> {
            List<String> lines = source.text().lines().toList();
            SourceFile shown = new SourceFile(
                    source.name(), lines.stream().map(DotEnv::withoutValue).collect(Collectors.joining("\n")));
            int offset = 0;
            for (int i = 0; i < lines.size(); i++) {
                read(lines.get(i), shown, offset, variables);
                offset += shown.line(i + 1).length() + 1;
            }
        });
        return variables;
    }

    /** What the loader has to say it says with the file's text, which must not be seen. */
    private Optional<SourceFile> load(Path file) {
        Problems found = new Problems();
        SourceFile unread = new SourceFile(file.toString(), "");
        Optional<SourceFile> source = new SourceFileLoader(found).load(file, file.toString(), unread.start());
        found.all().forEach(p -> problems.error(p.code(), unread.start(), p.message(), p.help()));
        return source;
    }

    private static String withoutValue(String line) {
        Matcher matcher = ASSIGNMENT.matcher(line);
        if (matcher.matches()) {
            String hidden = matcher.group("value").isEmpty() ? "" : HIDDEN;
            return matcher.group("start") + matcher.group("space") + hidden;
        }
        return isIgnored(line) ? "" : HIDDEN;
    }

    private static boolean isIgnored(String line) {
        return line.isBlank() || line.stripLeading().startsWith("#");
    }

    /** @param offset where the line starts in {@code shown} */
    private void read(String line, SourceFile shown, int offset, Map<String, String> variables) {
        Matcher matcher = ASSIGNMENT.matcher(line);
        if (matcher.matches()) {
            int value = offset + matcher.start("value");
            value(matcher, shown, value).ifPresent(v -> variables.put(matcher.group("key"), v));
        } else if (!isIgnored(line)) {
            malformed(
                    shown,
                    offset,
                    "expected KEY=VALUE",
                    "a key has letters, digits and underscores; a comment starts with #");
        }
    }

    private Optional<String> value(Matcher assignment, SourceFile shown, int offset) {
        String text = assignment.group("value");
        if (text.startsWith("'")) {
            return quoted(SINGLE_QUOTED.matcher(text), shown, offset);
        }
        if (text.startsWith("\"")) {
            return quoted(DOUBLE_QUOTED.matcher(text), shown, offset).map(DotEnv::unescaped);
        }
        boolean comment = text.startsWith("#") && !assignment.group("space").isEmpty();
        return Optional.of(comment ? "" : text.replaceFirst("(?s)\\s#.*", "").strip());
    }

    private Optional<String> quoted(Matcher matcher, SourceFile shown, int offset) {
        if (!matcher.matches()) {
            malformed(shown, offset, "the quote is not closed", "a value ends on the line where it starts");
            return Optional.empty();
        }
        if (!isIgnored(matcher.group("rest"))) {
            malformed(shown, offset, "text after the closing quote", "put the whole value in one pair of quotes");
            return Optional.empty();
        }
        return Optional.of(matcher.group("text"));
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(m -> Matcher.quoteReplacement(ESCAPES.getOrDefault(m.group(1), m.group(1))));
    }

    private void malformed(SourceFile shown, int offset, String message, String help) {
        problems.error(ProblemCode.ENV_FILE_SYNTAX, shown.spanAt(offset, HIDDEN.length()), message, help);
    }
}
