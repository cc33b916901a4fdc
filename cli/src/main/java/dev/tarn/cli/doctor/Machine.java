package dev.tarn.cli.doctor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the checks take from the machine and this process.
 *
 * @param java the running Java
 * @param javaHome its folder
 * @param engine loads the engine and says its version
 * @param environment the environment variables
 * @param temporary the folder for temporary files
 * @param disk how full disks are
 * @param start how this process was started
 */
public record Machine(
        Runtime.Version java,
        Path javaHome,
        Supplier<String> engine,
        Map<String, String> environment,
        Path temporary,
        Disk disk,
        Start start) {

    /** Asks for the free space, in bytes, of the disk that a folder is on. */
    @FunctionalInterface
    public interface Disk {
        long free(Path folder) throws IOException;
    }

    /**
     * How this process was started.
     *
     * @param launcher whether by the launcher
     * @param archive whether from the archive of classes that makes starts fast
     */
    public record Start(boolean launcher, boolean archive) {}

    public Machine {
        environment = Map.copyOf(environment);
    }

    /** This machine. */
    public static Machine current(Supplier<String> engine) {
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
        return new Machine(
                Runtime.version(),
                Path.of(System.getProperty("java.home")),
                engine,
                System.getenv(),
                Path.of(System.getProperty("java.io.tmpdir")),
                folder -> Files.getFileStore(folder).getUsableSpace(),
                new Start(
                        System.getProperty("tarn.home") != null,
                        flags.stream().anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile="))));
    }

    /** The same with another engine. */
    public Machine withEngine(Supplier<String> other) {
        return new Machine(java, javaHome, other, environment, temporary, disk, start);
    }

    /** The same with other environment variables. */
    public Machine withEnvironment(Map<String, String> other) {
        return new Machine(java, javaHome, engine, other, temporary, disk, start);
    }

    /** The same with another folder for temporary files, on a disk as told. */
    public Machine withTemporary(Path folder, Disk other) {
        return new Machine(java, javaHome, engine, environment, folder, other, start);
    }

    /** The same, started in another way. */
    public Machine withStart(Start other) {
        return new Machine(java, javaHome, engine, environment, temporary, disk, other);
    }
}
