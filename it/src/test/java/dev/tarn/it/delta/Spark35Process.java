package dev.tarn.it.delta;

import dev.tarn.it.delta.Spark35Peer.Answer;
import dev.tarn.it.delta.Spark35Peer.Request;
import java.io.EOFException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests with Spark 3.5 until its input ends. Compiled against Spark 4.1: what has changed in between is called by
 * its name.
 */
final class Spark35Process {
    private final SparkSession session;
    private final SparkPeer spark;

    private Spark35Process() throws ReflectiveOperationException {
        session = start();
        spark = new SparkPeer(session);
    }

    public static void main(String... args) throws Exception {
        // What Spark prints is no answer.
        OutputStream out = System.out;
        System.setOut(new PrintStream(System.err, true));
        ObjectOutputStream answers = new ObjectOutputStream(out);
        answers.flush();
        ObjectInputStream requests = new ObjectInputStream(System.in);
        Spark35Process process = new Spark35Process();
        try {
            while (true) {
                answers.writeObject(process.answer((Request) requests.readObject()));
                answers.reset();
                answers.flush();
            }
        } catch (EOFException end) {
            process.session.stop();
        }
    }

    private static SparkSession start() throws ReflectiveOperationException {
        Object builder = SparkSession.class.getMethod("builder").invoke(null);
        Method config = builder.getClass().getMethod("config", String.class, String.class);
        Map<String, String> settings = PeerSettings.with(System.getProperty("java.io.tmpdir") + "/warehouse");
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            config.invoke(builder, setting.getKey(), setting.getValue());
        }
        return (SparkSession) builder.getClass().getMethod("getOrCreate").invoke(builder);
    }

    private Answer answer(Request request) {
        try {
            return new Answer(result(request.operation(), new Arguments(request.arguments())), null);
        } catch (InvocationTargetException wrapped) {
            return new Answer(null, String.valueOf(wrapped.getTargetException().getMessage()));
        } catch (Throwable refusal) {
            return new Answer(null, String.valueOf(refusal.getMessage()));
        }
    }

    private record Arguments(List<Serializable> values) {
        Path path(int i) {
            return Path.of(text(i));
        }

        String text(int i) {
            return (String) values.get(i);
        }

        long number(int i) {
            return (Long) values.get(i);
        }

        Source source(int i) {
            return new Source("", path(i));
        }

        @SuppressWarnings("unchecked")
        Map<String, String> map(int i) {
            return (Map<String, String>) values.get(i);
        }
    }

    private @Nullable Serializable result(String operation, Arguments in) throws Exception {
        return switch (operation) {
            case "read" -> spark.read(in.path(0));
            case "readVersion" -> spark.read(in.path(0), in.number(1));
            case "readAsOf" -> spark.readAsOf(in.path(0), (Instant) in.values().get(1));
            case "changes" -> spark.changes(in.path(0), in.number(1), in.number(2));
            case "lastTransaction" -> lastTransaction(in.text(0), in.text(1));
            case "newestHistory" -> new TreeMap<>(plain(spark.newestHistory(in.path(0))));
            default -> {
                change(operation, in);
                yield null;
            }
        };
    }

    @SuppressWarnings("unchecked")
    private void change(String operation, Arguments in) throws Exception {
        switch (operation) {
            case "create" ->
                spark.create(
                        in.path(0), in.source(1), (List<String>) in.values().get(2), in.map(3));
            case "merge" ->
                merge(in.source(0), in.text(1), (Boolean) in.values().get(2));
            case "checkpoint" -> checkpoint(in.text(0));
            case "sql" -> session.sql(in.text(0)).collectAsList();
            default -> write(operation, in);
        }
    }

    private void write(String operation, Arguments in) {
        switch (operation) {
            case "append" -> spark.append(in.path(0), in.source(1));
            case "appendMergingSchema" -> spark.appendMergingSchema(in.path(0), in.source(1));
            case "overwrite" -> spark.overwrite(in.path(0), in.source(1));
            case "overwritePartitions" -> spark.overwritePartitions(in.path(0), in.source(1));
            case "replaceWhere" -> spark.replaceWhere(in.path(0), in.source(1), in.text(2));
            case "delete" -> spark.delete(in.path(0), in.text(1));
            case "update" -> spark.update(in.path(0), in.map(1), in.text(2));
            case "appendOnce" -> spark.appendOnce(in.path(0), in.source(1), in.text(2), in.number(3));
            default -> throw new IllegalArgumentException(operation);
        }
    }

    /** Without Scala's maps, which the other side has not. */
    private static Map<String, Object> plain(Map<String, Object> history) {
        Map<String, Object> plain = new TreeMap<>();
        history.forEach((key, value) ->
                plain.put(key, value instanceof Map<?, ?> map ? new TreeMap<>(map) : String.valueOf(value)));
        return plain;
    }

    private void merge(Source source, String sql, boolean evolve) {
        String setting = "spark.databricks.delta.schema.autoMerge.enabled";
        session.sql("SET " + setting + " = " + evolve);
        session.read().parquet(source.parquet().toString()).createOrReplaceTempView("source");
        session.sql(sql);
    }

    private Object log(String table) throws ReflectiveOperationException {
        return Class.forName("org.apache.spark.sql.delta.DeltaLog")
                .getMethod("forTable", SparkSession.class, String.class)
                .invoke(null, session, table);
    }

    private static Object snapshot(Object log) throws ReflectiveOperationException {
        return call(log, "update", null);
    }

    private void checkpoint(String table) throws ReflectiveOperationException {
        Object log = log(table);
        call(log, "checkpoint", snapshot(log));
    }

    private long lastTransaction(String table, String application) throws ReflectiveOperationException {
        scala.collection.Map<?, ?> versions =
                (scala.collection.Map<?, ?>) call(snapshot(log(table)), "transactions", null);
        for (scala.collection.Iterator<?> each = versions.iterator(); each.hasNext(); ) {
            scala.Tuple2<?, ?> entry = (scala.Tuple2<?, ?>) each.next();
            if (entry._1().equals(application)) {
                return ((Number) entry._2()).longValue();
            }
        }
        return -1;
    }

    /** Calls the fullest method of a name, with no, nothing and {@code given} for what it asks. */
    private static Object call(Object object, String name, @Nullable Object given) throws ReflectiveOperationException {
        Method method = Arrays.stream(object.getClass().getMethods())
                .filter(each -> each.getName().equals(name))
                .filter(each -> given == null
                        || Arrays.stream(each.getParameterTypes()).anyMatch(type -> type.isInstance(given)))
                .max(Comparator.comparingInt(Method::getParameterCount))
                .orElseThrow(() -> new NoSuchMethodException(name));
        List<@Nullable Object> arguments = new ArrayList<>();
        for (Class<?> type : method.getParameterTypes()) {
            arguments.add(
                    type == boolean.class
                            ? (Object) false
                            : type == scala.Option.class ? scala.Option.apply(null) : given);
        }
        return method.invoke(object, arguments.toArray());
    }
}
