package dev.tarn.core.engine;

import dev.tarn.core.check.Check;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.Step;
import dev.tarn.core.project.TransformStep;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.SourceSpan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;

/**
 * An engine at work for one run. Thread-safe: nodes run in parallel.
 *
 * <p>All methods throw {@link FailureException} for what goes wrong with data, files or SQL.
 */
public interface Session extends AutoCloseable {

    /** The rows of a source; computed when needed. */
    Dataset read(Read read);

    /** The same with one more column, the path of the file of each row. The source is a file, or several. */
    Dataset readWithFile(Read read, String column);

    /**
     * The rows with columns that have one value; a column that is there already is replaced.
     *
     * @param values a String or an Instant for each column
     */
    Dataset withColumns(Dataset data, Map<String, Object> values);

    /**
     * What a read finds outside, without its rows: for each of its files, or its table, the path, and a text that is
     * another one once it has changed.
     */
    SortedMap<String, String> sources(Read read);

    /** Whether what a run stored at a target is still there, as the version that it then had. */
    boolean holds(Write target, OptionalLong version);

    /** All rows that are at a target now, whoever wrote them. */
    default Dataset present(Write target, SourceSpan reader) {
        return read(new Read(
                target.format(), target.location(), List.of(), Optional.empty(), OptionalLong.empty(), reader));
    }

    /** The rows that an earlier run stored at a target, and no others, as the version that it then had. */
    Dataset earlier(Write target, OptionalLong version);

    /**
     * What one of these runs has committed for a node at a target, as the target itself knows it; empty where it has not, or
     * for a target that keeps no account of its writes. Throws where an account no longer reaches back so far.
     *
     * @param since when the first of the runs had started
     */
    Optional<Committed> committed(Write target, NodeId writer, Set<String> runs, Instant since);

    /** The rows of a query over the named inputs, {@code df} being one of them; computed when needed. */
    Dataset query(SqlStep step, Map<String, Dataset> inputs);

    /**
     * What a transformer makes of {@code df}, which is one of the named inputs; computed when needed. An argument that does
     * not fit the rows is a failure ({@link Misfit}).
     */
    Dataset transform(TransformStep step, Map<String, Dataset> inputs);

    /** The rows that a step makes. */
    default Dataset apply(Step step, Map<String, Dataset> inputs) {
        return step instanceof TransformStep transform ? transform(transform, inputs) : query((SqlStep) step, inputs);
    }

    /** The same rows, computed once and kept until {@link #discard} or until the session closes. */
    Dataset cache(Dataset data);

    /** Frees what {@link #cache} gave, which nothing reads any more. */
    void discard(Dataset cached);

    /** A connection for a node that has statements of its own. */
    NodeConnection connect();

    /** Computes the rows and counts them. */
    long count(Dataset data);

    /**
     * The columns of a dataset and, if it is computed already, its first rows. Computes nothing: other datasets give no
     * row, and one whose columns are costly to know gives no column.
     */
    Sample look(Dataset data, int rows);

    /** Computes the rows once and evaluates all checks on them. */
    CheckedDataset check(Dataset data, List<Check> checks);

    /**
     * Stores the rows beside the target, so that {@link StagedWrite#commit} only has to make them visible.
     *
     * @param writer the node whose rows they are; a target that can notes it, for {@link #committed}
     * @param reused whether {@link StagedWrite#written} will be asked for
     */
    StagedWrite stage(Dataset data, Write target, NodeId writer, boolean reused);

    /** Ends what is being computed now with a failure, and all that is asked for later. */
    void cancel();

    @Override
    void close();
}
