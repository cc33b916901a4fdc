package dev.tarn.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Artifacts of Maven repositories with all that they need at run time, as one folder of jars.
 *
 * @param what for people
 * @param coordinates {@code group:artifact:version} or {@code group:artifact:extension:classifier:version}
 * @param excluded {@code group:artifact} that are left out wherever they come from
 */
public record MavenArtifacts(String what, List<String> coordinates, List<String> excluded) implements Request {

    public MavenArtifacts {
        coordinates = List.copyOf(coordinates);
        excluded = List.copyOf(excluded);
    }

    public MavenArtifacts(String what, String... coordinates) {
        this(what, List.of(coordinates), List.of());
    }

    /** The jars in the folder of such a request, in the order of their names. */
    public static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("jars"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public String kind() {
        return "maven";
    }

    @Override
    public String content() {
        return "maven 1\n" + String.join("\n", coordinates) + "\nwithout " + String.join(" ", excluded);
    }

    @Override
    public void fill(Path folder, Fetching fetching) throws ProvisionException, IOException {
        Path jars = Files.createDirectories(folder.resolve("jars"));
        for (Path jar : new MavenRepositories(fetching).withDependencies(coordinates, excluded)) {
            link(jar, jars.resolve(jar.getFileName()));
        }
    }

    /** Jars never change once they are there, so a second name costs no disk. */
    private static void link(Path file, Path link) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(file, link);
        }
    }
}
