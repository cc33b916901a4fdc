package dev.tarn.it.delta;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.provision.FetchListener;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import dev.tarn.provision.PythonPackages;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** delta-rs in a Python process that answers one line of JSON with another. For one thread. */
public final class DeltaRsPeer implements Peer, AutoCloseable {

    /** What delta-rs said. */
    static final class Refusal extends IOException {
        Refusal(String message) {
            super(message);
        }
    }

    private final Path script;
    private final Path log;
    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;

    DeltaRsPeer() throws IOException, InterruptedException {
        Path python = python();
        script = Files.writeString(Files.createTempFile("tarn-delta-rs", ".py"), resource("/python/delta_rs.py"));
        log = Files.createTempFile("tarn-delta-rs", ".log");
        process = new ProcessBuilder(python.toString(), "-u", script.toString())
                .redirectError(log.toFile())
                .start();
        requests = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Pinned packages in the user's cache; without them the run fails, for a skipped proof is none. */
    public static Path python() throws IOException, InterruptedException {
        Map<String, String> environment = System.getenv();
        List<String> requirements = resource("/python/requirements.txt")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
        try {
            return new Provisioner(
                            Provisioner.userCache(environment),
                            Provisioner.isOffline(environment),
                            environment,
                            FetchListener.NONE)
                    .get(new PythonPackages("delta-rs", requirements))
                    .resolve("bin/python");
        } catch (ProvisionException failure) {
            throw new IllegalStateException("delta-rs cannot be had", failure);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(DeltaRsPeer.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        requests.close();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
        Files.deleteIfExists(script);
        Files.deleteIfExists(log);
    }

    private @Nullable Object ask(String operation, Path table, Object... arguments) throws IOException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("op", operation);
        request.put("table", table.toString());
        for (int i = 0; i < arguments.length; i += 2) {
            request.put((String) arguments[i], arguments[i + 1]);
        }
        requests.write(JSON.std.asString(request) + "\n");
        requests.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IllegalStateException("delta-rs ended: " + Files.readString(log));
        }
        Map<String, Object> answer = JSON.std.mapFrom(line);
        if (answer.containsKey("error")) {
            throw new Refusal(String.valueOf(answer.get("error")));
        }
        return answer.get("ok");
    }

    @Override
    public String name() {
        return "delta-rs";
    }

    @Override
    public Rows read(Path table) throws IOException {
        return rows(ask("read", table));
    }

    @Override
    public Rows read(Path table, long version) throws IOException {
        return rows(ask("read", table, "version", version));
    }

    @Override
    public Rows readAsOf(Path table, Instant time) throws IOException {
        return rows(ask("read", table, "timestamp", time.toEpochMilli()));
    }

    @Override
    public Rows changes(Path table, long from, long to) throws IOException {
        Map<?, ?> answer = object(ask("changes", table, "from", from, "to", to));
        List<String> names =
                list(answer.get("columns")).stream().map(String::valueOf).toList();
        int time = names.indexOf("_commit_timestamp");
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (List<@Nullable Object> row : values(answer)) {
            row.remove(time);
            rows.add(row);
        }
        return Rows.byName(
                names.stream().filter(name -> !name.equals("_commit_timestamp")).toList(), rows);
    }

    private static Rows rows(@Nullable Object answer) {
        Map<?, ?> read = object(answer);
        return Rows.of(Values.columns(object(read.get("schema"))), values(read));
    }

    private static List<List<@Nullable Object>> values(Map<?, ?> answer) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Object row : list(answer.get("rows"))) {
            rows.add(plain(list(row)));
        }
        return rows;
    }

    private static List<@Nullable Object> plain(List<?> values) {
        List<@Nullable Object> plain = new ArrayList<>();
        values.forEach(each -> plain.add(plain(each)));
        return plain;
    }

    /** The other side of the script's {@code encode}. */
    private static @Nullable Object plain(@Nullable Object json) {
        if (json instanceof List<?> list) {
            return plain(list);
        }
        if (!(json instanceof Map<?, ?> tagged)) {
            return json;
        }
        Map.Entry<?, ?> only = tagged.entrySet().iterator().next();
        Object value = Objects.requireNonNull(only.getValue());
        return switch (String.valueOf(only.getKey())) {
            case "d" -> decimalOrHex(String.valueOf(value));
            case "m" -> new BigDecimal(String.valueOf(value));
            case "b" -> HexFormat.of().parseHex(String.valueOf(value));
            case "t" -> Values.instant(((Number) value).longValue());
            case "n" -> Values.wall(((Number) value).longValue());
            case "D" -> LocalDate.parse(String.valueOf(value));
            case "s" ->
                new Values.Struct(part(value, 0).stream().map(String::valueOf).toList(), part(value, 1));
            case "M" -> new Values.Entries(part(value, 0), part(value, 1));
            default -> throw new IllegalArgumentException("what is " + tagged + "?");
        };
    }

    private static List<@Nullable Object> part(Object pairs, int index) {
        List<@Nullable Object> part = new ArrayList<>();
        list(pairs).forEach(pair -> part.add(plain(list(pair).get(index))));
        return part;
    }

    private static double decimalOrHex(String text) {
        return switch (text) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static Map<?, ?> object(@Nullable Object json) {
        return (Map<?, ?>) Objects.requireNonNull(json);
    }

    private static List<?> list(@Nullable Object json) {
        return (List<?>) Objects.requireNonNull(json);
    }

    private void write(Path table, Source source, String mode, Object... more) throws IOException {
        List<Object> arguments =
                new ArrayList<>(List.of("source", source.parquet().toString(), "mode", mode));
        arguments.addAll(List.of(more));
        ask("write", table, arguments.toArray());
    }

    @Override
    public void create(Path table, Source source, List<String> partitionBy, Map<String, String> properties)
            throws IOException {
        ask(
                "create",
                table,
                "source",
                source.parquet().toString(),
                "partition_by",
                partitionBy,
                "configuration",
                properties);
    }

    @Override
    public void append(Path table, Source source) throws IOException {
        write(table, source, "append");
    }

    @Override
    public void appendMergingSchema(Path table, Source source) throws IOException {
        write(table, source, "append", "schema_mode", "merge");
    }

    @Override
    public void overwrite(Path table, Source source) throws IOException {
        write(table, source, "overwrite");
    }

    @Override
    public void overwritePartitions(Path table, Source source) {
        throw new UnsupportedOperationException("delta-rs has no dynamic overwrite of partitions");
    }

    @Override
    public void replaceWhere(Path table, Source source, String condition) throws IOException {
        write(table, source, "overwrite", "predicate", condition);
    }

    @Override
    public void delete(Path table, String where) throws IOException {
        ask("delete", table, "where", where);
    }

    @Override
    public void update(Path table, Map<String, String> set, String where) throws IOException {
        ask("update", table, "set", set, "where", where);
    }

    @Override
    public void merge(Path table, Source source, Merge merge) throws IOException {
        List<Map<String, Object>> clauses = new ArrayList<>();
        for (Merge.Clause clause : merge.clauses()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("kind", clause.kind().deltaRs);
            clause.condition().ifPresent(condition -> json.put("condition", condition));
            if (!clause.set().isEmpty()) {
                json.put("set", clause.set());
            }
            clauses.add(json);
        }
        ask(
                "merge",
                table,
                "source",
                source.parquet().toString(),
                "on",
                merge.on(),
                "clauses",
                clauses,
                "evolve",
                merge.evolve());
    }

    @Override
    public void alter(Path table, Alteration alteration) throws IOException {
        if (alteration.deltaRs().isEmpty()) {
            throw new UnsupportedOperationException("delta-rs has no " + alteration.sql());
        }
        Map<String, Object> request = new LinkedHashMap<>(alteration.deltaRs());
        String operation = String.valueOf(request.remove("op"));
        List<Object> arguments = new ArrayList<>();
        request.forEach((name, value) -> arguments.addAll(List.of(name, value)));
        ask(operation, table, arguments.toArray());
    }

    @Override
    public void checkpoint(Path table) throws IOException {
        ask("checkpoint", table);
    }

    @Override
    public void appendOnce(Path table, Source source, String application, long version) throws IOException {
        write(table, source, "append", "txn", List.of(application, version));
    }

    @Override
    public long lastTransaction(Path table, String application) throws IOException {
        Object version = ask("transaction_version", table, "app", application);
        return version instanceof Number number ? number.longValue() : -1;
    }

    @Override
    public Map<String, Object> newestHistory(Path table) throws IOException {
        Map<String, Object> newest = new LinkedHashMap<>();
        object(list(ask("history", table)).get(0)).forEach((key, value) -> newest.put(String.valueOf(key), value));
        return newest;
    }
}
