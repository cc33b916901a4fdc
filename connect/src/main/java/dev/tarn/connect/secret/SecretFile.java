package dev.tarn.connect.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import dev.tarn.core.connection.SecretScope;
import dev.tarn.core.source.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A file of secrets, each encrypted for itself (AES-256-GCM, bound to its name) with one key that is derived from a
 * passphrase (PBKDF2). Names can be read without the passphrase. The file is text with a line for each secret, so that a
 * version control system shows which one was changed.
 */
public final class SecretFile {

    /** The variable with the passphrase. */
    public static final String PASSPHRASE = "TARN_SECRETS_PASSPHRASE";

    private static final String HEADER = "tarn-secrets v1 pbkdf2-hmac-sha256";
    private static final Pattern FIRST_LINE = Pattern.compile(
            Pattern.quote(HEADER) + " (?<iterations>[0-9]{1,8}) (?<salt>[A-Za-z0-9+/=]+) (?<check>[A-Za-z0-9+/=]+)");
    private static final Pattern LINE =
            Pattern.compile("(?<name>[A-Za-z0-9_][A-Za-z0-9_.-]*) = (?<value>[A-Za-z0-9+/=]+)");
    /** OWASP's number for PBKDF2 with SHA-256; about 0.3 s. */
    private static final int ITERATIONS = 600_000;

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    /** What the check value is bound to; no secret has this name. */
    private static final String CHECK = "(check)";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path path;

    private SecretFile(Path path) {
        this.path = path;
    }

    /** The file of a scope; it need not exist. */
    public static SecretFile of(SecretScope scope) {
        return new SecretFile(scope.file()
                .orElseThrow(() -> new IllegalStateException("secret scope " + scope.name() + " has no file")));
    }

    public Path path() {
        return path;
    }

    public boolean exists() {
        return Files.exists(path);
    }

    /** The passphrase of a scope, if its key file or {@value #PASSPHRASE} has it. */
    public Optional<char[]> passphrase(SecretScope scope, Map<String, String> variables) throws ConnectionException {
        if (scope.keyFile().isPresent()) {
            Path key = scope.keyFile().get();
            try {
                String text = Files.readString(key).strip();
                if (text.isEmpty()) {
                    throw new ConnectionException(
                            Kind.SECRET, "key file '" + key + "' is empty", "put the passphrase into it");
                }
                return Optional.of(text.toCharArray());
            } catch (IOException e) {
                throw new ConnectionException(
                        Kind.SECRET,
                        "key file '" + key + "' cannot be read: " + reason(e),
                        "it holds the passphrase of " + path,
                        e);
            }
        }
        return Optional.of(variables.getOrDefault(PASSPHRASE, ""))
                .filter(text -> !text.isEmpty())
                .map(String::toCharArray);
    }

    /** The names of the secrets; none if there is no file. */
    public Set<String> names() throws ConnectionException {
        return exists() ? read().values().keySet() : Set.of();
    }

    /** Gets the key; a wrong passphrase is told apart from a damaged file. */
    public Opened open(char[] passphrase) throws ConnectionException {
        Content content = read();
        SecretKeySpec key = key(passphrase, decoded(content.salt()), content.iterations());
        try {
            decrypt(key, CHECK, decoded(content.check()));
        } catch (AEADBadTagException e) {
            throw new ConnectionException(
                    Kind.SECRET,
                    "the passphrase of '" + path + "' is wrong",
                    "give the one that its first secret was set with",
                    e);
        } catch (GeneralSecurityException e) {
            throw damaged(e);
        }
        return new Opened(content, key, passphrase);
    }

    /** The same; a file that does not exist is begun. Nothing is written yet. */
    public Opened openOrBegin(char[] passphrase) throws ConnectionException {
        if (exists()) {
            return open(passphrase);
        }
        byte[] salt = new byte[16];
        RANDOM.nextBytes(salt);
        SecretKeySpec key = key(passphrase, salt, ITERATIONS);
        Content empty = new Content(ITERATIONS, encoded(salt), encoded(encrypt(key, CHECK, "ok")), Map.of());
        return new Opened(empty, key, passphrase);
    }

    /** A file whose key is known. */
    public final class Opened {
        private final Content content;
        private final SecretKeySpec key;
        private final char[] passphrase;

        private Opened(Content content, SecretKeySpec key, char[] passphrase) {
            this.content = content;
            this.key = key;
            this.passphrase = passphrase.clone();
        }

        /** The value of a secret. */
        public String get(String name) throws ConnectionException {
            byte[] value = content.values().get(name);
            if (value == null) {
                throw noSuch(name, content.values().keySet());
            }
            try {
                return decrypt(key, name, value);
            } catch (GeneralSecurityException e) {
                throw new ConnectionException(
                        Kind.SECRET,
                        "secret '" + name + "' in '" + path + "' is damaged",
                        "set it again with 'tarn secret set'",
                        e);
            }
        }

        /** Stores a secret, or another value for it; what others stored since the file was opened stays. */
        public void set(String name, String value) throws ConnectionException {
            SecretFileLock lock = SecretFileLock.of(path);
            try {
                Opened now = now();
                Map<String, byte[]> values = new TreeMap<>(now.content.values());
                values.put(name, encrypt(now.key, name, value));
                write(now.content.with(values));
            } finally {
                lock.free();
            }
        }

        /** As the file is now; if another began it meanwhile, it has another key of the same passphrase. */
        private Opened now() throws ConnectionException {
            if (!exists()) {
                return new Opened(content.with(Map.of()), key, passphrase);
            }
            Content now = read();
            return now.salt().equals(content.salt()) && now.iterations() == content.iterations()
                    ? new Opened(now, key, passphrase)
                    : open(passphrase);
        }
    }

    /** Removes a secret; no passphrase is needed. */
    public void remove(String name) throws ConnectionException {
        SecretFileLock lock = SecretFileLock.of(path);
        try {
            Content content = read();
            Map<String, byte[]> values = new TreeMap<>(content.values());
            if (values.remove(name) == null) {
                throw noSuch(name, content.values().keySet());
            }
            write(content.with(values));
        } finally {
            lock.free();
        }
    }

    private ConnectionException noSuch(String name, Set<String> names) {
        return new ConnectionException(
                Kind.SECRET,
                "'" + path + "' has no secret " + Names.quoted(name),
                Names.didYouMean(name, names)
                        .orElse(names.isEmpty() ? "it is empty" : "it has " + String.join(", ", names)));
    }

    private static byte[] decoded(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** @param values by name, in the order of names */
    private record Content(int iterations, String salt, String check, Map<String, byte[]> values) {

        Content with(Map<String, byte[]> other) {
            return new Content(iterations, salt, check, other);
        }

        String text() {
            Base64.Encoder base64 = Base64.getEncoder();
            StringBuilder text = new StringBuilder(HEADER)
                    .append(' ')
                    .append(iterations)
                    .append(' ')
                    .append(salt)
                    .append(' ')
                    .append(check)
                    .append('\n');
            values.forEach((name, value) -> text.append(name)
                    .append(" = ")
                    .append(base64.encodeToString(value))
                    .append('\n'));
            return text.toString();
        }
    }

    private Content read() throws ConnectionException {
        try {
            List<String> lines = Files.readAllLines(path);
            Matcher first = FIRST_LINE.matcher(lines.isEmpty() ? "" : lines.get(0));
            if (!first.matches()) {
                throw damaged(null);
            }
            Base64.Decoder base64 = Base64.getDecoder();
            Map<String, byte[]> values = new TreeMap<>();
            for (String line : lines.subList(1, lines.size())) {
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches() && !line.isBlank()) {
                    throw damaged(null);
                }
                if (!line.isBlank()) {
                    values.put(matcher.group("name"), base64.decode(matcher.group("value")));
                }
            }
            return new Content(
                    Integer.parseInt(first.group("iterations")),
                    encoded(base64.decode(first.group("salt"))),
                    encoded(base64.decode(first.group("check"))),
                    values);
        } catch (NoSuchFileException e) {
            throw new ConnectionException(
                    Kind.SECRET, "there is no file '" + path + "'", "'tarn secret set SCOPE/NAME' makes it", e);
        } catch (IOException e) {
            throw new ConnectionException(
                    Kind.SECRET, "'" + path + "' cannot be read: " + reason(e), "check that you may read it", e);
        } catch (IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    private ConnectionException damaged(@Nullable Exception cause) {
        return new ConnectionException(
                Kind.SECRET, "'" + path + "' is no file of secrets, or is damaged", "restore it from a copy", cause);
    }

    /** Beside it and then in its place, flushed: a crash leaves the old file or the new. */
    private void write(Content content) throws ConnectionException {
        Path temporary = path.resolveSibling("." + path.getFileName() + ".new");
        try {
            Files.deleteIfExists(temporary);
            FileAttribute<?>[] mine =
                    FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                            }
                            : new FileAttribute<?>[0];
            try (FileChannel channel = FileChannel.open(
                    temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mine)) {
                ByteBuffer bytes = UTF_8.encode(content.text());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileAlreadyExistsException e) {
            throw new ConnectionException(
                    Kind.SECRET, "'" + path + "' is being written by another process", "try again", e);
        } catch (IOException e) {
            throw new ConnectionException(
                    Kind.SECRET, "'" + path + "' cannot be written: " + reason(e), "check folder and disk", e);
        }
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "it does not exist" : String.valueOf(e.getMessage());
    }

    private static SecretKeySpec key(char[] passphrase, byte[] salt, int iterations) {
        try {
            PBEKeySpec spec = new PBEKeySpec(passphrase, salt, iterations, 256);
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            return new SecretKeySpec(key, "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
        }
    }

    private static byte[] encrypt(SecretKeySpec key, String name, String value) {
        try {
            byte[] nonce = new byte[NONCE];
            RANDOM.nextBytes(nonce);
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, name, nonce);
            byte[] encrypted = cipher.doFinal(value.getBytes(UTF_8));
            byte[] all = Arrays.copyOf(nonce, NONCE + encrypted.length);
            System.arraycopy(encrypted, 0, all, NONCE, encrypted.length);
            return all;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES/GCM", e);
        }
    }

    private static String decrypt(SecretKeySpec key, String name, byte[] value) throws GeneralSecurityException {
        if (value.length < NONCE) {
            throw new AEADBadTagException("too short");
        }
        Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, name, Arrays.copyOf(value, NONCE));
        return new String(cipher.doFinal(value, NONCE, value.length - NONCE), UTF_8);
    }

    /** Bound to its name, so that nobody can give one secret's value to another. */
    private static Cipher cipher(int mode, SecretKeySpec key, String name, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(UTF_8));
        return cipher;
    }
}
