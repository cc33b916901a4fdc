package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitFileTest {
    private static final List<Map<String, ?>> ACTIONS = List.of(Map.of("commitInfo", Map.of("txnId", "a")));

    final LogFixture log;
    final CommitFile commitFile;

    CommitFileTest(@TempDir Path table) throws IOException {
        log = new LogFixture(table);
        commitFile = new CommitFile(new TableLog(table), Clock.systemUTC());
    }

    @Test
    void commitThatIsThereAlreadyIsOurs() throws Exception {
        log.commit(0, "{\"commitInfo\":{\"txnId\":\"a\"}}");

        commitFile.publish(0, ACTIONS);

        assertThat(log.log().toFile().list()).containsExactly("00000000000000000000.json");
        assertThat(log.commitPath(0)).hasContent("{\"commitInfo\":{\"txnId\":\"a\"}}");
    }

    @Test
    void commitOfAnotherIsAConflict() throws Exception {
        log.commit(3, "{\"commitInfo\":{\"txnId\":\"b\"}}");

        assertThatThrownBy(() -> commitFile.publish(3, ACTIONS)).isInstanceOf(FileAlreadyExistsException.class);

        assertThat(log.log().toFile().list()).containsExactly("00000000000000000003.json");
        assertThat(log.commitPath(3)).hasContent("{\"commitInfo\":{\"txnId\":\"b\"}}");
    }

    @Test
    void unreadableCommitMayBeOurs() throws Exception {
        Files.createDirectory(log.commitPath(3));

        assertThatThrownBy(() -> commitFile.publish(3, ACTIONS)).isInstanceOf(CommitFile.UncertainException.class);
    }

    @Test
    void failureWithoutAMessageIsNamed() {
        assertThat(LakeException.io("It failed", new ClosedByInterruptException()))
                .hasMessage("It failed: ClosedByInterruptException");
        assertThat(LakeException.io("It failed", new CommitFile.UncertainException(new ClosedByInterruptException())))
                .hasMessage("It failed: ClosedByInterruptException");
        assertThat(LakeException.io("It failed", new IOException("No space left on device")))
                .hasMessage("It failed: No space left on device");
    }
}
