package dev.tarn.connect.secret;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.SecretReference;
import dev.tarn.core.connection.SecretScope;
import dev.tarn.core.connection.Secrets;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The secrets of an encrypted file, opened once. */
final class FileSecrets implements Secrets {

    private final SecretScope scope;
    private final Supplier<Map<String, String>> variables;
    private SecretFile.@Nullable Opened opened;

    FileSecrets(SecretScope scope, Supplier<Map<String, String>> variables) {
        this.scope = scope;
        this.variables = variables;
    }

    @Override
    public synchronized String get(SecretReference secret) throws ConnectionException {
        if (opened == null) {
            SecretFile file = SecretFile.of(scope);
            char[] passphrase = file.passphrase(scope, variables.get())
                    .orElseThrow(() -> new ConnectionException(
                            ConnectionException.Kind.SECRET,
                            "the passphrase of '" + file.path() + "' is not known",
                            "set " + SecretFile.PASSPHRASE + ", or name a key_file in secret scope '" + scope.name()
                                    + "'"));
            opened = file.open(passphrase);
        }
        return opened.get(secret.name());
    }
}
