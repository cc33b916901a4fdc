package dev.tarn.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder that is a disk of a few megabytes, for the processes that are started with {@link #prefix}. */
record SmallDisk(Process holder, Path folder) implements AutoCloseable {

    /** Skips the test where neither root nor user namespaces may mount. */
    static SmallDisk mount(Path folder, String size) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        String script = "mount -t tmpfs -o size=" + size + " tmpfs '" + folder + "' && echo mounted && read line";
        Process holder = new ProcessBuilder("unshare", "-rm", "sh", "-c", script).start();
        BufferedReader said = holder.inputReader();
        assumeTrue("mounted".equals(said.readLine()), "neither root nor user namespaces: no small disk can be mounted");
        return new SmallDisk(holder, folder);
    }

    List<String> prefix() {
        return List.of("nsenter", "-U", "-m", "--preserve-credentials", "-t", String.valueOf(holder.pid()));
    }

    /** The prefix for a shell. */
    String enter() {
        return String.join(" ", prefix());
    }

    @Override
    public void close() {
        holder.destroyForcibly().onExit().join();
    }
}
