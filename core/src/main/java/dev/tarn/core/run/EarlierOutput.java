package dev.tarn.core.run;

import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Session;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.ProblemCode;
import java.util.Optional;

/** What a node stored in an earlier run, as input of one that runs now. */
public final class EarlierOutput {

    private EarlierOutput() {}

    /**
     * Whether a target gives back exactly the rows that a node made. CSV and JSON lose types, the folders of a
     * partitioned file write too, and in a file that was appended to nobody can tell old rows from new.
     */
    public static boolean isReadable(Write write) {
        return write.format() == Format.DELTA
                || (write.format() == Format.PARQUET
                        && write.mode() != WriteMode.APPEND
                        && write.partitionBy().isEmpty());
    }

    static Dataset read(Session session, Write write, NodeResult.UpToDate earlier, Input.FromNode from) {
        if (!isReadable(write)) {
            throw new FailureException(new Failure(
                    ProblemCode.READ_FAILED,
                    "the rows that '" + from.node() + "' wrote to '" + write.location() + "' in run " + earlier.madeBy()
                            + " cannot be read back as they were",
                    Optional.of("run without --resume, or let '" + from.node() + "' write a Delta table"),
                    Optional.of(from.span()),
                    false,
                    null));
        }
        return session.earlier(write, earlier.versionOf(write));
    }
}
