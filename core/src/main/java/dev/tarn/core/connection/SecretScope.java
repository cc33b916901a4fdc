package dev.tarn.core.connection;

import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A place that keeps secrets, as the project declares it.
 *
 * @param file of {@link Provider#FILE}; absolute
 * @param keyFile of {@link Provider#FILE}: a file whose content is the passphrase; absolute
 * @param url of {@link Provider#AZURE_KEY_VAULT}
 */
public record SecretScope(
        String name,
        Provider provider,
        Optional<Path> file,
        Optional<Path> keyFile,
        Optional<String> url,
        SourceSpan span) {

    /** What keeps the secrets. */
    public enum Provider {
        /** Variables of the process, and of the file .env. */
        ENVIRONMENT,
        /** A file that is encrypted with a passphrase. */
        FILE,
        AZURE_KEY_VAULT
    }
}
