package dev.tarn.services;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines are those that the real servers print. */
class LogTailTest {

    private static final ServiceSpec SPEC = ServiceSpec.of(ServiceType.POSTGRES);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FATAL:  unrecognized configuration parameter \"shared_bufers\"| PostgreSQL knows no setting 'shared_bufers'",
                "FATAL:  invalid value for parameter \"wal_level\": \"x\"| correct the setting 'wal_level'",
                "[ERROR] mariadbd: unknown variable 'no-such-thing=1'| the server knows no setting 'no-such-thing'",
                "mariadbd: error while loading shared libraries: liburing.so.2: cannot open| install the package that has liburing.so.2",
                "could not bind IPv4 address \"127.0.0.1\": Address already in use| choose another 'port' for 'postgres'",
                "could not write to file \"x\": No space left on device| the disk is full",
                "[ERROR] InnoDB: preallocating 12582912 bytes for file ./ibdata1 failed with error 28| the disk is full",
                "java.lang.OutOfMemoryError: Java heap space| give 'postgres' a larger 'memory'"
            })
    void knowsWhatServersSay(String line, String hint) {
        assertThat(new LogTail(List.of("something else", line, "the end")).hint(SPEC))
                .hasValueSatisfying(text -> assertThat(text).contains(hint));
    }

    @Test
    void saysNothingWhereItKnowsNothing() {
        assertThat(new LogTail(List.of("segmentation fault")).hint(SPEC)).isEmpty();
        assertThat(LogTail.of(folder.resolve("no such file")).text()).isEmpty();
    }

    @Test
    void takesTheLastLines() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            text.append("line ").append(i).append("\n\n");
        }
        Path log = folder.resolve("a.log");
        Files.writeString(log, text);

        assertThat(LogTail.of(log).lines()).hasSize(12).endsWith("line 9998", "line 9999");
    }
}
