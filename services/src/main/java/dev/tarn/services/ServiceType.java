package dev.tarn.services;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The services that can be had. */
public enum ServiceType {
    POSTGRES(new Postgres()),
    MARIADB(new MariaDb()),
    KAFKA(new Kafka()),
    ALERTMANAGER(new Alertmanager()),
    PROMETHEUS(new Prometheus()),
    SPARK(new Spark()),
    AZURITE(new Azurite()),
    S3(new S3());

    /** What {@code tarn up} starts where nothing is declared. */
    public static final List<ServiceType> DEFAULTS = List.of(POSTGRES, MARIADB, KAFKA, ALERTMANAGER, PROMETHEUS);

    @SuppressWarnings("ImmutableEnumChecker") // definitions have no state
    private final ServiceDefinition definition;

    ServiceType(ServiceDefinition definition) {
        this.definition = definition;
    }

    ServiceDefinition definition() {
        return definition;
    }

    /** The options that a service of this type understands. */
    public Set<String> options() {
        return definition.options();
    }

    /** As it is written in YAML and on the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ServiceType> of(String id) {
        return Arrays.stream(values()).filter(type -> type.id().equals(id)).findFirst();
    }
}
