package dev.tarn.services;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/**
 * One server as it was last seen.
 *
 * @param name the server; its service's name for the first of a service
 * @param reason why it failed or is started again; empty if it is well
 * @param help what the user can do about it; may be empty
 * @param endpoint where clients find it; empty before it was first started
 * @param facts what else clients need, by name
 * @param pid its process, if it runs
 * @param memory bytes in use now, 0 if it does not run
 * @param memoryLimit bytes it may use
 * @param restarts how often it was started again since it was last well for some time
 * @param since when it came into its state
 */
public record ServerStatus(
        String name,
        String service,
        ServiceType type,
        ServerState state,
        String reason,
        String help,
        String endpoint,
        Map<String, String> facts,
        OptionalLong pid,
        long memory,
        long memoryLimit,
        int restarts,
        Instant since,
        Path log) {

    /** Of a state file; a process that is gone counts as stopped. */
    static Optional<ServerStatus> read(Path file) throws IOException {
        Properties p = PropertiesFile.read(file);
        if (p.getProperty("name") == null) {
            return Optional.empty();
        }
        Optional<ProcessId> process =
                ProcessId.parse(p.getProperty("process", "")).filter(ProcessId::isRunning);
        Map<String, String> facts = new LinkedHashMap<>();
        p.stringPropertyNames().stream()
                .filter(key -> key.startsWith("fact."))
                .sorted()
                .forEach(key -> facts.put(key.substring("fact.".length()), p.getProperty(key)));
        return Optional.of(new ServerStatus(
                p.getProperty("name"),
                p.getProperty("service"),
                ServiceType.of(p.getProperty("type")).orElseThrow(),
                ServerState.of(p.getProperty("state")),
                p.getProperty("reason", ""),
                p.getProperty("help", ""),
                p.getProperty("endpoint", ""),
                facts,
                process.map(id -> OptionalLong.of(id.pid())).orElse(OptionalLong.empty()),
                process.map(id -> ProcessTree.memory(ProcessTree.of(id))).orElse(0L),
                Long.parseLong(p.getProperty("memoryLimit", "0")),
                Integer.parseInt(p.getProperty("restarts", "0")),
                Instant.ofEpochMilli(Long.parseLong(p.getProperty("since", "0"))),
                Path.of(p.getProperty("log", ""))));
    }

    /** User and password, from the file that only their owner can read. */
    public Login login() throws IOException {
        String file = facts.get("credentials");
        if (file == null) {
            return Login.NONE;
        }
        Properties known = PropertiesFile.read(Path.of(file));
        return new Login(known.getProperty("user", ""), known.getProperty("password", ""));
    }

    ServerStatus withState(ServerState other, String why, String whatToDo) {
        return new ServerStatus(
                name,
                service,
                type,
                other,
                why,
                whatToDo,
                endpoint,
                facts,
                pid,
                memory,
                memoryLimit,
                restarts,
                since,
                log);
    }
}
