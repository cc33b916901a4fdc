package dev.tarn.engine.duckdb;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB's own parser. It remembers its answers, and is best asked for many texts at once: 180 queries take 20 ms together
 * and 140 ms one by one, most of it for statements and connections. Not thread-safe.
 */
final class SqlParser {

    /** So many texts go into one question; a question is a text itself. */
    private static final int TOGETHER = 500;

    private final Database database;
    private final Map<String, Map<String, Object>> known = new HashMap<>();

    SqlParser(Database database) {
        this.database = database;
    }

    /** Parses texts that {@link #parse} will be asked for. */
    void prepare(Collection<String> texts) {
        List<String> unknown = texts.stream()
                .filter(t -> t.indexOf('\0') < 0 && !known.containsKey(t))
                .distinct()
                .toList();
        for (int i = 0; i < unknown.size(); i += TOGETHER) {
            ask(unknown.subList(i, Math.min(i + TOGETHER, unknown.size())));
        }
    }

    /** The syntax tree of a text, or DuckDB's error, as maps and lists; values that are the usual ones are left out. */
    Map<String, Object> parse(String sql) {
        int nul = sql.indexOf('\0');
        if (nul >= 0) {
            return unspeakable(sql.substring(0, nul));
        }
        Map<String, Object> tree = known.get(sql);
        return tree != null ? tree : parseNow(sql);
    }

    /** DuckDB takes the character U+0000 for the end of what it is asked. */
    private static Map<String, Object> unspeakable(String before) {
        return Map.of(
                "error",
                true,
                "error_type",
                "parser",
                "error_message",
                "the character U+0000 is not allowed",
                "position",
                before.getBytes(StandardCharsets.UTF_8).length);
    }

    private Map<String, Object> parseNow(String sql) {
        ask(List.of(sql));
        return Objects.requireNonNull(known.get(sql));
    }

    private void ask(List<String> texts) {
        StringBuilder question =
                new StringBuilder("SELECT i, json_serialize_sql(t, skip_default := true)::VARCHAR FROM (VALUES ");
        for (int i = 0; i < texts.size(); i++) {
            question.append(i == 0 ? "(" : ", (")
                    .append(i)
                    .append(", ")
                    .append(Literal.text(texts.get(i)))
                    .append(')');
        }
        try {
            for (List<@Nullable String> row :
                    database.rows(question.append(") q(i, t)").toString())) {
                int i = Integer.parseInt(Objects.requireNonNull(row.get(0)));
                known.put(texts.get(i), JSON.std.mapFrom(Objects.requireNonNull(row.get(1))));
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("DuckDB's parser does not answer for: " + String.join("; ", texts), e);
        }
    }
}
