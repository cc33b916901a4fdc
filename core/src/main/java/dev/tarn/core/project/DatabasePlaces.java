package dev.tarn.core.project;

import dev.tarn.core.connection.DatabaseConnection.Kind;
import dev.tarn.core.connection.DatabaseConnection.Place;
import dev.tarn.core.connection.SecretText;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Gives connections that lead to one database one place, however each of them spells it: by the name of a service, by host and
 * port. It knows what the project declares, and the port and database that the local stack wrote down when a service started;
 * it connects to nothing and asks for no secret.
 */
final class DatabasePlaces {

    /** The names of this machine that stay on it. */
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    private static final String DEFAULT_DATABASE = "tarn";

    private final Path stack;
    private final List<ServiceDeclaration> declared;

    DatabasePlaces(Path directory, List<ServiceDeclaration> declared) {
        this.stack = directory.resolve(".tarn/services/stack");
        this.declared = List.copyOf(declared);
    }

    Place ofService(String service, Optional<SecretText> database) {
        return new Place(server(service), database.map(SecretText::toString).orElseGet(() -> database(service)));
    }

    Place ofHost(Kind kind, Optional<SecretText> host, OptionalInt declaredPort, Optional<SecretText> database) {
        String name = host.map(SecretText::toString).orElse("").toLowerCase(Locale.ROOT);
        int port = declaredPort.orElse(kind.port());
        String place = LOCAL.contains(name)
                ? serviceAt(kind, port).map(DatabasePlaces::server).orElse("localhost " + port)
                : name + " " + port;
        return new Place(place, database.map(SecretText::toString).orElse(""));
    }

    private static String server(String service) {
        return "service " + service;
    }

    private Optional<String> serviceAt(Kind kind, int port) {
        String type = kind.name().toLowerCase(Locale.ROOT);
        Set<String> names = started();
        declared.stream()
                .filter(service -> service.type().equals(type))
                .map(ServiceDeclaration::name)
                .forEach(names::add);
        return names.stream()
                .filter(name -> port(name).equals(OptionalInt.of(port)))
                .findFirst();
    }

    private Set<String> started() {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> folders = Files.list(stack)) {
            folders.forEach(folder -> names.add(String.valueOf(folder.getFileName())));
        } catch (IOException neverStarted) {
            return names;
        }
        return names;
    }

    private OptionalInt port(String service) {
        String known = state(service).getProperty("port", "");
        return known.matches("[0-9]{1,5}")
                ? OptionalInt.of(Integer.parseInt(known))
                : declaration(service).map(ServiceDeclaration::port).orElse(OptionalInt.empty());
    }

    private String database(String service) {
        String endpoint = state(service).getProperty("endpoint", "");
        return endpoint.matches(".*://.*/.+")
                ? endpoint.substring(endpoint.lastIndexOf('/') + 1)
                : declaration(service)
                        .flatMap(found -> found.options().getOrDefault("database", List.of()).stream()
                                .findFirst())
                        .orElse(DEFAULT_DATABASE);
    }

    private Optional<ServiceDeclaration> declaration(String service) {
        return declared.stream().filter(found -> found.name().equals(service)).findFirst();
    }

    private Properties state(String service) {
        Properties state = new Properties();
        try (Reader in = Files.newBufferedReader(stack.resolve(service).resolve(service + ".state"))) {
            state.load(in);
        } catch (IOException | IllegalArgumentException neverStarted) {
            state.clear();
        }
        return state;
    }
}
