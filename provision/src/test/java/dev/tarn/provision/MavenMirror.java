package dev.tarn.provision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** A home folder whose Maven settings name a mirror of all repositories: a folder in which tests publish artifacts. */
final class MavenMirror {

    private final Path home;
    private final Path repository;

    MavenMirror(Path folder) throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        repository = Files.createDirectories(folder.resolve("mirror"));
        Files.createDirectories(home.resolve(".m2"));
        settings("");
    }

    Map<String, String> environment() {
        return Map.of("HOME", home.toString(), "PATH", System.getenv("PATH"));
    }

    Path localRepository() {
        return home.resolve(".m2/repository");
    }

    void settings(String more) throws IOException {
        Files.writeString(home.resolve(".m2/settings.xml"), """
                <settings>
                  %s
                  <mirrors><mirror><id>m</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors>
                </settings>
                """.formatted(more, repository.toUri()));
    }

    /** Publishes {@code test:NAME:1} that needs {@code test:OTHER:1}, each. */
    void publish(String name, String... needs) throws IOException {
        StringBuilder dependencies = new StringBuilder();
        for (String other : needs) {
            dependencies.append("<dependency><groupId>test</groupId><artifactId>" + other
                    + "</artifactId><version>1</version></dependency>");
        }
        store(name, ".pom", """
                <project><modelVersion>4.0.0</modelVersion>
                <groupId>test</groupId><artifactId>%s</artifactId><version>1</version>
                <dependencies>%s</dependencies></project>
                """.formatted(name, dependencies));
        store(name, ".jar", "the jar of " + name);
    }

    void breakJar(String name) throws IOException {
        Files.writeString(file(name, ".jar"), "something else");
    }

    private void store(String name, String ending, String content) throws IOException {
        Path file = file(name, ending);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.writeString(file.resolveSibling(file.getFileName() + ".sha1"), sha1(content));
    }

    private Path file(String name, String ending) {
        return repository.resolve("test/" + name + "/1/" + name + "-1" + ending);
    }

    private static String sha1(String content) {
        try {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
