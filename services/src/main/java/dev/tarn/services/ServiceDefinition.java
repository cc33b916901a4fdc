package dev.tarn.services;

import dev.tarn.provision.Request;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** How one kind of service is got, set up and started. Has no state. */
interface ServiceDefinition {

    /** For people, such as {@code PostgreSQL}. */
    String title();

    /** The keys under {@code options} that it understands. */
    Set<String> options();

    /** What must be fetched before it can start; empty when all is installed. */
    List<Request> requests(Installed installed);

    /** Its processes, in the order in which they start. */
    default List<Server> servers(ServiceSpec spec) {
        return List.of(new Server(spec.name(), spec.name(), 0));
    }

    /** Bytes that one of its processes may use when the user says nothing. */
    long defaultMemory();

    /** Bytes that a server and all that it starts may use. */
    default long memory(Server server, ServiceSpec spec) {
        return spec.memoryOr(defaultMemory());
    }

    /**
     * Makes folders and configuration where they are not there yet, and says what to start. Called before each start.
     *
     * @throws ServiceException if the user has to do something first
     */
    Launch launch(Server server, Site site) throws ServiceException, IOException, InterruptedException;

    /**
     * Its servers in a compose file.
     *
     * @param all the services of that file
     */
    List<Container> containers(ServiceSpec spec, List<ServiceSpec> all);

    /** Whether a server that listens on {@code port} does its work. */
    HealthCheck health(Server server, Site site, int port);
}
