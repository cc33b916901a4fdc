package dev.tarn.cli.doctor;

import dev.tarn.services.ServerState;
import dev.tarn.services.ServerStatus;
import dev.tarn.services.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Looks at the services of a project that were brought up, if any were. */
public final class ServiceChecks {

    private ServiceChecks() {}

    public static List<Finding> of(Path project, Map<String, String> environment) {
        if (!Files.isDirectory(project.resolve(".tarn/services"))) {
            return List.of();
        }
        try {
            Stack stack = new Stack(project, environment, List.of(), Clock.systemUTC());
            return stack.status().stream().map(ServiceChecks::finding).toList();
        } catch (IOException e) {
            return List.of(Finding.warning(
                    "services", "their state cannot be read: " + e.getMessage(), "'tarn status' says more"));
        }
    }

    private static Finding finding(ServerStatus server) {
        String check = "service " + server.name();
        String state = server.state().word();
        if (server.state() == ServerState.FAILED) {
            String first = server.reason().lines().findFirst().orElse("");
            return Finding.error(
                    check,
                    state + ": " + first,
                    server.help().isEmpty()
                            ? "'tarn status' and 'tarn logs " + server.service() + "' say more"
                            : server.help());
        }
        return Finding.ok(
                check,
                server.state() == ServerState.HEALTHY
                        ? state + " at " + server.endpoint()
                        : state + "; 'tarn up " + server.service() + "' starts it");
    }
}
