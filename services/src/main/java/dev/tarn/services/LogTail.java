package dev.tarn.services;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The end of a server's log, and what it says to those who know.
 *
 * @param lines the last ones, oldest first
 */
record LogTail(List<String> lines) {

    private static final int LINES = 12;
    private static final int BYTES = 16_384;

    private static final List<Hint> HINTS = List.of(
            new Hint(
                    "Address already in use|[Aa]ddress in use|port .* in use",
                    "another program took the port: choose another 'port' for '%1$s', or leave it out"),
            new Hint(
                    "loading shared libraries: (?<what>\\S+?):",
                    "a library is missing: install the package that has %2$s, or delete the folder under"
                            + " 'provision' in Tarn's cache and run 'tarn up' again"),
            new Hint(
                    "No space left on device|Disk (is )?full|out of disk space|failed with error 28$|ENOSPC",
                    "the disk is full: make room, then run 'tarn up' again"),
            new Hint(
                    "unrecognized configuration parameter \"(?<what>[^\"]+)\"",
                    "PostgreSQL knows no setting '%2$s': correct or remove it under 'settings' of '%1$s'"),
            new Hint(
                    "invalid value for parameter \"(?<what>[^\"]+)\"|parameter \"(?<what2>[^\"]+)\" (requires|cannot)",
                    "correct the setting '%2$s' under 'settings' of '%1$s'"),
            new Hint(
                    "unknown variable '(?<what>[^'=]+)|unknown option '--(?<what2>[^'=]+)",
                    "the server knows no setting '%2$s': correct or remove it under 'settings' of '%1$s'"),
            new Hint(
                    "ConfigException: Invalid value .* for configuration (?<what>[^:]+)",
                    "correct the setting '%2$s' under 'settings' of '%1$s'"),
            new Hint(
                    "OutOfMemoryError|[Cc]annot allocate memory|could not map anonymous shared memory|Could not reserve",
                    "it needs more memory than it may have: give '%1$s' a larger 'memory'"),
            new Hint(
                    "[Pp]ermission denied|Operation not permitted",
                    "check that you own the folder .tarn/services and may start programs there"));

    LogTail {
        lines = List.copyOf(lines);
    }

    static LogTail of(Path log) {
        return read(log, LINES);
    }

    private static LogTail read(Path log, int most) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long start = Math.max(0, file.length() - BYTES);
            byte[] bytes = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return new LogTail(lines.subList(Math.max(0, lines.size() - most), lines.size()));
        } catch (IOException none) {
            return new LogTail(List.of());
        }
    }

    String text() {
        return lines.stream().map(line -> "  " + line).collect(Collectors.joining("\n"));
    }

    /** What to do about it, if one of the lines is known. */
    Optional<String> hint(ServiceSpec spec) {
        return known(spec).map(Known::help);
    }

    private Optional<Known> known(ServiceSpec spec) {
        for (Hint hint : HINTS) {
            for (String line : lines) {
                Matcher matcher = hint.pattern().matcher(line);
                if (matcher.find()) {
                    return Optional.of(new Known(line, String.format(hint.text(), spec.name(), what(matcher))));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * How a program of the set-up failed: the line that is known, which may stand far above the last ones, or these.
     *
     * @param log of this one attempt
     */
    static ServiceException failure(String what, Path log, ServiceSpec spec) {
        return read(log, Integer.MAX_VALUE)
                .known(spec)
                .map(known ->
                        new ServiceException(what + " failed: " + known.line().strip(), known.help()))
                .orElseGet(() -> new ServiceException(what + " failed:\n" + of(log).text(), "see " + log));
    }

    boolean saysPortTaken() {
        return lines.stream()
                .anyMatch(line -> HINTS.get(0).pattern().matcher(line).find());
    }

    private static String what(Matcher matcher) {
        for (String group : List.of("what", "what2")) {
            if (matcher.pattern().pattern().contains("?<" + group + ">") && matcher.group(group) != null) {
                return matcher.group(group);
            }
        }
        return "";
    }

    private record Known(String line, String help) {}

    private record Hint(Pattern pattern, String text) {
        Hint(String pattern, String text) {
            this(Pattern.compile(pattern), text);
        }
    }
}
