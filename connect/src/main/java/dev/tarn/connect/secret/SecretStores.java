package dev.tarn.connect.secret;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.Redaction;
import dev.tarn.core.connection.SecretReference;
import dev.tarn.core.connection.SecretScope;
import dev.tarn.core.connection.Secrets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The secrets of a project: each is fetched when it is first asked for, and once, however many ask at the same time. From
 * then on its value is redacted. A fetch that fails is tried again by who asks next. Thread-safe.
 */
public final class SecretStores implements Secrets {

    private final List<SecretScope> scopes;
    private final Supplier<Map<String, String>> variables;
    private final Redaction redaction;
    private final Map<SecretReference, String> fetched = new ConcurrentHashMap<>();
    private final Map<String, Secrets> stores = new ConcurrentHashMap<>();

    /**
     * Nothing is opened before a secret is asked for.
     *
     * @param variables those of the process and of the file .env; asked when they are needed
     */
    public SecretStores(List<SecretScope> scopes, Supplier<Map<String, String>> variables, Redaction redaction) {
        this.scopes = List.copyOf(scopes);
        this.variables = variables;
        this.redaction = redaction;
    }

    @Override
    public String get(SecretReference secret) throws ConnectionException {
        try {
            return fetched.computeIfAbsent(secret, this::fetch);
        } catch (Unavailable e) {
            throw e.reason;
        }
    }

    private String fetch(SecretReference secret) {
        try {
            String value = stores.computeIfAbsent(secret.scope(), this::open).get(secret);
            redaction.add(value);
            return value;
        } catch (ConnectionException e) {
            throw new Unavailable(e);
        }
    }

    private Secrets open(String name) {
        SecretScope scope = scopes.stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("secret scope '" + name + "' is not declared"));
        return switch (scope.provider()) {
            case ENVIRONMENT -> new EnvironmentSecrets(variables.get());
            case FILE -> new FileSecrets(scope, variables);
            case AZURE_KEY_VAULT -> new KeyVaultSecrets(scope);
        };
    }

    /** Carries the reason through {@link Map#computeIfAbsent}. */
    private static final class Unavailable extends RuntimeException {
        private final transient ConnectionException reason;

        Unavailable(ConnectionException reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
