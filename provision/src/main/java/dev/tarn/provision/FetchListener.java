package dev.tarn.provision;

/** Hears what is being fetched. Called from the thread that asked for it, and from threads that download. */
public interface FetchListener {

    /** Hears nothing. */
    FetchListener NONE = new FetchListener() {};

    /** Something is not in the cache and will be fetched now. */
    default void started(String what) {}

    /**
     * A part of it has arrived.
     *
     * @param part a file or package
     * @param bytes all that have arrived for {@code what} so far; 0 when that is not known
     */
    default void progress(String what, String part, long bytes) {}

    /** It is in the cache. */
    default void finished(String what) {}
}
