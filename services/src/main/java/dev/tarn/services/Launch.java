package dev.tarn.services;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A process that is about to start.
 *
 * @param environment what it gets besides the few variables that every server gets
 * @param directory its working folder
 * @param port where it listens, for messages
 * @param health tells whether it does its work
 * @param stopSignal asks it to stop in an orderly way: {@code TERM}, {@code INT}
 * @param endpoint where clients find it: a URL without password
 * @param facts what else clients need, by name: files with credentials, a command line
 */
record Launch(
        List<String> command,
        Map<String, String> environment,
        Path directory,
        int port,
        HealthCheck health,
        String stopSignal,
        String endpoint,
        Map<String, String> facts) {

    Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        facts = new LinkedHashMap<>(facts);
    }
}
