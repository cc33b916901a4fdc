package dev.tarn.core.connection;

/**
 * Names a secret without knowing it.
 *
 * @param scope where it is kept, by the name that the project declares
 * @param name what it is called there
 */
public record SecretReference(String scope, String name) {

    /** As it is written in a project: {@code ${secret:erp/password}}. */
    @Override
    public String toString() {
        return "${secret:" + scope + "/" + name + "}";
    }
}
