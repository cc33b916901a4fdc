package dev.tarn.core.run;

import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.NodeConnection;
import dev.tarn.core.engine.Session;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Statements;
import dev.tarn.core.source.MappedText;
import java.util.Optional;

/**
 * What one try of a node has around it: the session that all share, or, where the node has statements, a connection of its
 * own. What the node computes there is kept at once, so that all that follows is done as for any other node.
 */
final class Surroundings implements AutoCloseable {

    private final Statements statements;
    private final boolean writes;
    private final Session shared;
    private final Optional<NodeConnection> own;
    private Optional<Dataset> kept = Optional.empty();
    private boolean readByOthers;

    private Surroundings(PlannedNode node, Session shared, Optional<NodeConnection> own) {
        this.statements = node.node().statements();
        this.writes = node.node().write().isPresent();
        this.shared = shared;
        this.own = own;
    }

    /** Runs {@code pre_sql}. */
    static Surroundings of(PlannedNode node, Session shared, Tracer trace) {
        if (node.node().statements().isEmpty()) {
            return new Surroundings(node, shared, Optional.empty());
        }
        Surroundings made = new Surroundings(node, shared, Optional.of(shared.connect()));
        try {
            if (!made.statements.before().isEmpty()) {
                trace.timed(Phase.PRE_SQL, () -> made.execute(made.statements.before()));
            }
            return made;
        } catch (RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    /** For reading and transforming. */
    Session session() {
        return own.map(NodeConnection::session).orElse(shared);
    }

    /** What was computed here, as it may leave. */
    Dataset leaving(Dataset output) {
        if (own.isEmpty()) {
            return output;
        }
        Dataset computed = session().cache(output);
        kept = Optional.of(computed);
        return computed;
    }

    /** Whether what leaves is computed and kept already. */
    boolean keeps() {
        return own.isPresent();
    }

    /** Says that other nodes read what was kept. */
    void keepForOthers() {
        readByOthers = true;
    }

    /** Whether {@code post_sql} will read what is written. */
    boolean readsOutput() {
        return !statements.after().isEmpty();
    }

    /** Runs {@code post_sql}. The node's rows are visible by now, so it must not be tried again. */
    void finish(Dataset written, Tracer trace) {
        if (own.isPresent() && readsOutput()) {
            try {
                own.get().name(Input.OWN, written);
                trace.timed(Phase.POST_SQL, () -> execute(statements.after()));
            } catch (FailureException e) {
                throw new FailureException(late(e.failure()));
            }
        }
    }

    private Failure late(Failure failure) {
        return new Failure(
                failure.code(),
                (writes ? "post_sql, after the node's rows were written: " : "post_sql: ") + failure.message(),
                failure.help(),
                failure.span(),
                false,
                failure.cause(),
                failure.quotesRows());
    }

    private boolean execute(Iterable<MappedText> texts) {
        texts.forEach(statement -> own.orElseThrow().execute(statement));
        return true;
    }

    @Override
    public void close() {
        own.ifPresent(NodeConnection::close);
        if (!readByOthers) {
            kept.ifPresent(shared::discard);
        }
    }
}
