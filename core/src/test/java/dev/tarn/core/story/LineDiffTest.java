package dev.tarn.core.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.story.Comparison.DiffLine;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LineDiffTest {

    private static String diff(String older, String newer) {
        return LineDiff.between(older.lines().toList(), newer.lines().toList()).stream()
                .map(StoryMarkdown::diff)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void showsWhatIsNewAndWhatIsGone() {
        assertThat(diff("a\nb\nc", "a\nx\nc\nd")).isEqualTo("  a\n- b\n+ x\n  c\n+ d");
        assertThat(diff("a", "a")).isEmpty();
        assertThat(diff("", "a")).isEqualTo("+ a");
    }

    @Test
    void hasAllLinesOfBothTextsInOrder() {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            List<String> older = lines(random);
            List<String> newer = lines(random);

            List<DiffLine> diff = LineDiff.between(older, newer);

            if (!older.equals(newer)) {
                assertThat(side(diff, DiffLine.Kind.REMOVED)).isEqualTo(older);
                assertThat(side(diff, DiffLine.Kind.ADDED)).isEqualTo(newer);
            }
        }
    }

    private static List<String> lines(Random random) {
        return Stream.generate(() -> String.valueOf((char) ('a' + random.nextInt(4))))
                .limit(random.nextInt(12))
                .toList();
    }

    private static List<String> side(List<DiffLine> diff, DiffLine.Kind kind) {
        return diff.stream()
                .filter(line -> line.kind() == DiffLine.Kind.SAME || line.kind() == kind)
                .map(DiffLine::text)
                .toList();
    }
}
