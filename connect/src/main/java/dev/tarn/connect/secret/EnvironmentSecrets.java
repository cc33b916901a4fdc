package dev.tarn.connect.secret;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.SecretReference;
import dev.tarn.core.connection.Secrets;
import java.util.Locale;
import java.util.Map;

/** Secrets in variables: {@code erp/db-password} is {@code ERP__DB_PASSWORD}. */
final class EnvironmentSecrets implements Secrets {

    private final Map<String, String> variables;

    EnvironmentSecrets(Map<String, String> variables) {
        this.variables = variables;
    }

    @Override
    public String get(SecretReference secret) throws ConnectionException {
        String variable = variable(secret);
        String value = variables.getOrDefault(variable, "");
        if (value.isEmpty()) {
            throw new ConnectionException(
                    ConnectionException.Kind.SECRET,
                    "secret '" + secret.scope() + "/" + secret.name() + "' is not set",
                    "set the environment variable " + variable + ", or add it to .env beside the project file");
        }
        return value;
    }

    static String variable(SecretReference secret) {
        return (secret.scope() + "__" + secret.name()).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
    }
}
