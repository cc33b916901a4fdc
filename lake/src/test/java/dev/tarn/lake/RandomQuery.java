package dev.tarn.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes a query with columns of random types and values, the same for the same seed. */
final class RandomQuery {
    private final Random random;

    private RandomQuery(Random random) {
        this.random = random;
    }

    static String of(Random random) {
        RandomQuery maker = new RandomQuery(random);
        List<String> columns = new ArrayList<>(List.of("id"));
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            columns.add(maker.nullable(maker.value(2)) + " AS c" + i);
        }
        return "SELECT " + String.join(", ", columns) + " FROM range(" + random.nextInt(3000) + ") t(id)";
    }

    private String nullable(String value) {
        return switch (random.nextInt(3)) {
            case 0 -> value;
            case 1 -> "CASE WHEN hash(id, " + random.nextInt(1000) + ") % 7 = 0 THEN NULL ELSE " + value + " END";
            default -> "CASE WHEN hash(id, " + random.nextInt(1000) + ") % 7 <> 0 THEN NULL ELSE " + value + " END";
        };
    }

    private String number() {
        return "(hash(id, " + random.nextInt(1000) + ") % " + (2 + random.nextInt(100_000)) + ")";
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 14 : 11)) {
            case 0 -> number() + "::INTEGER";
            case 1 -> "(" + number() + "::BIGINT * -3000000000)";
            case 2 -> "(" + number() + "::DOUBLE / 7)";
            case 3 -> "CASE WHEN " + number() + " % 5 = 0 THEN 'nan'::FLOAT ELSE " + number() + "::FLOAT END";
            case 4 -> "(" + number() + "::DECIMAL(18, 4) / 100)::DECIMAL(12, 4)";
            case 5 -> "repeat(chr((300 + " + number() + " % 50000)::INTEGER), (" + number() + " % 90)::INTEGER)";
            case 6 -> "(DATE '0001-01-01' + (" + number() + " * 30)::INTEGER)";
            case 7 ->
                "(TIMESTAMPTZ '1500-01-01 00:00:00.000001+00' + to_microseconds(" + number()
                        + "::BIGINT * 100000000001))";
            case 8 -> "(" + number() + " % 2 = 0)";
            case 9 -> "encode(" + number() + "::VARCHAR)";
            case 10 -> "(TIMESTAMP '1969-12-31 23:59:59.999' + to_microseconds(" + number() + "::BIGINT))";
            case 11 -> "{'a': " + nullable(value(depth - 1)) + ", 'B': " + nullable(value(depth - 1)) + "}";
            case 12 -> "list_value(" + nullable(value(depth - 1)) + ")[1:(" + number() + " % 2)::INTEGER]";
            default -> "MAP {'k' || " + number() + ": " + nullable(value(depth - 1)) + "}";
        };
    }
}
