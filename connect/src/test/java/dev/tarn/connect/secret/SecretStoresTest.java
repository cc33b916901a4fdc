package dev.tarn.connect.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.Redaction;
import dev.tarn.core.connection.SecretReference;
import dev.tarn.core.connection.SecretScope;
import dev.tarn.core.source.SourceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretStoresTest {

    private static final String VALUE = "pa\"ss 'wörd\\ü";

    @TempDir
    private Path folder;

    private final Redaction redaction = new Redaction();

    private SecretScope scope(SecretScope.Provider provider, Optional<Path> keyFile) {
        return new SecretScope(
                "erp",
                provider,
                Optional.of(folder.resolve("secrets.erp")),
                keyFile,
                Optional.empty(),
                new SourceFile("tarn.yaml", "").start());
    }

    private SecretStores stores(SecretScope scope, Map<String, String> variables) {
        return new SecretStores(List.of(scope), () -> variables, redaction);
    }

    @Test
    void takesASecretFromAVariableAndHidesItFromThenOn() throws ConnectionException {
        SecretStores stores = stores(
                scope(SecretScope.Provider.ENVIRONMENT, Optional.empty()), Map.of("ERP__DB_PASSWORD", "s3cr3t-1"));

        assertThat(redaction.apply("s3cr3t-1")).isEqualTo("s3cr3t-1");
        assertThat(stores.get(new SecretReference("erp", "db-password"))).isEqualTo("s3cr3t-1");
        assertThat(redaction.apply("it is s3cr3t-1!")).isEqualTo("it is ***!");
    }

    @Test
    void saysWhichVariableIsMissing() {
        SecretStores stores = stores(scope(SecretScope.Provider.ENVIRONMENT, Optional.empty()), Map.of());

        assertThatThrownBy(() -> stores.get(new SecretReference("erp", "db")))
                .hasMessage("secret 'erp/db' is not set")
                .extracting(e -> ((ConnectionException) e).help())
                .isEqualTo("set the environment variable ERP__DB, or add it to .env beside the project file");
    }

    @Test
    void asksTheStoreOnceHoweverManyAskAtTheSameTime() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        SecretStores stores = new SecretStores(
                List.of(scope(SecretScope.Provider.ENVIRONMENT, Optional.empty())),
                () -> {
                    asked.incrementAndGet();
                    return Map.of("ERP__DB", "0123456789x");
                },
                redaction);

        List<String> values = IntStream.range(0, 64)
                .parallel()
                .mapToObj(i -> {
                    try {
                        return stores.get(new SecretReference("erp", "db"));
                    } catch (ConnectionException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .distinct()
                .toList();

        assertThat(values).containsExactly("0123456789x");
        assertThat(asked).hasValue(1);
    }

    @Test
    void keepsSecretsInAnEncryptedFile() throws Exception {
        SecretScope scope = scope(SecretScope.Provider.FILE, Optional.empty());
        SecretFile file = SecretFile.of(scope);

        file.openOrBegin("open sesame".toCharArray()).set("db", VALUE);
        file.openOrBegin("open sesame".toCharArray()).set("api.key-2", "another");

        assertThat(file.names()).containsExactly("api.key-2", "db");
        String text = Files.readString(file.path());
        assertThat(text).doesNotContain("another").doesNotContain("sesame").doesNotContain(VALUE);
        assertThat(Files.getPosixFilePermissions(file.path())).hasSize(2);
        SecretStores stores = stores(scope, Map.of(SecretFile.PASSPHRASE, "open sesame"));
        assertThat(stores.get(new SecretReference("erp", "db"))).isEqualTo(VALUE);

        file.remove("db");
        assertThat(file.names()).containsExactly("api.key-2");
    }

    @Test
    void takesThePassphraseFromAKeyFile() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "long and random\n");
        SecretScope scope = scope(SecretScope.Provider.FILE, Optional.of(key));
        SecretFile.of(scope).openOrBegin("long and random".toCharArray()).set("db", VALUE);

        assertThat(stores(scope, Map.of()).get(new SecretReference("erp", "db")))
                .isEqualTo(VALUE);
    }

    @Test
    void tellsAWrongPassphraseFromADamagedFile() throws Exception {
        SecretScope scope = scope(SecretScope.Provider.FILE, Optional.empty());
        SecretFile file = SecretFile.of(scope);
        file.openOrBegin("right one".toCharArray()).set("db", VALUE);

        assertThatThrownBy(() -> file.open("wrong one".toCharArray()))
                .hasMessage("the passphrase of '" + file.path() + "' is wrong");
        assertThatThrownBy(() -> stores(scope, Map.of()).get(new SecretReference("erp", "db")))
                .hasMessage("the passphrase of '" + file.path() + "' is not known");

        Files.writeString(file.path(), Files.readString(file.path()) + "cut off");
        assertThatThrownBy(() -> file.open("right one".toCharArray()))
                .hasMessage("'" + file.path() + "' is no file of secrets, or is damaged");
    }

    @Test
    void doesNotGiveOneSecretForAnother() throws Exception {
        SecretFile file = SecretFile.of(scope(SecretScope.Provider.FILE, Optional.empty()));
        file.openOrBegin("right one".toCharArray()).set("db", VALUE);
        Files.writeString(file.path(), Files.readString(file.path()).replace("db = ", "admin = "));

        assertThatThrownBy(() -> file.open("right one".toCharArray()).get("admin"))
                .hasMessage("secret 'admin' in '" + file.path() + "' is damaged");
    }
}
