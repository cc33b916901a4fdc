package dev.tarn.bench;

import dev.tarn.lake.DeltaTable;
import dev.tarn.provision.FetchListener;
import dev.tarn.provision.Provisioner;
import dev.tarn.provision.PythonPackages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Module lake against Spark, delta-rs and plain DuckDB at appending, merging and opening Delta tables.
 *
 * <p>{@code TARN_BENCH_ROWS} (10 million), {@code TARN_BENCH_ROUNDS} (5), {@code TARN_BENCH_PEERS} ({@code delta-rs,Spark},
 * for merges) and {@code TARN_BENCH_PARTS} ({@code append,merge,clustered,vectors,changes,load,growth,optimize}) change what is
 * measured; {@code TARN_BENCH_SIZES} (a tenth, the rows, and ten times the rows) are the tables into which a batch of a
 * hundredth of the rows grows, {@code TARN_BENCH_FILES} (10,000) is how many small files are optimized.
 */
public final class DeltaBench implements AutoCloseable {
    private static final String MEMORY = "300MB";
    private static final int FILES = 16;

    private final Path folder = Files.createTempDirectory("tarn-bench-delta");
    private final int rounds = Integer.parseInt(setting("TARN_BENCH_ROUNDS", "5"));
    private final List<Worker> workers = new ArrayList<>();
    private final Connection duckdb = DeltaWork.open("2GB");
    private int copies;

    private DeltaBench() throws IOException, SQLException {}

    /** Runs the parts; arguments are the folders of our jars and of Spark's. */
    public static void main(String[] arguments) throws Exception {
        long rows = Long.parseLong(setting("TARN_BENCH_ROWS", "10000000"));
        String parts = setting("TARN_BENCH_PARTS", "append,merge,clustered,vectors,changes,load,growth,optimize");
        try (DeltaBench bench = new DeltaBench()) {
            if (parts.contains("append")) {
                bench.append(rows);
            }
            if (parts.contains("merge")) {
                bench.merge(rows, false, arguments[0]);
            }
            if (parts.contains("clustered")) {
                bench.merge(rows, true, arguments[0]);
            }
            if (parts.contains("vectors")) {
                bench.vectors(rows, arguments[0]);
            }
            if (parts.contains("changes")) {
                bench.changes(1000, arguments[0]);
            }
            if (parts.contains("load")) {
                bench.load(arguments[0], 10_000);
            }
            if (parts.contains("growth")) {
                bench.growth(rows);
            }
            if (parts.contains("optimize")) {
                bench.optimize(arguments[0], Integer.parseInt(setting("TARN_BENCH_FILES", "10000")));
            }
        }
    }

    private static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }

    private Worker java(String memory, String classPath, Class<?> main, String... arguments) throws IOException {
        return start(Worker.java(memory, classPath, main, arguments));
    }

    private Worker start(List<String> command) throws IOException {
        Worker worker = Worker.start(command);
        workers.add(worker);
        return worker;
    }

    private Worker lake() throws IOException {
        return java("-Xmx128m", System.getProperty("java.class.path"), DeltaWork.class, MEMORY);
    }

    private Worker spark(String sparkJars) throws IOException {
        return java("-Xmx6g", sparkJars + "/*:" + System.getProperty("java.class.path"), SparkWork.class);
    }

    private Worker deltaRs() throws Exception {
        Map<String, String> environment = System.getenv();
        Path python = new Provisioner(
                        Provisioner.userCache(environment),
                        Provisioner.isOffline(environment),
                        environment,
                        FetchListener.NONE)
                .get(new PythonPackages(
                        "delta-rs",
                        "deltalake==1.6.6",
                        "pyarrow==26.0.1",
                        "arro3-core==0.9.1",
                        "Deprecated==1.3.1",
                        "typing_extensions==4.16.0",
                        "wrapt==2.5.2"))
                .resolve("bin/python");
        Path script = folder.resolve("delta_rs_bench.py");
        try (InputStream in = Objects.requireNonNull(DeltaBench.class.getResourceAsStream("/delta_rs_bench.py"))) {
            Files.write(script, in.readAllBytes());
        }
        return start(List.of(python.toString(), "-u", script.toString()));
    }

    /** Six columns; keys are even, so that there is room for new ones between them. */
    private static String rows(long from, long to) {
        return "SELECT 2 * i AS id, (hash(i, 1) % 100000)::INTEGER AS customer, (hash(i, 2) % 1000000 / 100)::DECIMAL(12, 2)"
                + " AS amount, 'note ' || (hash(i, 3) % 5000) AS note, TIMESTAMPTZ '2026-01-01 00:00:00+00' +"
                + " to_seconds((hash(i, 4) % 30000000)::BIGINT) AS at, (hash(i, 5) % 1000003)::DOUBLE / 7 AS score"
                + " FROM range(" + from + ", " + to + ") t(i)";
    }

    private void append(long rows) throws Exception {
        Worker lake = lake();
        Worker plain = lake();
        Path source = folder.resolve("source.parquet");
        execute("COPY (" + rows(0, rows) + ") TO '" + source + "' (FORMAT parquet)");
        String query = "SELECT * FROM read_parquet('" + source + "')";
        new Contest(String.format("append of %,d rows", rows), rounds)
                .way("Tarn append", lake, round -> measure(lake, "append", fresh(), query))
                .way("DuckDB COPY + fsync", plain, round -> measure(plain, "copy", fresh(), query))
                .run();
        Files.delete(source);
    }

    private Path fresh() {
        return folder.resolve("copy" + copies++);
    }

    private static double measure(Worker worker, String verb, Path table, String argument) throws Exception {
        double seconds = worker.run(verb, table.toString(), argument);
        PipelineBench.delete(table);
        return seconds;
    }

    private void merge(long rows, boolean clustered, String sparkJars) throws Exception {
        Path original = table(rows, clustered);
        Path source = clustered ? source(rows, rows / 2, rows / 8) : source(rows, 0, rows);
        Map<String, Worker> peers = new LinkedHashMap<>();
        peers.put("Tarn", lake());
        String wanted = setting("TARN_BENCH_PEERS", "delta-rs,Spark");
        if (wanted.contains("delta-rs")) {
            peers.put("delta-rs", deltaRs());
        }
        if (wanted.contains("Spark")) {
            peers.put("Spark", spark(sparkJars));
        }
        Contest contest = new Contest(
                String.format(
                        "merge of %,d updates and %,d inserts into %,d rows in %d files, %s",
                        rows / 100,
                        rows / 1000,
                        rows,
                        FILES,
                        clustered ? "clustered by key, an eighth of the keys" : "not clustered"),
                rounds);
        Worker plain = lake();
        contest.way(
                "DuckDB rewrite + fsync",
                plain,
                round -> measure(plain, "rewrite", linked(original), source.toString()));
        peers.forEach((name, worker) ->
                contest.way(name, worker, round -> measure(worker, "merge", linked(original), source.toString())));
        contest.run();
        checkSame(original, source, peers.values().toArray(Worker[]::new));
        PipelineBench.delete(original);
    }

    /** The same merge where rows are marked in deletion vectors, and what reading costs then. */
    private void vectors(long rows, String sparkJars) throws Exception {
        Worker marking = lake();
        Worker rewriting = lake();
        Worker spark = spark(sparkJars);
        Path plain = table(rows, false);
        Path marked = linked(plain);
        DeltaTable.forPath(marked).setProperties(Map.of("delta.enableDeletionVectors", "true"));
        Path source = source(rows, 0, rows);
        new Contest(
                        String.format(
                                "merge of %,d updates and %,d inserts into %,d rows", rows / 100, rows / 1000, rows),
                        rounds)
                .way(
                        "Tarn, marked in deletion vectors",
                        marking,
                        round -> measure(marking, "merge", linked(marked), source.toString()))
                .way(
                        "Tarn, files written anew",
                        rewriting,
                        round -> measure(rewriting, "merge", linked(plain), source.toString()))
                .way(
                        "Spark, marked in deletion vectors",
                        spark,
                        round -> measure(spark, "merge", linked(marked), source.toString()))
                .run();
        checkSame(marked, source, marking, spark);
        marking.run("merge", marked.toString(), source.toString());
        rewriting.run("merge", plain.toString(), source.toString());
        new Contest(String.format("reading these %,d rows", rows), rounds)
                .way("files written anew", rewriting, round -> rewriting.run("read", plain.toString()))
                .way("marked in deletion vectors", marking, round -> marking.run("read", marked.toString()))
                .way("Spark, marked", spark, round -> spark.run("read", marked.toString()))
                .run();
        PipelineBench.delete(plain);
        PipelineBench.delete(marked);
    }

    /** A change feed of many versions, each of ten updated rows. */
    private void changes(int versions, String sparkJars) throws Exception {
        Path table = fresh();
        DeltaTable delta = DeltaTable.forPath(table);
        delta.append(duckdb, rows(0, 10L * versions));
        delta.setProperties(Map.of("delta.enableChangeDataFeed", "true"));
        long from = delta.newestVersion().orElseThrow() + 1;
        for (int version = 0; version < versions; version++) {
            delta.update(
                    duckdb, Map.of("score", "score + 1"), "id >= " + 20 * version + " AND id < " + 20 * (version + 1));
        }
        Worker lake = lake();
        Worker spark = spark(sparkJars);
        Worker plain = lake();
        new Contest(String.format("the change feed of %,d versions", versions), rounds)
                .way("Tarn", lake, round -> lake.run("changes", table.toString(), String.valueOf(from)))
                .way("DuckDB reads its files", plain, round -> plain.run("changed files", table.toString()))
                .way("Spark", spark, round -> spark.run("changes", table.toString(), String.valueOf(from)))
                .run();
        PipelineBench.delete(table);
    }

    /** A contest among those who do not do the same is none. */
    private void checkSame(Path original, Path source, Worker... mergers) throws Exception {
        List<String> results = new ArrayList<>();
        for (Worker merger : mergers) {
            Path table = linked(original);
            merger.run("merge", table.toString(), source.toString());
            results.add(fingerprint(
                    DeltaTable.forPath(table).snapshot().orElseThrow().toSql()));
            PipelineBench.delete(table);
        }
        Measurement.print("results: %s%n", results);
        if (results.stream().distinct().count() != 1) {
            throw new IllegalStateException("the results differ: " + results);
        }
    }

    private String fingerprint(String query) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                var row = statement.executeQuery(
                        "SELECT count(*) || ' rows, ' || sum(hash(r)::HUGEINT) FROM (" + query + ") r")) {
            row.next();
            return row.getString(1);
        }
    }

    /** A table of 16 files: clustered, each file has a range of keys; otherwise each has keys of the whole range. */
    private Path table(long rows, boolean clustered) throws SQLException {
        Path path = fresh();
        for (int file = 0; file < FILES; file++) {
            String query = clustered
                    ? rows(rows * file / FILES, rows * (file + 1) / FILES)
                    : "SELECT * FROM (" + rows(0, rows) + ") WHERE hash(id) % " + FILES + " = " + file;
            DeltaTable.forPath(path).append(duckdb, query);
        }
        return path;
    }

    /** One per cent of the rows with other values, from a range of keys, and one per mille new ones between them. */
    private Path source(long rows, long first, long range) throws SQLException {
        Path source = folder.resolve("source-" + UUID.randomUUID() + ".parquet");
        long step = Math.max(1, range / (rows / 100));
        String all = "SELECT * FROM (" + rows(first, first + range) + ") WHERE (id // 2 - " + first + ") % ";
        execute("COPY (SELECT * REPLACE (note || '!' AS note, score + 1 AS score) FROM (" + all + step
                + " = 0) UNION ALL SELECT * REPLACE (id + 1 AS id) FROM (" + all + step * 10 + " = 0)) TO '" + source
                + "' (FORMAT parquet)");
        return source;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A copy by hard links: data files are never changed. */
    private Path linked(Path original) throws IOException {
        Path copy = fresh();
        try (Stream<Path> walk = Files.walk(original)) {
            for (Path path : walk.toList()) {
                Path twin = copy.resolve(original.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(twin);
                } else {
                    Files.createLink(twin, path);
                }
            }
        }
        return copy;
    }

    /** A log of many commits, each with one file; the files themselves are not opened. */
    private void load(String sparkJars, int commits) throws Exception {
        Path table = fresh();
        DeltaTable.forPath(table).append(duckdb, rows(0, 10));
        Path log = table.resolve("_delta_log");
        List<String> first = Files.readAllLines(log.resolve(String.format("%020d.json", 0)));
        String add = first.stream()
                .filter(line -> line.startsWith("{\"add\""))
                .findFirst()
                .orElseThrow();
        String info = first.get(0);
        for (int version = 1; version < commits; version++) {
            String other = add.replaceFirst("tarn-[^\"]*\\.parquet", "tarn-" + UUID.randomUUID() + ".parquet");
            Files.writeString(
                    log.resolve(String.format("%020d.json", version)),
                    info + "\n" + other + "\n",
                    StandardCharsets.UTF_8);
        }
        Worker lake = lake();
        Worker spark = spark(sparkJars);
        Worker deltaRs = deltaRs();
        for (String what : List.of("no checkpoint", "a checkpoint")) {
            if (what.equals("a checkpoint")) {
                Measurement.print("Tarn writes the checkpoint in %.3f s%n", lake.run("checkpoint", table.toString()));
            }
            new Contest(String.format("opening a table of %,d commits and files, %s", commits, what), rounds)
                    .way("Tarn", lake, round -> lake.run("load", table.toString()))
                    .way("delta-rs", deltaRs, round -> deltaRs.run("load", table.toString()))
                    .way("Spark", spark, round -> spark.run("load", table.toString()))
                    .run();
        }
    }

    /** Small files of 100 rows, of which each engine makes one. */
    private void optimize(String sparkJars, int files) throws Exception {
        Path original = fresh();
        DeltaTable table = DeltaTable.forPath(original);
        table.append(duckdb, rows(0, 100) + " WHERE false");
        StringBuilder adds = new StringBuilder();
        for (int file = 0; file < files; file++) {
            String name = "small-" + file + ".parquet";
            if (file < 100) {
                execute("COPY (" + rows(100L * file, 100L * file + 100) + ") TO '" + original.resolve(name)
                        + "' (FORMAT parquet, PARQUET_VERSION V1)");
            } else {
                Files.copy(original.resolve("small-" + file % 100 + ".parquet"), original.resolve(name));
            }
            adds.append("{\"add\":{\"path\":\"" + name + "\",\"partitionValues\":{},\"size\":"
                    + Files.size(original.resolve(name))
                    + ",\"modificationTime\":" + file
                    + ",\"dataChange\":true,\"stats\":\"{\\\"numRecords\\\":100}\"}}\n");
        }
        Files.writeString(table.commitFile(1), adds);
        Worker lake = lake();
        Worker spark = spark(sparkJars);
        new Contest(String.format("optimize of %,d files of 100 rows", files), rounds)
                .way("Tarn", lake, round -> measureOptimize(lake, linked(original)))
                .way("Spark", spark, round -> measureOptimize(spark, linked(original)))
                .run();
        PipelineBench.delete(original);
    }

    private static double measureOptimize(Worker worker, Path table) throws Exception {
        double seconds = worker.run("optimize", table.toString());
        DeltaTable optimized = DeltaTable.forPath(table);
        if (optimized.snapshot().orElseThrow().fileCount() != 1) {
            throw new IllegalStateException("not one file: " + table);
        }
        PipelineBench.delete(table);
        return seconds;
    }

    /** The same batch into tables of several sizes. */
    private void growth(long rows) throws Exception {
        long batch = rows / 100;
        String sizes = setting("TARN_BENCH_SIZES", rows / 10 + "," + rows + "," + rows * 10);
        for (String text : sizes.split(",", -1)) {
            long size = Long.parseLong(text.strip());
            Path original = table(size, true);
            Path source = folder.resolve("batch" + size + ".parquet");
            execute("COPY (SELECT * REPLACE (note || '!' AS note) FROM (" + rows(size / 2, size / 2 + batch) + ")) TO '"
                    + source + "' (FORMAT parquet)");
            Worker lake = lake();
            String append = "SELECT * FROM read_parquet('" + source + "')";
            new Contest(String.format("a batch of %,d rows and a table of %,d", batch, size), rounds)
                    .way("append", lake, round -> measure(lake, "append", linked(original), append))
                    .way("merge", lake, round -> measure(lake, "merge", linked(original), source.toString()))
                    .run();
            PipelineBench.delete(original);
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        for (Worker worker : workers) {
            worker.close();
        }
        duckdb.close();
        PipelineBench.delete(folder);
    }
}
