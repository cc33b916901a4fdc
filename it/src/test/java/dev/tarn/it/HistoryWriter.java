package dev.tarn.it;

import dev.tarn.core.manifest.Manifest;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.state.history.RunHistory;
import dev.tarn.core.state.history.RunStart;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A process that stores runs; its arguments: the project's folder, a prefix for the runs' names, how many. */
final class HistoryWriter {

    private HistoryWriter() {}

    public static void main(String[] args) {
        Clock clock = Clock.systemUTC();
        NodeId node = new NodeId("p", "a");
        Manifest manifest = new Manifest(Map.of());
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            String run = args[1] + "-" + i;
            try (RunHistory history = RunHistory.open(Path.of(args[0]), clock)) {
                history.begin(new RunStart(run, "test", "", clock.instant(), "1", "", List.of(node), manifest));
                NodeResult ok = new NodeResult.Succeeded(
                        node,
                        OptionalLong.empty(),
                        OptionalLong.of(1),
                        0,
                        List.of(),
                        1,
                        List.of(new NodeResult.Written("lake:a", OptionalLong.of(i))),
                        Duration.ZERO);
                history.append(run, ok, Optional.of("f"), run);
                history.finish("test", new RunResult(run, clock.instant(), Duration.ZERO, List.of(ok), false));
            }
            if (i == 0) {
                System.out.println("writes");
            }
        }
    }
}
