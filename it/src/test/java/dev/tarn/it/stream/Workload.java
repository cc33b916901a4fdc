package dev.tarn.it.stream;

import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;

/** Seeded transactions on two tables, such as streams stumble over. Every update makes {@code n} larger. */
final class Workload {

    static final String TABLES = """
            CREATE TABLE items (id bigint PRIMARY KEY, n bigint NOT NULL, name text, big text, amount numeric(12,3),
              at timestamptz, ts timestamp, d date, ok boolean, f float8, raw bytea, doc jsonb, u uuid);
            ALTER TABLE items ALTER COLUMN big SET STORAGE EXTERNAL;
            CREATE TABLE events (k int, s text, n bigint NOT NULL, PRIMARY KEY (k, s));
            """;

    private static final AtomicInteger COPIES = new AtomicInteger();

    private final Connection connection;
    private final Random random;

    Workload(Connection connection, long seed) throws SQLException {
        this.connection = connection;
        this.random = new Random(seed);
        connection.setAutoCommit(false);
    }

    /** One transaction. */
    void step() throws Exception {
        switch (random.nextInt(9)) {
            case 0 -> insert(1);
            case 1 -> insert(50);
            case 2 -> update(1);
            case 3 -> update(40);
            case 4 -> execute("DELETE FROM items WHERE id % 211 = " + random.nextInt(211));
            case 5 -> copy(1_000);
            case 6 -> {
                insert(3);
                execute("INSERT INTO events SELECT " + COPIES.incrementAndGet()
                        + ", 'e' || g, 1 FROM generate_series(1, 20) g");
                execute("UPDATE events SET n = n + 1 WHERE s = 'e" + random.nextInt(20) + "'");
            }
            case 7 -> {
                execute("SAVEPOINT s");
                insert(5);
                execute("ROLLBACK TO SAVEPOINT s");
                execute(
                        "UPDATE items SET id = id + 1000000000, n = n + 1 WHERE big IS NULL AND id < 1000000000 AND id % 97 = "
                                + random.nextInt(97));
            }
            default -> {
                copy(20);
                connection.rollback();
            }
        }
        connection.commit();
    }

    private void insert(int rows) throws SQLException {
        String big = random.nextInt(3) == 0 ? "repeat(md5(random()::text), 400)" : "NULL";
        execute("INSERT INTO items SELECT (random() * 900000000)::bigint, 1, 'näme ' || g, " + big
                + ", (g * 1.001)::numeric(12,3), now(), localtimestamp, current_date - g, g % 2 = 0, random(),"
                + " decode(md5(random()::text), 'hex'), jsonb_build_object('g', g), gen_random_uuid()"
                + " FROM generate_series(1, " + rows + ") g ON CONFLICT DO NOTHING");
    }

    private void update(int part) throws SQLException {
        execute("UPDATE items SET n = n + 1, amount = amount + 1 WHERE id % 401 < " + part);
        if (random.nextInt(4) == 0) {
            execute(
                    "UPDATE items SET n = n + 1, big = repeat(md5(random()::text), 300), name = NULL WHERE id % 401 = 7");
        }
    }

    /** All rows of a COPY have one position in the log. Some stay for good: a batch that is lost is seen at the end. */
    private void copy(int rows) throws Exception {
        int k = COPIES.incrementAndGet();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            text.append(k).append('\t').append('c').append(i).append("\t1\n");
        }
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY events FROM STDIN", new StringReader(text.toString()));
        if (random.nextBoolean()) {
            execute("DELETE FROM events WHERE k % 3 > 0 AND k < " + (k - 12));
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
