package dev.tarn.engine.spark;

import dev.tarn.core.engine.QueryAnalysis;
import dev.tarn.core.engine.QueryAnalysis.TableReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.trees.Origin;
import org.apache.spark.sql.execution.SparkSqlParser;

/** Asks Spark's own parser what a text is and which tables it names; needs no session. Thread-safe. */
final class QueryAnalyzer {

    private final SparkSqlParser parser = new SparkSqlParser();

    QueryAnalysis analyze(String sql) {
        if (sql.isBlank()) {
            return new QueryAnalysis.NotAQuery("the SQL is empty");
        }
        LogicalPlan plan;
        try {
            plan = plan(sql);
        } catch (ParseException e) {
            return error(e, sql);
        }
        if (!isQuery(plan)) {
            return new QueryAnalysis.NotAQuery("a step must be a single SELECT query");
        }
        List<TableReference> tables = new ArrayList<>();
        collect(plan, Set.of(), tables);
        return new QueryAnalysis.Query(tables, List.of());
    }

    /** The names, in lower case, of the tables that a valid query reads. */
    Set<String> tablesOf(String sql) {
        return analyze(sql) instanceof QueryAnalysis.Query query
                ? query.tables().stream()
                        .map(table -> table.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet())
                : Set.of();
    }

    /** What is wrong with a condition; an expression's columns and functions are not looked at. */
    Optional<QueryAnalysis.SyntaxError> expressionError(String text) {
        try {
            expression(text);
            return Optional.empty();
        } catch (ParseException e) {
            return Optional.of(error(e, text));
        }
    }

    /** The tables that a valid condition reads, in subqueries. */
    List<TableReference> tablesOfCondition(String text) {
        List<TableReference> tables = new ArrayList<>();
        collect(parser.parseExpression(text), Set.of(), tables);
        return tables;
    }

    /** How many characters of a single query are to be sent on: without semicolons and what follows them. */
    int bodyLength(String sql) {
        String body = sql;
        while (body.indexOf(';') >= 0 && !parses("SELECT * FROM (\n" + body + "\n)")) {
            body = body.substring(0, body.lastIndexOf(';'));
        }
        return body.length();
    }

    /** Scala declares no exception. */
    @SuppressWarnings("RedundantThrows")
    private LogicalPlan plan(String sql) throws ParseException {
        return parser.parsePlan(sql);
    }

    @SuppressWarnings("RedundantThrows")
    private Expression expression(String text) throws ParseException {
        return parser.parseExpression(text);
    }

    private boolean parses(String sql) {
        try {
            plan(sql);
            return true;
        } catch (ParseException e) {
            return false;
        }
    }

    private static boolean isQuery(LogicalPlan plan) {
        String type = plan.getClass().getSimpleName();
        return !(plan instanceof Command) && !type.endsWith("Statement") && !type.equals("CompoundBody");
    }

    private static QueryAnalysis.SyntaxError error(ParseException e, String sql) {
        int index = Positions.index(sql, Positions.number(e.line()), Positions.number(e.startPosition()));
        return new QueryAnalysis.SyntaxError(index, tokenLength(sql, index), "SQL: " + Failures.firstLine(e));
    }

    private static int tokenLength(String sql, int index) {
        int end = index;
        while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
            end++;
        }
        return Math.max(1, end - index);
    }

    /** Walks a parsed query; {@code defined} are the names that WITH gives a meaning here. */
    private static void collect(LogicalPlan plan, Set<String> defined, List<TableReference> found) {
        if (plan instanceof UnresolvedRelation relation) {
            add(relation, defined, found);
            return;
        }
        Set<String> inside = plan instanceof UnresolvedWith with ? withClauses(with, defined, found) : defined;
        each(plan.children(), child -> collect((LogicalPlan) child, inside, found));
        each(plan.expressions(), expression -> collect((Expression) expression, inside, found));
    }

    private static void collect(Expression expression, Set<String> defined, List<TableReference> found) {
        if (expression instanceof PlanExpression<?> subquery && subquery.plan() instanceof LogicalPlan plan) {
            collect(plan, defined, found);
        }
        each(expression.children(), child -> collect((Expression) child, defined, found));
    }

    /** A WITH query sees those before it, and itself only if it is recursive; the main query sees all. */
    private static Set<String> withClauses(UnresolvedWith with, Set<String> defined, List<TableReference> found) {
        Set<String> seen = new HashSet<>(defined);
        boolean recursive = Recursion.allowed(with);
        each(with.cteRelations(), each -> {
            scala.Product relation = (scala.Product) each;
            String name = String.valueOf(relation.productElement(0)).toLowerCase(Locale.ROOT);
            if (recursive) {
                seen.add(name);
            }
            collect((LogicalPlan) relation.productElement(1), Set.copyOf(seen), found);
            seen.add(name);
        });
        return seen;
    }

    /** WITH RECURSIVE, which Spark has since 4.0. */
    private static final class Recursion {
        static boolean allowed(UnresolvedWith with) {
            try {
                return Boolean.TRUE.equals(
                        UnresolvedWith.class.getMethod("allowRecursion").invoke(with));
            } catch (ReflectiveOperationException notThere) {
                return false;
            }
        }
    }

    private static void add(UnresolvedRelation relation, Set<String> defined, List<TableReference> found) {
        List<String> path = new ArrayList<>();
        each(relation.multipartIdentifier(), part -> path.add(String.valueOf(part)));
        if (path.size() == 1 && defined.contains(path.get(0).toLowerCase(Locale.ROOT))) {
            return;
        }
        Origin origin = relation.origin();
        int start = Math.max(0, Positions.number(origin.startIndex()));
        int stop = Math.max(start, Positions.number(origin.stopIndex()));
        found.add(new TableReference(path, start, stop - start + 1));
    }

    private static void each(scala.collection.Seq<?> all, java.util.function.Consumer<Object> work) {
        for (int i = 0; i < all.size(); i++) {
            work.accept(all.apply(i));
        }
    }
}
