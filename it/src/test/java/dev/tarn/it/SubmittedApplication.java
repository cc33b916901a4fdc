package dev.tarn.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.spark.sql.SparkSession;

/** An application for {@code spark-submit}: writes a Delta table of a thousand rows on the cluster. */
public final class SubmittedApplication {

    private SubmittedApplication() {}

    public static void main(String... args) {
        SparkSession spark = SparkSession.builder().getOrCreate();
        spark.range(0, 1000, 1, 4).write().format("delta").save(args[0]);
        spark.stop();
    }

    /** A jar of this class alone. */
    static Path jar(Path folder) throws IOException {
        String entry = SubmittedApplication.class.getName().replace('.', '/') + ".class";
        Path jar = folder.resolve("application.jar");
        try (InputStream in = SubmittedApplication.class.getClassLoader().getResourceAsStream(entry);
                OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            out.putNextEntry(new JarEntry(entry));
            Objects.requireNonNull(in).transferTo(out);
        }
        return jar;
    }
}
