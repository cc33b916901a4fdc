package dev.tarn.connect.database;

import dev.tarn.core.connection.DatabaseConnection;
import java.util.Optional;

/** A table's name, in parts and as the database takes it. */
record SqlName(Optional<String> schema, String table, char quote) {

    static SqlName of(String declared, DatabaseConnection.Kind kind) {
        int dot = declared.indexOf('.');
        char quote = kind == DatabaseConnection.Kind.POSTGRES ? '"' : '`';
        Optional<String> schema = dot >= 0
                ? Optional.of(declared.substring(0, dot))
                : kind == DatabaseConnection.Kind.POSTGRES ? Optional.of("public") : Optional.empty();
        return new SqlName(schema, declared.substring(dot + 1), quote);
    }

    String quoted() {
        return schema.map(s -> quoted(s) + ".").orElse("") + quoted(table);
    }

    String quoted(String name) {
        String twice = String.valueOf(quote).repeat(2);
        return quote + name.replace(String.valueOf(quote), twice) + quote;
    }

    SqlName withTable(String other) {
        return new SqlName(schema, other, quote);
    }

    @Override
    public String toString() {
        return schema.map(s -> s + ".").orElse("") + table;
    }
}
