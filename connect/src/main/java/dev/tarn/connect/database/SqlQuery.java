package dev.tarn.connect.database;

/** A user's query that is to stand inside another. */
final class SqlQuery {

    private SqlQuery() {}

    /** Without the semicolon at its end. */
    static String withoutEnd(String query) {
        return query.strip().replaceFirst("[;\\s]+$", "");
    }
}
