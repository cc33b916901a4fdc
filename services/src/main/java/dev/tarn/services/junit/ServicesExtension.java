package dev.tarn.services.junit;

import dev.tarn.services.ServerStatus;
import dev.tarn.services.ServiceSpec;
import dev.tarn.services.ServiceType;
import dev.tarn.services.TestServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Real services for the tests of a class, started before the first and removed after the last:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ServicesExtension SERVICES = ServicesExtension.with(ServiceType.POSTGRES);
 * }</pre>
 */
public final class ServicesExtension implements BeforeAllCallback, AfterAllCallback {

    private final List<ServiceSpec> specs;
    private @Nullable Path folder;
    private @Nullable TestServices services;

    private ServicesExtension(List<ServiceSpec> specs) {
        this.specs = List.copyOf(specs);
    }

    /** Services as they are without settings, named as their types. */
    public static ServicesExtension with(ServiceType... types) {
        return new ServicesExtension(Arrays.stream(types).map(ServiceSpec::of).toList());
    }

    public static ServicesExtension with(List<ServiceSpec> specs) {
        return new ServicesExtension(specs);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Path made = Files.createTempDirectory("tarn-services");
        folder = made;
        services = TestServices.start(made, specs);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (services != null) {
            services.close();
        }
        if (folder != null) {
            Files.deleteIfExists(folder.resolve(".tarn/.gitignore"));
            Files.deleteIfExists(folder.resolve(".tarn"));
            Files.deleteIfExists(folder);
        }
    }

    private TestServices running() {
        if (services == null) {
            throw new IllegalStateException("the services are not started: is the extension in a static field?");
        }
        return services;
    }

    /** Where clients find a service, without password. */
    public String endpoint(ServiceType type) throws IOException {
        return status(type).endpoint();
    }

    /** The password of the user {@code tarn}. */
    public String password(ServiceType type) throws IOException {
        return running().password(type.id());
    }

    /** All that is known of a service. */
    public ServerStatus status(ServiceType type) throws IOException {
        return running().status(type.id());
    }

    /** All services, also under other names than their types'. */
    public TestServices services() {
        return running();
    }
}
