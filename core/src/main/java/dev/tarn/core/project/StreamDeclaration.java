package dev.tarn.core.project;

import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * Tables of a database that Delta tables follow.
 *
 * @param name of the stream, of its replication slot, and in the tables it writes
 * @param source the name of a connection to a database
 * @param tables {@code schema.table}, {@code *} stands for any characters
 * @param exclude the same, of tables that are left out
 * @param folder the absolute folder that the Delta tables are below
 * @param naming of a table's folder below it, with {@code {schema}} and {@code {table}}
 * @param batchRows changes after which a batch is committed
 * @param batchTime after which one is committed if there are fewer
 * @param metricsPort of 127.0.0.1; empty for none
 * @param onSchemaChange what happens when the source's columns change
 * @param deletes what happens to rows that are deleted in the source
 */
public record StreamDeclaration(
        String name,
        String source,
        List<String> tables,
        List<String> exclude,
        Path folder,
        String naming,
        long batchRows,
        Duration batchTime,
        OptionalInt metricsPort,
        SchemaChanges onSchemaChange,
        Deletes deletes,
        SourceSpan span) {

    /** What happens when columns come, go or change in the source. */
    public enum SchemaChanges {
        /** The stream stops. */
        STRICT,
        /** What can be followed without a loss is, the rest stops the stream. */
        EVOLVE
    }

    /** What happens to rows that are deleted in the source. */
    public enum Deletes {
        /** They are deleted. */
        HARD,
        /** They stay, marked. */
        SOFT
    }

    public StreamDeclaration {
        tables = List.copyOf(tables);
        exclude = List.copyOf(exclude);
    }

    /** Whether a folder has the name of one of its Delta tables. */
    public boolean writes(String path) {
        String name = naming.replace("{schema}", "\\E[^/]+\\Q").replace("{table}", "\\E[^/]+\\Q");
        return path.matches("\\Q" + folder + "/" + name + "\\E");
    }
}
