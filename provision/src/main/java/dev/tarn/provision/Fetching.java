package dev.tarn.provision;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What fetching one request has at hand.
 *
 * @param cache the cache's root, for what several requests share
 * @param offline whether nothing may be asked of the network
 */
record Fetching(Path cache, boolean offline, Map<String, String> environment, FetchListener listener, String what) {

    /** How a command ended. */
    record Ended(int code, String output) {
        boolean ok() {
            return code == 0;
        }

        /** The last lines, where the reason is. */
        String tail() {
            List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
            return lines.stream().skip(Math.max(0, lines.size() - 8)).collect(Collectors.joining("\n"));
        }
    }

    void progress(String part, long bytes) {
        listener.progress(what, part, bytes);
    }

    /** Refuses in offline mode. */
    void mustBeOnline(String missing) throws ProvisionException {
        if (offline) {
            throw missing(missing);
        }
    }

    /** What is not in the cache in offline mode, and how to get it there. */
    ProvisionException missing(String parts) {
        return new ProvisionException(
                what + " is not in the cache (" + cache + "), and offline mode forbids to fetch it; missing: " + parts,
                "run the same command once without offline mode (TARN_OFFLINE, --offline, <offline> in Maven's settings),"
                        + " or copy the cache from a machine that has it");
    }

    /** Runs a program to its end; an interrupt ends it, too. */
    Ended run(Path directory, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        // Output is parsed.
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        Path log = Files.createTempFile("tarn-fetch", ".log");
        Process process = builder.redirectOutput(log.toFile()).start();
        try {
            int code = process.waitFor();
            try (InputStream in = Files.newInputStream(log)) {
                return new Ended(code, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            Files.deleteIfExists(log);
        }
    }

    /** Whether a program is on the path. */
    boolean has(String program) {
        for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
