package dev.tarn.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.core.connection.Location;
import dev.tarn.core.source.SourceFile;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CanonicalTextTest {

    private static String text(Object value) {
        return new CanonicalText().add(value).toString();
    }

    @Test
    void positionsInFilesDoNotCount() {
        SourceFile file = new SourceFile("tarn.yaml", "a: b");

        assertThat(text(new Location("c", "d", "/d", file.spanAt(0, 1))))
                .isEqualTo(text(new Location("c", "d", "/d", file.spanAt(3, 1))))
                .isNotEqualTo(text(new Location("c", "d", "/e", file.spanAt(0, 1))));
    }

    @Test
    void differentValuesHaveDifferentTexts() {
        assertThat(List.of(
                        text(List.of("a", "b")),
                        text(List.of("a\nString 1 b")),
                        text(List.of("ab")),
                        text(List.of(1L)),
                        text(List.of("1")),
                        text(List.of(1.0)),
                        text(List.of(true)),
                        text(List.of(List.of())),
                        text(List.of()),
                        text(Map.of("a", "b")),
                        text(Arrays.asList("a", null)),
                        text(Optional.of("null"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> text(new java.util.concurrent.CountDownLatch(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a value of class java.util.concurrent.CountDownLatch in a node");
    }
}
