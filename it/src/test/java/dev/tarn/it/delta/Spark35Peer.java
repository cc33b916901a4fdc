package dev.tarn.it.delta;

import dev.tarn.fs.hadoop.LinkLogStore;
import dev.tarn.lake.DeltaTable;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Spark 3.5 with Delta 3.2, which another Scala needs: in a JVM of its own. For one thread. */
final class Spark35Peer implements Peer, AutoCloseable {

    /** What Spark said. */
    static final class Refusal extends IOException {
        Refusal(String message) {
            super(message);
        }
    }

    /** What to do, with arguments that can be sent. */
    record Request(String operation, List<Serializable> arguments) implements Serializable {}

    /** What came of it; the error wins. */
    record Answer(@Nullable Serializable value, @Nullable String error) implements Serializable {}

    private final Path folder;
    private final Path log;
    private final Process process;
    private final ObjectOutputStream requests;
    private final ObjectInputStream answers;

    Spark35Peer() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("tarn-spark-3.5");
        log = folder.resolve("log");
        process = new ProcessBuilder(command(folder, Spark35Process.class))
                .redirectError(log.toFile())
                .start();
        requests = new ObjectOutputStream(process.getOutputStream());
        requests.flush();
        try {
            answers = new ObjectInputStream(process.getInputStream());
        } catch (IOException ended) {
            throw new IllegalStateException("Spark 3.5 ended: " + Files.readString(log), ended);
        }
    }

    /** Starts a class of the tests with Spark's jars; without them the run fails, for a skipped proof is none. */
    static List<String> command(Path folder, Class<?> main, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx700m",
                "-Duser.timezone=UTC",
                "-Djava.io.tmpdir=" + folder));
        command.addAll(List.of(System.getProperty("tarn.spark.jvm.args").strip().split("\\s+")));
        // The tests' classes, and of Tarn what a session takes that commits through our log store.
        String classes = Stream.of(Spark35Process.class, LinkLogStore.class, DeltaTable.class)
                .map(Spark35Peer::location)
                .collect(Collectors.joining(":"));
        command.addAll(List.of("-cp", classes + ":" + Spark35Jars.classPath(), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(Objects.requireNonNull(type.getProtectionDomain().getCodeSource())
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private @Nullable Serializable ask(String operation, Serializable... arguments) throws IOException {
        requests.writeObject(new Request(operation, List.of(arguments)));
        requests.reset();
        requests.flush();
        Answer answer;
        try {
            answer = (Answer) answers.readObject();
        } catch (ClassNotFoundException | IOException ended) {
            throw new IllegalStateException("Spark 3.5 ended: " + Files.readString(log), ended);
        }
        if (answer.error() != null) {
            throw new Refusal(answer.error());
        }
        return answer.value();
    }

    private Rows rows(String operation, Serializable... arguments) throws IOException {
        return (Rows) Objects.requireNonNull(ask(operation, arguments));
    }

    @Override
    public void close() throws IOException {
        requests.close();
        process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
        Folders.delete(folder);
    }

    @Override
    public String name() {
        return "Spark 3.5";
    }

    @Override
    public Rows read(Path table) throws IOException {
        return rows("read", table.toString());
    }

    @Override
    public Rows read(Path table, long version) throws IOException {
        return rows("readVersion", table.toString(), version);
    }

    @Override
    public Rows readAsOf(Path table, Instant time) throws IOException {
        return rows("readAsOf", table.toString(), time);
    }

    @Override
    public Rows changes(Path table, long from, long to) throws IOException {
        return rows("changes", table.toString(), from, to);
    }

    @Override
    public long lastTransaction(Path table, String application) throws IOException {
        return (Long) Objects.requireNonNull(ask("lastTransaction", table.toString(), application));
    }

    @Override
    public void create(Path table, Source source, List<String> partitionBy, Map<String, String> properties)
            throws IOException {
        ask("create", table.toString(), parquet(source), new ArrayList<>(partitionBy), new TreeMap<>(properties));
    }

    private static String parquet(Source source) {
        return source.parquet().toString();
    }

    @Override
    public void append(Path table, Source source) throws IOException {
        ask("append", table.toString(), parquet(source));
    }

    @Override
    public void appendMergingSchema(Path table, Source source) throws IOException {
        ask("appendMergingSchema", table.toString(), parquet(source));
    }

    @Override
    public void overwrite(Path table, Source source) throws IOException {
        ask("overwrite", table.toString(), parquet(source));
    }

    @Override
    public void overwritePartitions(Path table, Source source) throws IOException {
        ask("overwritePartitions", table.toString(), parquet(source));
    }

    @Override
    public void replaceWhere(Path table, Source source, String condition) throws IOException {
        ask("replaceWhere", table.toString(), parquet(source), condition);
    }

    @Override
    public void delete(Path table, String where) throws IOException {
        ask("delete", table.toString(), where);
    }

    @Override
    public void update(Path table, Map<String, String> set, String where) throws IOException {
        TreeMap<String, String> values = new TreeMap<>(set);
        // Before 4.0 two quotes end one literal and begin another.
        values.replaceAll((column, value) -> value.replace("''", "\\'"));
        ask("update", table.toString(), values, where);
    }

    /** Its SQL has no word for schema evolution yet, only a setting. */
    @Override
    public void merge(Path table, Source source, Merge merge) throws IOException {
        String sql = merge.sql(SparkPeer.table(table)).replace("WITH SCHEMA EVOLUTION ", "");
        ask("merge", parquet(source), sql, merge.evolve());
    }

    @Override
    public void alter(Path table, Alteration alteration) throws IOException {
        ask("sql", alteration.sql().replace("$T", SparkPeer.table(table)));
    }

    @Override
    public void checkpoint(Path table) throws IOException {
        ask("checkpoint", table.toString());
    }

    @Override
    public void appendOnce(Path table, Source source, String application, long version) throws IOException {
        ask("appendOnce", table.toString(), parquet(source), application, version);
    }

    @Override
    public Map<String, Object> newestHistory(Path table) throws IOException {
        Map<String, Object> history = new TreeMap<>();
        ((Map<?, ?>) Objects.requireNonNull(ask("newestHistory", table.toString())))
                .forEach((key, value) -> history.put(String.valueOf(key), value));
        return history;
    }

    /** Any statement. */
    void sql(String statement) throws IOException {
        ask("sql", statement);
    }
}
