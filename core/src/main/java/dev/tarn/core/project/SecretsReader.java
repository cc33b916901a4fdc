package dev.tarn.core.project;

import dev.tarn.core.connection.SecretScope;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads where the secrets of a project are. */
final class SecretsReader {

    static final String KEY = "secrets";

    private static final Choices<SecretScope.Provider> PROVIDERS =
            Choices.of("provider of secrets", SecretScope.Provider.class);
    private static final Map<String, SecretScope.Provider> OF_KEYS = Map.of(
            "path",
            SecretScope.Provider.FILE,
            "key_file",
            SecretScope.Provider.FILE,
            "url",
            SecretScope.Provider.AZURE_KEY_VAULT);
    private static final Pattern URL = Pattern.compile("https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?");

    private final Path directory;
    private final Problems problems;

    SecretsReader(Path directory, Problems problems) {
        this.directory = directory;
        this.problems = problems;
    }

    List<SecretScope> read(MappingReader project) {
        Identifiers names = new Identifiers("secret scope", problems);
        List<SecretScope> scopes = new ArrayList<>();
        for (Yaml.Entry entry : project.mapping(KEY).map(MappingReader::entries).orElse(List.of())) {
            if (names.add(entry.key(), entry.keySpan())) {
                read(entry).ifPresent(scopes::add);
            }
        }
        return scopes;
    }

    private Optional<SecretScope> read(Yaml.Entry entry) {
        String what = "secret scope " + Names.quoted(entry.key());
        if (!(entry.value() instanceof Yaml.Mapping mapping)) {
            if (!(entry.value() instanceof Yaml.Unresolved)) {
                problems.error(
                        ProblemCode.WRONG_TYPE,
                        entry.value().span(),
                        what + " is a mapping, not " + entry.value().kind(),
                        "use {provider: environment}");
            }
            return Optional.empty();
        }
        MappingReader in = new MappingReader(mapping, Model.SECRET_SCOPE, what, entry.keySpan(), problems);
        in.require("provider");
        Optional<SecretScope.Provider> provider = in.choice("provider", PROVIDERS);
        Optional<Path> path = in.scalar("path").flatMap(this::path);
        Optional<Path> keyFile = in.scalar("key_file").flatMap(this::path);
        Optional<String> url = in.scalar("url").flatMap(this::url);
        in.hint("use 'provider'", "type", "store");
        in.hint("use 'url', such as https://my-vault.vault.azure.net", "vault", "key_vault", "vault_url");
        in.finish();
        provider.ifPresent(known -> checkKeys(in, known));
        Path file = path.orElse(directory.resolve("secrets." + entry.key()));
        return provider.map(known -> new SecretScope(
                entry.key(),
                known,
                known == SecretScope.Provider.FILE ? Optional.of(file) : Optional.empty(),
                keyFile,
                url,
                entry.keySpan()));
    }

    private void checkKeys(MappingReader in, SecretScope.Provider provider) {
        OF_KEYS.forEach((key, owner) -> {
            if (owner != provider) {
                in.keySpan(key)
                        .ifPresent(span -> problems.error(
                                ProblemCode.CONFLICTING_KEYS,
                                span,
                                Names.quoted(key) + " has no meaning for this provider",
                                "remove it"));
            }
        });
        if (provider == SecretScope.Provider.AZURE_KEY_VAULT) {
            in.require("url");
        }
    }

    private Optional<Path> path(Yaml.Scalar scalar) {
        try {
            return Optional.of(
                    directory.resolve(scalar.text().text()).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            problems.error(
                    ProblemCode.INVALID_VALUE,
                    scalar.span(),
                    Names.quoted(scalar.text().text()) + " is not a path");
            return Optional.empty();
        }
    }

    private Optional<String> url(Yaml.Scalar scalar) {
        String text = scalar.text().text();
        if (URL.matcher(text).matches()) {
            return Optional.of(text);
        }
        problems.error(
                ProblemCode.INVALID_VALUE,
                scalar.span(),
                Names.quoted(text) + " is not the address of a key vault",
                "write it as https://my-vault.vault.azure.net");
        return Optional.empty();
    }
}
