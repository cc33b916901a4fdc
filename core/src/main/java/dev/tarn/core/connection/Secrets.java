package dev.tarn.core.connection;

/** Gives the values of secrets, at the last moment. Implementations are thread-safe. */
@FunctionalInterface
public interface Secrets {

    /** For a project that has none. */
    Secrets NONE = secret -> {
        throw new ConnectionException(
                ConnectionException.Kind.SECRET, "there is no secret " + secret, "declare its scope under 'secrets'");
    };

    /**
     * The value of a secret.
     *
     * @throws ConnectionException if there is no such secret, or its store does not answer
     */
    String get(SecretReference secret) throws ConnectionException;
}
