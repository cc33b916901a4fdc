package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every type with its edges, written by each peer and read by each, value for value. */
@ExtendWith(Peers.Resolver.class)
class TypesIT {
    private static final String ALL = """
            SELECT * FROM (VALUES
              (1, true, 1::TINYINT, (-32768)::SMALLINT, 2147483647, 9223372036854775807, 1.5::FLOAT, 'nan'::DOUBLE,
               1.25::DECIMAL(5,2), 123456789.123456789::DECIMAL(18,9), 12345678901234567890.123456789::DECIMAL(38,9),
               '', '\\x00\\xFF'::BLOB, DATE '0001-01-01', TIMESTAMPTZ '1970-01-01 00:00:00.000001+00',
               TIMESTAMP '1582-10-10 12:00:00', [1, NULL, 3], {'a': 1, 'b': 'x', 'c': [{'d': 1.5::DOUBLE}]},
               MAP {'k': 1.5::DOUBLE, 'ä': NULL}),
              (2, false, (-128)::TINYINT, 32767::SMALLINT, -2147483648, (-9223372036854775808)::BIGINT,
               '-infinity'::FLOAT, -0.0::DOUBLE, -999.99::DECIMAL(5,2), -0.000000001::DECIMAL(18,9), 0::DECIMAL(38,9),
               'ä€😀 ''\\"', ''::BLOB, DATE '9999-12-31', TIMESTAMPTZ '9999-12-31 23:59:59.999999+00',
               TIMESTAMP '0001-01-01 00:00:00', [], {'a': NULL, 'b': NULL, 'c': []}, MAP {}),
              (3, NULL, 0, 0, 0, 0, 'nan'::FLOAT, 5e-324::DOUBLE, 0, 0, -99999999999999999999999999999.999999999, chr(10), '\\x5C'::BLOB,
               DATE '1582-10-10', TIMESTAMPTZ '1900-01-01 00:00:00.123456+00', TIMESTAMP '9999-12-31 23:59:59.999999',
               [NULL], {'a': 7, 'b': '', 'c': [NULL]}, MAP {'': -0.0::DOUBLE}),
              (4, NULL, NULL, NULL, NULL, NULL, -0.0::FLOAT, 'infinity'::DOUBLE, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               NULL, NULL, NULL))
            t(id, bool, byte, short, int, long, float, double, small, middle, large, text, bytes, day, instant, wall, list,
              struct, map)
            """;

    @TempDir
    Path folder;

    @Test
    void allReadAlikeWhatEachWrites(Peers peers) throws Exception {
        Source all = peers.source(ALL);
        peers.tarn.append(folder.resolve("expected"), all);
        Rows expected = peers.tarn.read(folder.resolve("expected"));
        assertThat(expected.size()).isEqualTo(4);
        for (Peer writer : List.of(peers.tarn, peers.spark, peers.deltaRs)) {
            Path table = folder.resolve(writer.name());
            writer.create(table, all, List.of(), Map.of());
            writer.append(table, all);
            for (Reader reader : peers.readers()) {
                Rows rows = reader.read(table);
                assertThat(expected.difference(rows))
                        .as("%s wrote, %s read", writer.name(), reader.name())
                        .isEmpty();
            }
        }
    }
}
