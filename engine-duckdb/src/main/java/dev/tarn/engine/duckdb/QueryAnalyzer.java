package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.QueryAnalysis;
import dev.tarn.core.engine.QueryAnalysis.FileReference;
import dev.tarn.core.engine.QueryAnalysis.TableReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks DuckDB's own parser what a text is and which tables it names. */
final class QueryAnalyzer {

    private final SqlParser parser;

    QueryAnalyzer(SqlParser parser) {
        this.parser = parser;
    }

    QueryAnalysis analyze(String sql) {
        Map<String, Object> parsed = parser.parse(sql);
        Utf8Positions positions = new Utf8Positions(sql);
        if (Boolean.TRUE.equals(parsed.get("error"))) {
            return error(parsed, sql, positions);
        }
        List<?> statements = (List<?>) Objects.requireNonNull(parsed.get("statements"));
        if (statements.size() != 1) {
            return new QueryAnalysis.NotAQuery(
                    statements.isEmpty() ? "the SQL is empty" : "there are " + statements.size() + " statements");
        }
        Optional<Map<?, ?>> parameter = parameter(statements.get(0));
        if (parameter.isPresent()) {
            return new QueryAnalysis.SyntaxError(
                    index(parameter.get(), positions),
                    1,
                    "SQL: a parameter such as ? or $1 has no value here; use ${vars.name}");
        }
        List<TableReference> tables = new ArrayList<>();
        collect(statements.get(0), Set.of(), positions, tables);
        List<FileReference> files = new ArrayList<>();
        collectFiles(statements.get(0), positions, files);
        return new QueryAnalysis.Query(tables, files);
    }

    /** The names, in lower case, of the tables that a valid query reads. */
    Set<String> tablesOf(String sql) {
        return analyze(sql) instanceof QueryAnalysis.Query query
                ? query.tables().stream()
                        .map(table -> table.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet())
                : Set.of();
    }

    /** Whether a text is one expression, and not a list of them or part of a query. */
    boolean isExpression(String text) {
        Map<String, Object> parsed = parser.parse(asColumn(text));
        return parsed.get("statements") instanceof List<?> statements
                && statements.size() == 1
                && statements.get(0) instanceof Map<?, ?> statement
                && statement.get("node") instanceof Map<?, ?> node
                && node.get("select_list") instanceof List<?> columns
                && columns.size() == 1
                && columns.get(0) instanceof Map<?, ?> column
                && !"STAR".equals(column.get("class"))
                && node.get("from_table") instanceof Map<?, ?> from
                && "EMPTY".equals(from.get("type"));
    }

    /** The text that is parsed to learn what a condition or another expression is. */
    static String asColumn(String expression) {
        return "SELECT " + expression;
    }

    /** How many characters of a single query are to be sent on: without semicolons and what follows them. */
    int bodyLength(String sql) {
        String body = sql;
        while (body.indexOf(';') >= 0
                && Boolean.TRUE.equals(parser.parse(wrap(body)).get("error"))) {
            body = body.substring(0, body.lastIndexOf(';'));
        }
        return body.length();
    }

    private static String wrap(String body) {
        return "SELECT * FROM (\n" + body + "\n)";
    }

    private static QueryAnalysis error(Map<String, Object> parsed, String sql, Utf8Positions positions) {
        String message = String.valueOf(parsed.get("error_message"));
        if (!"parser".equals(parsed.get("error_type"))) {
            return new QueryAnalysis.NotAQuery(
                    message.startsWith("Only SELECT") ? "a step must be a single SELECT query" : message);
        }
        Object position = parsed.get("position");
        int index = position == null ? 0 : positions.index(Long.parseLong(position.toString()));
        return new QueryAnalysis.SyntaxError(index, tokenLength(sql, index), "SQL: " + message.replace('"', '\''));
    }

    /** The first parameter of a prepared statement in a parse tree. */
    private static Optional<Map<?, ?>> parameter(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> map && "PARAMETER".equals(map.get("class"))) {
            return Optional.of(map);
        }
        Collection<?> children =
                tree instanceof Map<?, ?> map ? map.values() : tree instanceof List<?> list ? list : List.of();
        // A loop, not a stream: each part of each query is looked at.
        for (Object child : children) {
            Optional<Map<?, ?>> found = parameter(child);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static int tokenLength(String sql, int index) {
        int end = index;
        while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
            end++;
        }
        return Math.max(1, end - index);
    }

    /** Walks the parse tree; {@code defined} are the names that WITH gives a meaning here. */
    private static void collect(
            @Nullable Object tree, Set<String> defined, Utf8Positions positions, List<TableReference> found) {
        if (tree instanceof List<?> list) {
            list.forEach(child -> collect(child, defined, positions, found));
        } else if (tree instanceof Map<?, ?> map) {
            Set<String> inside = withClauses(map, defined, positions, found);
            if ("BASE_TABLE".equals(map.get("type"))) {
                addTable(map, inside, positions, found);
            }
            map.forEach((key, child) -> {
                if (!"cte_map".equals(key)) {
                    collect(child, inside, positions, found);
                }
            });
        }
    }

    private static void collectFiles(@Nullable Object tree, Utf8Positions positions, List<FileReference> found) {
        if (tree instanceof List<?> list) {
            list.forEach(child -> collectFiles(child, positions, found));
        } else if (tree instanceof Map<?, ?> map) {
            if ("TABLE_FUNCTION".equals(map.get("type")) && map.get("function") instanceof Map<?, ?> function) {
                addFiles(function, positions, found);
            }
            map.values().forEach(child -> collectFiles(child, positions, found));
        }
    }

    /** The texts among a function's arguments without a name, also those in a list. */
    private static void addFiles(Map<?, ?> function, Utf8Positions positions, List<FileReference> found) {
        if (!(function.get("arguments") instanceof List<?> arguments)) {
            return;
        }
        for (Object argument : arguments) {
            if (argument instanceof Map<?, ?> map
                    && map.get("name") == null
                    && map.get("expression") instanceof Map<?, ?> expression) {
                if ("list_value".equals(expression.get("function_name"))) {
                    addFiles(expression, positions, found);
                } else if (expression.get("literal") instanceof Map<?, ?> literal
                        && "STRING".equals(literal.get("kind"))) {
                    found.add(new FileReference(
                            String.valueOf(literal.get("text")), index(expression, positions), length(expression)));
                }
            }
        }
    }

    private static int index(Map<?, ?> part, Utf8Positions positions) {
        return part.get("query_location") instanceof Integer at ? positions.index(at) : 0;
    }

    private static int length(Map<?, ?> part) {
        return part.get("query_location_length") instanceof Integer n ? Math.max(1, n) : 1;
    }

    /** A WITH query sees those before it, and itself only if it is recursive; the main query sees all. */
    private static Set<String> withClauses(
            Map<?, ?> node, Set<String> defined, Utf8Positions positions, List<TableReference> found) {
        if (!(node.get("cte_map") instanceof Map<?, ?> ctes) || !(ctes.get("map") instanceof List<?> entries)) {
            return defined;
        }
        Set<String> seen = new HashSet<>(defined);
        for (Object entry : entries) {
            Map<?, ?> cte = (Map<?, ?>) entry;
            String name = String.valueOf(cte.get("key")).toLowerCase(Locale.ROOT);
            boolean recursive = isRecursive(cte.get("value"));
            if (recursive) {
                seen.add(name);
            }
            collect(cte.get("value"), Set.copyOf(seen), positions, found);
            seen.add(name);
        }
        return seen;
    }

    private static boolean isRecursive(@Nullable Object cte) {
        return cte instanceof Map<?, ?> value
                && value.get("query_node") instanceof Map<?, ?> query
                && "RECURSIVE_CTE_NODE".equals(query.get("type"));
    }

    private static void addTable(
            Map<?, ?> table, Set<String> defined, Utf8Positions positions, List<TableReference> found) {
        List<String> path = ((List<?>) Objects.requireNonNull(
                        ((Map<?, ?>) Objects.requireNonNull(table.get("qualified_name"))).get("path")))
                .stream().map(String::valueOf).toList();
        if (path.size() == 1 && defined.contains(path.get(0).toLowerCase(Locale.ROOT))) {
            return;
        }
        found.add(new TableReference(path, index(table, positions), length(table)));
    }
}
