package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.cli.render.ProblemJson;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.cli.render.SecretsText;
import dev.tarn.connect.secret.SecretFile;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.SecretScope;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tarn secret}: keeps secrets in an encrypted file. */
@Command(
        name = "secret",
        description = "Keep secrets in an encrypted file of the project.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "A scope is declared in the project: secrets: {local: {provider: file}}.",
            "The passphrase is that of the scope's key_file, else of TARN_SECRETS_PASSPHRASE, else asked for."
        })
final class SecretCommand implements Runnable {

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    SecretCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "secret needs one of: set, list, rm");
    }

    /** A scope and a name in it. */
    private record Target(SecretScope scope, String name) {}

    @Command(
            name = "set",
            description = {
                "Store a secret, or another value for it.",
                "The value is asked for, or read from standard input if that is no terminal."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int set(
            @Parameters(paramLabel = "SCOPE/NAME", description = "As in ${secret:SCOPE/NAME}, without the braces.")
                    String target,
            @Mixin CommonOptions where) {
        return work(where, () -> {
            Target secret = target(target, scopes(where));
            SecretFile file = SecretFile.of(secret.scope());
            SecretFile.Opened opened = file.openOrBegin(passphrase(secret.scope(), file, where));
            opened.set(secret.name(), value(secret.name()));
            new SecretsText(console).done("set", target, file.path(), where.json());
        });
    }

    @Command(
            name = "list",
            description = "List the secrets in encrypted files by name; needs no passphrase.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int list(@Mixin CommonOptions where) {
        return work(where, () -> {
            Map<String, Path> secrets = new LinkedHashMap<>();
            for (SecretScope scope : scopes(where)) {
                if (scope.provider() == SecretScope.Provider.FILE) {
                    SecretFile file = SecretFile.of(scope);
                    file.names().forEach(name -> secrets.put(scope.name() + "/" + name, file.path()));
                }
            }
            new SecretsText(console).list(secrets, where.json());
        });
    }

    @Command(
            name = "rm",
            description = "Remove a secret; needs no passphrase.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int remove(
            @Parameters(paramLabel = "SCOPE/NAME", description = "As 'tarn secret list' shows it.") String target,
            @Mixin CommonOptions where) {
        return work(where, () -> {
            Target secret = target(target, scopes(where));
            SecretFile file = SecretFile.of(secret.scope());
            file.remove(secret.name());
            new SecretsText(console).done("removed", target, file.path(), where.json());
        });
    }

    /** What a command does. */
    private interface Work {
        void run() throws ConnectionException;
    }

    /** Its project has errors, which are printed. */
    private static final class InvalidProject extends RuntimeException {}

    private int work(CommonOptions where, Work work) {
        try {
            work.run();
            return ExitCode.OK;
        } catch (InvalidProject e) {
            return ExitCode.INVALID;
        } catch (ConnectionException e) {
            new ErrorText(console)
                    .environment(
                            ProblemCode.SECRET_UNAVAILABLE, String.valueOf(e.getMessage()), e.help(), where.json());
            return ExitCode.FAILED;
        }
    }

    private static Path path(CommonOptions where) {
        return ProjectPath.of(Optional.empty(), where.project);
    }

    private List<SecretScope> scopes(CommonOptions where) {
        Problems problems = new Problems();
        Project project = new ProjectLoader(System.getenv(), Clock.systemUTC(), console.redaction())
                .load(path(where), where.environment, problems);
        // A project with errors elsewhere can be given its secrets all the same.
        if (project.secrets().isEmpty() && problems.hasErrors()) {
            if (where.json()) {
                new ProblemJson(console).invalid("tarn/secrets/v1", problems);
            }
            new ProblemText(console).print(problems);
            throw new InvalidProject();
        }
        return project.secrets();
    }

    private static Target target(String text, List<SecretScope> scopes) {
        if (!text.matches("[A-Za-z_][A-Za-z0-9_]*/[A-Za-z0-9_][A-Za-z0-9_.-]{0,126}")) {
            throw new UsageException(
                    Names.quoted(text) + " names no secret", "write SCOPE/NAME, such as erp/db-password");
        }
        String scope = text.substring(0, text.indexOf('/'));
        List<String> files = scopes.stream()
                .filter(s -> s.provider() == SecretScope.Provider.FILE)
                .map(SecretScope::name)
                .toList();
        SecretScope found = scopes.stream()
                .filter(s -> s.name().equals(scope) && s.provider() == SecretScope.Provider.FILE)
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        Names.quoted(scope) + " is no scope with an encrypted file",
                        Names.didYouMean(scope, files)
                                .orElse("declare it: secrets: {" + scope + ": {provider: file}}")));
        return new Target(found, text.substring(text.indexOf('/') + 1));
    }

    private char[] passphrase(SecretScope scope, SecretFile file, CommonOptions where) throws ConnectionException {
        Optional<char[]> known =
                file.passphrase(scope, new ProjectLoader(System.getenv(), Clock.systemUTC()).variables(path(where)));
        if (known.isPresent()) {
            return known.get();
        }
        java.io.Console terminal = terminal()
                .orElseThrow(() -> new ConnectionException(
                        ConnectionException.Kind.SECRET,
                        "the passphrase of '" + file.path() + "' is not known",
                        "set " + SecretFile.PASSPHRASE + ", or name a key_file in secret scope '" + scope.name()
                                + "'"));
        char[] first = terminal.readPassword("Passphrase of %s: ", file.path());
        boolean same = file.exists() || java.util.Arrays.equals(first, terminal.readPassword("The same again: "));
        if (first == null || first.length == 0 || !same) {
            throw new UsageException("no passphrase, or two different ones", "nothing was changed: try again");
        }
        return first;
    }

    /** From Java 22 on there is a console even without a terminal, and it can be asked. */
    @SuppressWarnings("SystemConsoleNull")
    private static Optional<java.io.Console> terminal() {
        return Optional.ofNullable(System.console()).filter(SecretCommand::isTerminal);
    }

    private static boolean isTerminal(java.io.Console console) {
        try {
            return Runtime.version().feature() < 22
                    || (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Java 22 and later can say whether there is a terminal", e);
        }
    }

    /** Never an argument: those can be seen by others, and stay in the shell's history. */
    private static String value(String name) {
        String value;
        Optional<java.io.Console> terminal = terminal();
        if (terminal.isPresent()) {
            char[] typed = terminal.get().readPassword("Value of %s: ", name);
            value = typed == null ? "" : new String(typed);
        } else {
            try {
                value = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).replaceFirst("\\r?\\n$", "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (value.isEmpty()) {
            throw new UsageException("the value is empty", "type it, or pipe it in; nothing was changed");
        }
        return value;
    }
}
