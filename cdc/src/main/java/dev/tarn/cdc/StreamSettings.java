package dev.tarn.cdc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;

/**
 * What a stream follows, and where to.
 *
 * @param name of the stream; small letters, digits and underscores
 * @param tables of the source, {@code schema.table}; {@code *} stands for any characters
 * @param exclude the same, of tables that are left out
 * @param target the folder that the tables' folders are below
 * @param naming of a table's folder below it, with {@code {schema}} and {@code {table}}
 * @param work a folder for this stream's temporary files, and its lock
 * @param status where it is written how the stream is
 * @param port of 127.0.0.1 where metrics are; 0 for any free one, empty for none
 * @param batchRows changes after which a batch is committed, at the end of a transaction
 * @param batchTime after which one is committed if there are fewer
 * @param evolve whether columns that come and go in the source do so in the tables; else they stop the stream
 * @param soft whether rows that are deleted in the source stay, marked
 * @param resync whether all tables are read again from the beginning
 */
public record StreamSettings(
        String name,
        Server server,
        List<String> tables,
        List<String> exclude,
        Path target,
        String naming,
        Path work,
        Optional<Path> status,
        OptionalInt port,
        long batchRows,
        Duration batchTime,
        boolean evolve,
        boolean soft,
        boolean resync) {

    /**
     * Where the source is.
     *
     * @param tls {@code require} or {@code verify}; empty for none
     * @param certificate of the authority that is trusted, with {@code verify}
     */
    record Server(
            String host,
            int port,
            String database,
            String user,
            String password,
            Optional<String> tls,
            Optional<String> certificate) {

        static Server of(Properties p) {
            return new Server(
                    p.getProperty("host"),
                    Integer.parseInt(p.getProperty("port")),
                    p.getProperty("database"),
                    p.getProperty("user"),
                    p.getProperty("password"),
                    Optional.ofNullable(p.getProperty("tls")),
                    Optional.ofNullable(p.getProperty("certificate")));
        }

        /** Without the password. */
        @Override
        public String toString() {
            return user + "@" + host + ":" + port + "/" + database;
        }
    }

    public StreamSettings {
        if (!name.matches("[a-z0-9_]{1,50}")) {
            throw new IllegalArgumentException("'" + name + "' is no name of a stream: a-z, 0-9 and _");
        }
        tables = List.copyOf(tables);
        exclude = List.copyOf(exclude);
    }

    /** As the starting process writes them to this one's standard input: no password is an argument. */
    public static StreamSettings of(Properties p) {
        return new StreamSettings(
                p.getProperty("name"),
                Server.of(p),
                list(p, "tables"),
                list(p, "exclude"),
                Path.of(p.getProperty("target")),
                p.getProperty("naming", "{table}"),
                Path.of(p.getProperty("work")),
                Optional.ofNullable(p.getProperty("status")).map(Path::of),
                p.containsKey("metrics.port")
                        ? OptionalInt.of(Integer.parseInt(p.getProperty("metrics.port")))
                        : OptionalInt.empty(),
                Long.parseLong(p.getProperty("batch.rows", "100000")),
                Duration.ofMillis(Long.parseLong(p.getProperty("batch.millis", "1000"))),
                p.getProperty("schema.changes", "strict").equals("evolve"),
                p.getProperty("deletes", "hard").equals("soft"),
                Boolean.parseBoolean(p.getProperty("resync", "false")));
    }

    private static List<String> list(Properties p, String key) {
        return Arrays.stream(p.getProperty(key, "").split(",", -1))
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** The replication slot and, with the same name, the publication. */
    String slot() {
        return "tarn_" + name;
    }

    String url() {
        return "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database();
    }

    /** The folder of a table. */
    Path folder(String schema, String table) {
        return target.resolve(naming.replace("{schema}", schema).replace("{table}", table));
    }

    /** What a user does when the changes since the last batch cannot be had any more. */
    String readAgain() {
        return "'tarn stream resync " + name + "' reads the tables again";
    }
}
