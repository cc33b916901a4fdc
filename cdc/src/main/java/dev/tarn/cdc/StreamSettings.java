package dev.tarn.cdc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/**
 * What a stream follows, and where to.
 *
 * @param name of the stream; small letters, digits and underscores
 * @param tables of the source, {@code schema.table}
 * @param target the folder below which each table gets a folder of its name
 * @param work a folder for this stream's temporary files
 * @param batchRows changes after which a batch is committed, at the end of a transaction
 * @param batchTime after which one is committed if there are fewer
 * @param resync whether all tables are read again from the beginning
 */
public record StreamSettings(
        String name,
        String host,
        int port,
        String database,
        String user,
        String password,
        List<String> tables,
        Path target,
        Path work,
        long batchRows,
        Duration batchTime,
        boolean resync) {

    public StreamSettings {
        if (!name.matches("[a-z0-9_]{1,50}")) {
            throw new IllegalArgumentException("'" + name + "' is no name of a stream: a-z, 0-9 and _");
        }
        tables = List.copyOf(tables);
    }

    /** As the starting process writes them to this one's standard input: no password is an argument. */
    public static StreamSettings of(Properties p) {
        return new StreamSettings(
                p.getProperty("name"),
                p.getProperty("host"),
                Integer.parseInt(p.getProperty("port")),
                p.getProperty("database"),
                p.getProperty("user"),
                p.getProperty("password"),
                Arrays.asList(p.getProperty("tables").split(",")),
                Path.of(p.getProperty("target")),
                Path.of(p.getProperty("work")),
                Long.parseLong(p.getProperty("batch.rows", "100000")),
                Duration.ofMillis(Long.parseLong(p.getProperty("batch.millis", "1000"))),
                Boolean.parseBoolean(p.getProperty("resync", "false")));
    }

    /** The replication slot and, with the same name, the publication. */
    String slot() {
        return "tarn_" + name;
    }

    String url() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }
}
