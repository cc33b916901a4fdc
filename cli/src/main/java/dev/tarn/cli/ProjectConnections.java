package dev.tarn.cli;

import dev.tarn.connect.secret.SecretStores;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.Connections;
import dev.tarn.core.connection.LocalServices;
import dev.tarn.core.connection.Redaction;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.source.Names;
import dev.tarn.services.Login;
import dev.tarn.services.ServerState;
import dev.tarn.services.ServerStatus;
import dev.tarn.services.Stack;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** The connections of a project with their secrets and services; nothing is asked before it is needed. */
final class ProjectConnections implements LocalServices {

    private final Path path;
    private final Project project;
    private final Redaction redaction;

    /** @param path the project as the user named it */
    ProjectConnections(Path path, Project project, Redaction redaction) {
        this.path = path;
        this.project = project;
        this.redaction = redaction;
    }

    Connections all() {
        SecretStores secrets = new SecretStores(
                project.secrets(),
                () -> new ProjectLoader(System.getenv(), Clock.systemUTC()).variables(path),
                redaction);
        return new Connections(project.connections(), secrets, this, redaction);
    }

    @Override
    public Endpoint find(String service) throws ConnectionException {
        try {
            Stack stack = new Stack(project.directory(), System.getenv(), List.of(), Clock.systemUTC());
            List<ServerStatus> all = stack.status();
            ServerStatus status = all.stream()
                    .filter(s -> s.name().equals(service))
                    .findFirst()
                    .orElseThrow(() -> down(
                            "there is no service " + Names.quoted(service) + " in this project's stack",
                            "'tarn up " + service + "' starts it"));
            if (status.state() != ServerState.HEALTHY) {
                throw down(
                        "service '" + service + "' is " + status.state().word(),
                        "'tarn up " + service + "' starts it; 'tarn status' says more");
            }
            return endpoint(status);
        } catch (IOException e) {
            throw down("the state of service '" + service + "' cannot be read: " + e.getMessage(), "see 'tarn status'");
        }
    }

    private Endpoint endpoint(ServerStatus status) throws IOException {
        String text = status.endpoint();
        URI uri = URI.create(text.contains("://") ? text : "server://" + text);
        Login login = status.login();
        redaction.add(login.password());
        String database = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        return new Endpoint(uri.getHost(), uri.getPort(), database, login.user(), login.password());
    }

    private static ConnectionException down(String message, String help) {
        return new ConnectionException(ConnectionException.Kind.UNREACHABLE, message, help);
    }
}
