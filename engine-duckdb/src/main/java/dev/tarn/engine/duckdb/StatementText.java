package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.SqlText;
import dev.tarn.core.source.MappedText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a statement of {@code pre_sql} or {@code post_sql} is, as far as its first words tell. DuckDB's parser tells it of
 * queries only.
 */
final class StatementText {

    /** Why a statement is not allowed, and which of its characters say so. */
    record Refusal(int index, int length, String message, String help) {}

    private static final Set<String> OF_TABLES =
            Set.of("SELECT", "FROM", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "DROP", "ALTER");
    private static final Set<String> TEMPORARY = Set.of("TABLE", "VIEW", "MACRO", "FUNCTION", "SEQUENCE", "TYPE");

    /**
     * Options that hold for one connection and change what queries give or how they are computed, but not how Tarn reads
     * tables: with another time zone, times in the names of a table's folders would be other times.
     */
    private static final Set<String> OPTIONS = Set.of(
            "default_null_order",
            "null_order",
            "default_order",
            "dynamic_or_filter_threshold",
            "enable_optimizer",
            "error_on_division_by_zero",
            "ieee_floating_point_ops",
            "integer_division",
            "late_materialization_max_rows",
            "max_execution_time",
            "max_expression_depth",
            "merge_join_threshold",
            "nested_loop_join_threshold",
            "operator_memory_limit",
            "order_by_non_integer_literal",
            "ordered_aggregate_threshold",
            "perfect_ht_threshold",
            "pivot_filter_threshold",
            "pivot_limit",
            "prefer_range_joins",
            "scalar_subquery_error_on_multiple_rows");

    private static final String ALLOWED = "allowed are CREATE TEMP TABLE (or VIEW, MACRO, SEQUENCE, TYPE), what changes"
            + " those, SET VARIABLE, SET of some options, and SELECT";

    private final MappedText text;
    private final List<SqlWord> words;

    private StatementText(MappedText text, List<SqlWord> words) {
        this.text = text;
        this.words = words;
    }

    static StatementText of(MappedText text) {
        return new StatementText(text, SqlWord.of(text.text()));
    }

    /** What is sent to DuckDB: SET without a scope would be for all connections where an option allows that. */
    SqlText sql() {
        boolean option = (is(0, "SET") || is(0, "RESET")) && option() == 1;
        return option
                ? new SqlText.Builder()
                        .add(words.get(0).text() + " SESSION ")
                        .add(
                                text.slice(words.get(1).index(), text.text().length()),
                                text.text().length() - words.get(1).index())
                        .build()
                : new SqlText.Builder().add(text, text.text().length()).build();
    }

    Optional<Refusal> refusal() {
        if (words.isEmpty()) {
            return Optional.of(new Refusal(0, 1, "the SQL is empty", "write one statement"));
        }
        Optional<SqlWord> second = second();
        if (second.isPresent()) {
            return Optional.of(new Refusal(
                    second.get().index(),
                    second.get().text().length(),
                    "another statement begins here",
                    "make each an item of the list: [CREATE …, INSERT …]"));
        }
        if (is(0, "SET") || is(0, "RESET")) {
            return ofOption();
        }
        if (is(0, "CREATE")) {
            return ofCreation();
        }
        boolean query = words.get(0).text().equals("(");
        return query || OF_TABLES.contains(word(0))
                ? Optional.empty()
                : Optional.of(refusal(0, "'" + word(0) + "' is not allowed here", ofEffect()));
    }

    private String ofEffect() {
        return Set.of("COPY", "EXPORT").contains(word(0))
                ? "rows leave a node by 'write'; another file is another node's, which reads this one"
                : ALLOWED;
    }

    private Refusal refusal(int word, String message, String help) {
        return new Refusal(words.get(word).index(), words.get(word).text().length(), message, help);
    }

    /** The first word of another statement. */
    private Optional<SqlWord> second() {
        boolean ended = false;
        for (SqlWord word : words) {
            boolean semicolon = word.text().equals(";");
            if (ended && !semicolon) {
                return Optional.of(word);
            }
            ended = ended || semicolon;
        }
        return Optional.empty();
    }

    /** The index of the word that is an option's name. */
    private int option() {
        return is(1, "SESSION") || is(1, "LOCAL") || is(1, "GLOBAL") || is(1, "VARIABLE") ? 2 : 1;
    }

    private Optional<Refusal> ofOption() {
        if (is(1, "VARIABLE") || words.size() < 2) {
            return Optional.empty();
        }
        if (is(1, "GLOBAL")) {
            return Optional.of(refusal(1, "a global option would hold for nodes that run at the same time", ALLOWED));
        }
        int at = option();
        String name = at < words.size() ? words.get(at).name().toLowerCase(Locale.ROOT) : "";
        if (OPTIONS.contains(name) || name.isEmpty()) {
            return Optional.empty();
        }
        String help = name.equals("timezone")
                ? "write it where it matters: ts AT TIME ZONE 'Europe/Berlin'"
                : "options for one node are "
                        + String.join(", ", OPTIONS.stream().sorted().toList());
        return Optional.of(refusal(at, "option '" + words.get(at).name() + "' is not a node's own", help));
    }

    private Optional<Refusal> ofCreation() {
        int at = afterReplace();
        if (is(at, "INDEX") || (is(at, "UNIQUE") && is(at + 1, "INDEX"))) {
            return Optional.empty();
        }
        boolean temporary = isTemporary(at);
        int kind = kind(temporary ? at + 1 : at);
        if (temporary && TEMPORARY.contains(word(kind))) {
            return Optional.empty();
        }
        return TEMPORARY.contains(word(kind))
                ? Optional.of(refusal(
                        0,
                        "a " + word(kind).toLowerCase(Locale.ROOT) + " that is not temporary would be seen by other"
                                + " nodes",
                        "write CREATE TEMP " + word(kind)))
                : Optional.of(refusal(0, "'CREATE " + word(kind) + "' is not allowed here", ALLOWED));
    }

    private int afterReplace() {
        return is(1, "OR") && is(2, "REPLACE") ? 3 : 1;
    }

    private boolean isTemporary(int at) {
        return is(at, "TEMP") || is(at, "TEMPORARY");
    }

    private int kind(int at) {
        return is(at, "RECURSIVE") ? at + 1 : at;
    }

    /** The name of the temporary table or view that this makes. */
    Optional<String> tableMade() {
        int at = afterReplace();
        if (!is(0, "CREATE") || !isTemporary(at)) {
            return Optional.empty();
        }
        int name = kind(at + 1);
        if (!is(name, "TABLE") && !is(name, "VIEW")) {
            return Optional.empty();
        }
        name += is(name + 1, "IF") ? 4 : 1;
        while (is(name + 1, ".")) {
            name += 2;
        }
        return name < words.size() ? Optional.of(words.get(name).name()) : Optional.empty();
    }

    private boolean is(int index, String keyword) {
        return word(index).equals(keyword);
    }

    private String word(int index) {
        return index < words.size() ? words.get(index).text().toUpperCase(Locale.ROOT) : "";
    }
}
