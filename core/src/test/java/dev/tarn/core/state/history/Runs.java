package dev.tarn.core.state.history;

import dev.tarn.core.check.Check;
import dev.tarn.core.check.CheckResult;
import dev.tarn.core.check.OnFail;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.manifest.Aspect;
import dev.tarn.core.manifest.Manifest;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Runs of a project {@code test} with the nodes {@code p.a} and {@code p.b}, for the tests of this package. */
final class Runs {

    static final Instant START = Instant.parse("2026-03-07T14:25:30Z");
    static final NodeId A = new NodeId("p", "a");
    static final NodeId B = new NodeId("p", "b");
    private static final SourceSpan SPAN = new SourceFile("tarn.yaml", "project: test").start();

    static final Manifest MANIFEST = new Manifest(Map.of(A, hashes("1"), B, hashes("2")));

    private Runs() {}

    static Map<Aspect, String> hashes(String each) {
        Map<Aspect, String> hashes = new EnumMap<>(Aspect.class);
        for (Aspect aspect : Aspect.values()) {
            hashes.put(aspect, each);
        }
        return hashes;
    }

    static Path stateFolder(Path folder) {
        try {
            Files.createDirectories(folder.resolve(".tarn"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RunStart start(String id, Instant at) {
        return new RunStart(id, "test", "", at, "1.2.3", "--workers 4", List.of(A, B), MANIFEST);
    }

    static NodeResult.Succeeded ok(NodeId node) {
        CheckResult check =
                CheckResult.of(new Check.NotNull("not_null_x", OnFail.QUARANTINE, SPAN, List.of("x")), 2, 12);
        return new NodeResult.Succeeded(
                node,
                OptionalLong.of(12),
                OptionalLong.of(10),
                2,
                List.of(check),
                1,
                List.of(new NodeResult.Written("lake:" + node.node(), OptionalLong.of(7))),
                Duration.ofMillis(40));
    }

    static NodeResult.Failed failed(NodeId node) {
        Failure failure = Failure.lasting(ProblemCode.QUERY_FAILED, "unknown column 'amuont'", Optional.of(SPAN));
        return new NodeResult.Failed(node, failure, List.of(), false, 3, Duration.ofMillis(5));
    }

    static RunResult result(String id, NodeResult... nodes) {
        return new RunResult(id, START, Duration.ofMillis(50), List.of(nodes), false);
    }

    /** A whole run whose nodes both succeed. */
    static void record(RunHistory history, String id, Instant at) {
        history.begin(start(id, at));
        history.append(id, ok(A), Optional.of("fa"), id);
        history.append(id, ok(B), Optional.of("fb"), id);
        history.finish("test", result(id, ok(A), ok(B)));
    }

    /** The rows of a query, each as text with values separated by bars. */
    static List<String> query(Path folder, String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(".tarn/history.db"));
                Statement statement = connection.createStatement()) {
            List<String> result = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        List<String> values = new ArrayList<>();
                        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                            values.add(String.valueOf(rows.getString(i)));
                        }
                        result.add(String.join("|", values));
                    }
                }
            }
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
