package dev.tarn.connect.secret;

import dev.tarn.core.connection.SecretScope;
import dev.tarn.core.source.SourceFile;
import java.nio.file.Path;
import java.util.Optional;

/** A process that stores secrets in a file, after it was told to on standard input. */
final class SecretWriter {

    private SecretWriter() {}

    static SecretScope scope(Path file) {
        return new SecretScope(
                "s",
                SecretScope.Provider.FILE,
                Optional.of(file),
                Optional.empty(),
                Optional.empty(),
                new SourceFile("tarn.yaml", "").start());
    }

    /**
     * Sets secrets one after another.
     *
     * @param args the file, a prefix of names, how many
     */
    public static void main(String[] args) throws Exception {
        SecretFile file = SecretFile.of(scope(Path.of(args[0])));
        SecretFile.Opened opened = file.openOrBegin("a passphrase".toCharArray());
        System.out.println("ready");
        if (System.in.read() < 0) {
            return;
        }
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            opened.set(args[1] + i, "value of " + args[1] + i);
            if (i > 0) {
                file.remove(args[1] + (i - 1));
            }
        }
    }
}
