package dev.tarn.lake;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Knows the properties that a table may be given, which are those that its writers here obey. */
final class TableProperties {
    static final String APPEND_ONLY = "delta.appendOnly";
    static final String CHANGE_DATA_FEED = "delta.enableChangeDataFeed";
    static final String CHECKPOINT_INTERVAL = "delta.checkpointInterval";
    static final String DELETED_FILE_RETENTION = "delta.deletedFileRetentionDuration";
    static final String STATISTICS_COLUMNS = "delta.dataSkippingNumIndexedCols";
    static final String TRANSACTION_RETENTION = "delta.setTransactionRetentionDuration";

    /** Begins the name of each check constraint ("CHECK Constraints"). */
    static final String CONSTRAINT = "delta.constraints.";

    static final String CHECKPOINT_POLICY = "delta.checkpointPolicy";
    static final String IN_COMMIT_TIMESTAMPS = "delta.enableInCommitTimestamps";
    static final String TYPE_WIDENING = "delta.enableTypeWidening";
    static final String DELETION_VECTORS = "delta.enableDeletionVectors";
    static final String ROW_TRACKING = "delta.enableRowTracking";

    /** The feature that a property switches on where it is true. */
    static final Map<String, String> FEATURES = Map.of(
            CHANGE_DATA_FEED,
            Protocol.CHANGE_DATA_FEED,
            APPEND_ONLY,
            "appendOnly",
            DELETION_VECTORS,
            Protocol.DELETION_VECTORS,
            TYPE_WIDENING,
            "typeWidening",
            IN_COMMIT_TIMESTAMPS,
            "inCommitTimestamp",
            ROW_TRACKING,
            "rowTracking");

    private static final Pattern BOOLEAN = Pattern.compile("(?i)true|false");
    private static final Pattern POSITIVE = Pattern.compile("[1-9]\\d{0,8}");
    private static final Pattern INTERVAL = Pattern.compile(
            "(?i)(?:interval\\s+)?((?:\\d{1,9}\\s+(?:week|day|hour|minute|second|millisecond)s?\\s*)+)");
    private static final Pattern INTERVAL_PART =
            Pattern.compile("(?i)(\\d{1,9})\\s+(week|day|hour|minute|second|millisecond)s?");

    static final String TARGET_FILE_SIZE = "delta.targetFileSize";
    private static final Pattern SIZE = Pattern.compile("(?i)([1-9]\\d{0,14})\\s*(b|kb?|mb?|gb?|tb?)?");

    /** What a property takes, in the words of the error. */
    private record Rule(Pattern pattern, String takes) {}

    private static final Rule TRUE_OR_FALSE = new Rule(BOOLEAN, "'true' or 'false'");
    private static final Rule AN_INTERVAL = new Rule(INTERVAL, "a time such as 'interval 7 days'");

    private static final Map<String, Rule> RULES = rules(
            APPEND_ONLY,
            TRUE_OR_FALSE,
            CHANGE_DATA_FEED,
            TRUE_OR_FALSE,
            CHECKPOINT_INTERVAL,
            new Rule(POSITIVE, "a number of commits from 1"),
            DELETED_FILE_RETENTION,
            AN_INTERVAL,
            TRANSACTION_RETENTION,
            AN_INTERVAL,
            LogCleanup.RETENTION,
            AN_INTERVAL,
            LogCleanup.ENABLED,
            TRUE_OR_FALSE,
            DELETION_VECTORS,
            TRUE_OR_FALSE,
            ColumnMapping.PROPERTY,
            new Rule(Pattern.compile("(?i)none|name|id"), "'none', 'name' or 'id'"),
            IN_COMMIT_TIMESTAMPS,
            TRUE_OR_FALSE,
            TYPE_WIDENING,
            TRUE_OR_FALSE,
            CHECKPOINT_POLICY,
            new Rule(Pattern.compile("classic|v2"), "'classic' or 'v2'"),
            StatisticsColumns.NAMED,
            new Rule(Pattern.compile(".*\\S.*"), "names of columns, with commas between them"),
            TARGET_FILE_SIZE,
            new Rule(SIZE, "a size such as '128mb'"),
            STATISTICS_COLUMNS,
            new Rule(Pattern.compile("-1|\\d{1,9}"), "a number of columns, or -1 for all"),
            IsolationLevel.PROPERTY,
            new Rule(Pattern.compile("Serializable|WriteSerializable"), "'Serializable' or 'WriteSerializable'"));

    private TableProperties() {}

    private static Map<String, Rule> rules(Object... namesAndRules) {
        Map<String, Rule> rules = new TreeMap<>();
        for (int i = 0; i < namesAndRules.length; i += 2) {
            rules.put((String) namesAndRules[i], (Rule) namesAndRules[i + 1]);
        }
        return rules;
    }

    /** Refuses what would not be obeyed; names that do not begin with {@code delta.} are the user's own. */
    static void check(String name, String value) {
        if (!name.toLowerCase(Locale.ROOT).startsWith("delta.")) {
            return;
        }
        Rule rule = RULES.get(name);
        if (rule == null) {
            throw NewSchema.invalid(
                    "The table property '" + name + "' is not supported.",
                    "Supported are '" + String.join("', '", RULES.keySet())
                            + "', and names of your own that do not begin with 'delta.'.");
        }
        if (!rule.pattern.matcher(value).matches()) {
            throw NewSchema.invalid(
                    "The table property '" + name + "' cannot be '" + value + "'.", "It takes " + rule.takes + ".");
        }
    }

    static boolean isTrue(Map<String, String> properties, String name) {
        return "true".equalsIgnoreCase(properties.get(name));
    }

    static boolean hasV2Checkpoints(Map<String, String> properties) {
        return "v2".equals(properties.get(CHECKPOINT_POLICY));
    }

    /** A positive number, or the default if there is none that can be read. */
    static int positive(Map<String, String> properties, String name, int otherwise) {
        String value = properties.getOrDefault(name, "").strip();
        return POSITIVE.matcher(value).matches() ? Integer.parseInt(value) : otherwise;
    }

    /** A number of bytes as Spark writes it, as in {@code 128mb}; empty if there is none that can be read. */
    static OptionalLong size(Map<String, String> properties, String name) {
        Matcher size = SIZE.matcher(properties.getOrDefault(name, "").strip());
        if (!size.matches()) {
            return OptionalLong.empty();
        }
        String unit = size.group(2) == null ? "b" : size.group(2).toLowerCase(Locale.ROOT);
        int shift = 10 * "bkmgt".indexOf(unit.charAt(0));
        long number = Long.parseLong(size.group(1));
        return number > Long.MAX_VALUE >> shift ? OptionalLong.empty() : OptionalLong.of(number << shift);
    }

    /** A time span as Spark writes it; empty if there is none that can be read. */
    static Optional<Duration> duration(Map<String, String> properties, String name) {
        String value = properties.getOrDefault(name, "").strip();
        if (!INTERVAL.matcher(value).matches()) {
            return Optional.empty();
        }
        Duration sum = Duration.ZERO;
        Matcher part = INTERVAL_PART.matcher(value);
        while (part.find()) {
            sum = sum.plus(unit(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
        }
        return Optional.of(sum);
    }

    private static Duration unit(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "week" -> Duration.ofDays(7);
            case "day" -> Duration.ofDays(1);
            case "hour" -> Duration.ofHours(1);
            case "minute" -> Duration.ofMinutes(1);
            case "second" -> Duration.ofSeconds(1);
            default -> Duration.ofMillis(1);
        };
    }
}
