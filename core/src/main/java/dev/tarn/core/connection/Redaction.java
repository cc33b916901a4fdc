package dev.tarn.core.connection;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows the secrets that this process has seen and takes them out of texts that people and files get. Thread-safe.
 *
 * <p>A secret is found as it is and as JSON, HTML, SQL and URLs write it. One of fewer than six characters is not looked
 * for, nor is a number of fewer than ten digits: they would be found everywhere.
 */
public final class Redaction {

    public static final String HIDDEN = "***";

    private static final int SHORTEST = 6;
    private static final int SHORTEST_NUMBER = 10;

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    /** The longest first, so that of a secret that holds another nothing is left. */
    private volatile List<String> patterns = List.of();

    /** From now on this value is not shown. */
    public void add(String secret) {
        // A key of several lines is mostly shown line by line.
        boolean isNew = addAllForms(secret.strip());
        for (String line : secret.lines().filter(l -> l.length() >= 16).toList()) {
            isNew |= addAllForms(line.strip());
        }
        if (isNew) {
            synchronized (known) {
                patterns = known.stream()
                        .sorted(Comparator.comparingInt(String::length)
                                .reversed()
                                .thenComparing(Comparator.naturalOrder()))
                        .toList();
            }
        }
    }

    private boolean addAllForms(String secret) {
        boolean isNumber = secret.chars().allMatch(Character::isDigit);
        if (secret.length() < (isNumber ? SHORTEST_NUMBER : SHORTEST)) {
            return false;
        }
        boolean isNew = known.add(secret);
        known.add(secret.replace("'", "''"));
        known.add(secret.replace("\"", "\"\""));
        known.add(secret.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t"));
        known.add(html(secret));
        known.add(html(secret).replace("&#34;", "&quot;").replace("&#39;", "&apos;"));
        known.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        return isNew;
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
    }

    /** What must not be shown, the longest first; grows. */
    public List<String> patterns() {
        return patterns;
    }

    /** The text without secrets. */
    public String apply(String text) {
        String clean = text;
        for (String pattern : patterns) {
            clean = clean.replace(pattern, HIDDEN);
        }
        return clean;
    }

    public Optional<String> apply(Optional<String> text) {
        return text.map(this::apply);
    }
}
