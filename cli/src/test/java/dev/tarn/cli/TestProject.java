package dev.tarn.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A project in a folder, and what the command line says of it. */
final class TestProject {

    /** What a command printed and how it exited. */
    record Outcome(int exitCode, String out, String err) {}

    final Path folder;

    TestProject(Path folder) {
        this.folder = folder;
    }

    TestProject file(String name, String content) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A project with one pipeline {@code p}, and connections {@code in} (this folder) and {@code lake}. */
    TestProject nodes(String nodes) {
        return file("tarn.yaml", """
                project: test
                connections:
                  in: {type: local, base_path: .}
                  lake: {type: local, base_path: lake}
                pipelines:
                  - pipeline: p
                    nodes:
                """ + nodes.indent(6));
    }

    Outcome tarn(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                args);
        return new Outcome(
                code,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8).replace(folder.toString(), "PROJECT"));
    }

    Outcome run(String... more) {
        List<String> args = new ArrayList<>(List.of("run", folder.toString()));
        args.addAll(List.of(more));
        return tarn(args.toArray(String[]::new));
    }

    Outcome validate() {
        return tarn("validate", folder.toString());
    }

    /** The rows of a query, each as text with values separated by bars; {@code {lake}} is the table folder. */
    List<String> query(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        sql.replace("{lake}", folder.resolve("lake").toString()))) {
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    values.add(String.valueOf(rows.getString(i)));
                }
                result.add(String.join("|", values));
            }
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of a Delta table, sorted by all columns. */
    List<String> table(String name) {
        String select = dev.tarn.lake.DeltaTable.forPath(
                        folder.resolve("lake").resolve(name).normalize())
                .snapshot()
                .orElseThrow()
                .toSql();
        return query("SELECT * FROM (" + select + ") ORDER BY ALL");
    }

    boolean exists(String path) {
        return Files.exists(folder.resolve(path));
    }

    /** All files below a folder that a listing shows or hides, except data files. */
    List<String> files(String below) throws IOException {
        Path root = folder.resolve(below);
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
