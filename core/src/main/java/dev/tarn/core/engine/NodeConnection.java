package dev.tarn.core.engine;

import dev.tarn.core.source.MappedText;

/**
 * A connection for one node alone: what statements make or set there, no other node sees. Not thread-safe. Closing it ends
 * all of that.
 *
 * <p>Methods throw {@link FailureException} for what goes wrong with data, files or SQL.
 */
public interface NodeConnection extends AutoCloseable {

    /** Runs a statement, which may make temporary things and set what is this connection's, and changes nothing else. */
    void execute(MappedText statement);

    /** The session as it is seen from here; what it gives is to be computed before this closes. */
    Session session();

    /** Lets statements read rows as a table; another one of this name, made here, is replaced. */
    void name(String table, Dataset rows);

    @Override
    void close();
}
