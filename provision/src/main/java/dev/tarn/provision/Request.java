package dev.tarn.provision;

import java.io.IOException;
import java.nio.file.Path;

/** Something that can be fetched. Two equal requests are the same thing, and are fetched once. */
public sealed interface Request permits MavenArtifacts, MavenArchive, DebianPackages, NpmPackages, PythonPackages {

    /** The folder of the cache that holds things of this kind. */
    String kind();

    /** All that decides about the content; its hash is the name in the cache. */
    String content();

    /** What it is, for people: {@code Kafka 4.2.0}. */
    String what();

    /**
     * Fills an empty folder. It is at its final place, because Python environments cannot be moved.
     *
     * @throws ProvisionException if it cannot be had
     */
    void fill(Path folder, Fetching fetching) throws ProvisionException, IOException, InterruptedException;
}
