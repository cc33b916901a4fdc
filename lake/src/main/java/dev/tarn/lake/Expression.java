package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A condition or a value in DuckDB's SQL, as a user gave it: one expression, which is never more than that. */
final class Expression {
    private static final Pattern CALL = Pattern.compile("(\\w+)\"?\\(");

    private final String text;
    private final Map<String, Object> statement;
    private final Map<String, Object> tree;

    private Expression(String text, Map<String, Object> statement, Map<String, Object> tree) {
        this.text = text;
        this.statement = statement;
        this.tree = tree;
    }

    /** @param role what the text is for, as in "condition of the delete" */
    static Expression parse(Connection duckdb, String role, String text) throws SQLException {
        Map<String, Object> parsed = serialize(duckdb, text);
        if (Boolean.TRUE.equals(parsed.get("error"))) {
            if ("parser".equals(parsed.get("error_type"))) {
                prepare(duckdb, "SELECT\n" + text);
            }
            throw notAnExpression(role, text);
        }
        List<Map<String, Object>> statements = Json.objects(parsed.get("statements"));
        Map<String, Object> node = statements.isEmpty()
                ? Map.of()
                : Json.child(statements.get(0), "node").orElse(Map.of());
        List<Map<String, Object>> list = Json.objects(node.get("select_list"));
        if (statements.size() != 1 || list.size() != 1 || !isBare(node, list.get(0))) {
            throw notAnExpression(role, text);
        }
        return new Expression(text, parsed, list.get(0));
    }

    private static Map<String, Object> serialize(Connection duckdb, String text) throws SQLException {
        String sql = "SELECT CAST(json_serialize_sql(" + SqlText.literal("SELECT " + text) + ") AS VARCHAR)";
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return Json.object(row.getString(1));
        } catch (IOException impossible) {
            throw new IllegalStateException("DuckDB's JSON of " + text, impossible);
        }
    }

    private static boolean isBare(Map<String, Object> node, Map<String, Object> expression) {
        return "SELECT_NODE".equals(node.get("type"))
                && Json.child(node, "from_table")
                        .map(from -> "EMPTY".equals(from.get("type")))
                        .orElse(false)
                && node.get("where_clause") == null
                && node.get("having") == null
                && node.get("qualify") == null
                && node.get("sample") == null
                && Json.objects(node.get("modifiers")).isEmpty()
                && Json.objects(node.get("group_expressions")).isEmpty()
                && "".equals(expression.get("alias"))
                && !"STAR".equals(expression.get("class"));
    }

    private static LakeException notAnExpression(String role, String text) {
        return NewSchema.invalid(
                "The " + role + " is not one SQL expression: " + text.strip(),
                "Give an expression such as amount > 10, without SELECT, WHERE or a semicolon.");
    }

    static void prepare(Connection duckdb, String sql) throws SQLException {
        try {
            duckdb.prepareStatement(sql).close();
        } catch (SQLException refused) {
            throw new StatementException(sql, refused);
        }
    }

    private static String inParentheses(String text) {
        // A comment at the end of the text must not take the parenthesis with it; errors then show the user's own
        // lines.
        return "(\n" + text + "\n)";
    }

    String text() {
        return text;
    }

    /** The text in parentheses. */
    String sql() {
        return inParentheses(text);
    }

    /** The type of the value over rows of a relation; fails with DuckDB's error if a name or type is wrong. */
    DeltaType type(Connection duckdb, String column, String from) throws SQLException {
        return DuckType.toDelta(column, duckType(duckdb, from));
    }

    private String duckType(Connection duckdb, String from) throws SQLException {
        String query = "SELECT " + sql() + " AS v FROM " + from;
        prepare(duckdb, query);
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery("DESCRIBE " + query)) {
            row.next();
            return row.getString("column_type");
        }
    }

    /** Refuses what is no condition, or one whose value may be another when it is asked again. */
    void checkCondition(Connection duckdb, String role, String from) throws SQLException {
        String type = duckType(duckdb, from);
        if (!type.equals("BOOLEAN") && !type.equals("\"NULL\"")) {
            throw new LakeException(
                    Kind.INVALID_WRITE,
                    "The " + role + " has the type '" + type + "', not 'BOOLEAN': " + text.strip(),
                    "Compare the value with something, for example: " + text.strip() + " = 1.");
        }
        Optional<String> unsteady = volatileFunction(duckdb);
        if (unsteady.isPresent()) {
            throw new LakeException(
                    Kind.INVALID_WRITE,
                    "The " + role + " calls '" + unsteady.get() + "', which gives another value each time it is asked.",
                    "Compute the value once, in the source query or in a table, and compare with that.");
        }
    }

    /** The functions, operators among them, that the text calls by name. */
    Set<String> functions() {
        Set<String> names = new HashSet<>();
        walk(tree, node -> {
            if ("FUNCTION".equals(node.get("class"))) {
                Json.string(node, "function_name").ifPresent(name -> names.add(name.toLowerCase(Locale.ROOT)));
            }
        });
        return names;
    }

    boolean hasSubquery() {
        boolean[] found = {false};
        walk(tree, node -> found[0] |= "SUBQUERY".equals(node.get("class")));
        return found[0];
    }

    /** The names of columns as they were written, part by part. */
    List<List<String>> columns() {
        List<List<String>> columns = new ArrayList<>();
        walk(tree, node -> {
            if ("COLUMN_REF".equals(node.get("class"))) {
                columns.add(Json.strings(node.get("column_names")));
            }
        });
        return columns;
    }

    /** What must all hold for the condition to hold. */
    List<Expression> conjuncts(Connection duckdb) throws SQLException {
        if (!"CONJUNCTION_AND".equals(tree.get("type"))) {
            return List.of(this);
        }
        List<Expression> conjuncts = new ArrayList<>();
        for (Map<String, Object> child : Json.objects(tree.get("children"))) {
            conjuncts.addAll(part(duckdb, child).conjuncts(duckdb));
        }
        return conjuncts;
    }

    /** Such as {@code COMPARE_EQUAL}. */
    String kind() {
        return Json.string(tree, "type").orElse("");
    }

    boolean isStringConstant() {
        return "CONSTANT".equals(tree.get("class"))
                && Json.child(tree, "literal")
                        .map(literal -> "STRING".equals(literal.get("kind")))
                        .orElse(false);
    }

    /** One side of a comparison, {@code left} or {@code right}. */
    Expression side(Connection duckdb, String name) throws SQLException {
        return part(duckdb, Json.child(tree, name).orElseThrow());
    }

    private Expression part(Connection duckdb, Map<String, Object> node) throws SQLException {
        Map<String, Object> first = Json.objects(statement.get("statements")).get(0);
        Map<String, Object> select =
                new LinkedHashMap<>(Json.child(first, "node").orElseThrow());
        select.put("select_list", List.of(node));
        Map<String, Object> whole = new LinkedHashMap<>(first);
        whole.put("node", select);
        Map<String, Object> json = new LinkedHashMap<>(statement);
        json.put("statements", List.of(whole));
        String sql = "SELECT json_deserialize_sql(" + SqlText.literal(Json.text(json)) + "::JSON)";
        try (Statement query = duckdb.createStatement();
                ResultSet row = query.executeQuery(sql)) {
            row.next();
            return new Expression(row.getString(1).substring("SELECT ".length()), json, node);
        }
    }

    private static void walk(@Nullable Object node, Consumer<Map<String, Object>> visit) {
        if (node instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked")
            Map<String, Object> object = (Map<String, Object>) map;
            visit.accept(object);
            object.values().forEach(child -> walk(child, visit));
        } else if (node instanceof List<?> list) {
            list.forEach(child -> walk(child, visit));
        }
    }

    /** A function that does not give the same for the same, called here or by a macro that is called here. */
    private Optional<String> volatileFunction(Connection duckdb) throws SQLException {
        Set<String> seen = new HashSet<>();
        Set<String> names = functions();
        while (!names.isEmpty()) {
            seen.addAll(names);
            Set<String> inMacros = new HashSet<>();
            String sql = "SELECT function_name, stability = 'VOLATILE', macro_definition FROM duckdb_functions() WHERE"
                    + " lower(function_name) IN (SELECT unnest(" + SqlText.list(names)
                    + ")) AND function_name <> 'error'";
            try (Statement statement = duckdb.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    if (rows.getBoolean(2)) {
                        return Optional.of(rows.getString(1));
                    }
                    Matcher calls = CALL.matcher(String.valueOf(rows.getString(3)));
                    while (calls.find()) {
                        inMacros.add(calls.group(1).toLowerCase(Locale.ROOT));
                    }
                }
            }
            inMacros.removeAll(seen);
            names = inMacros;
        }
        return Optional.empty();
    }
}
