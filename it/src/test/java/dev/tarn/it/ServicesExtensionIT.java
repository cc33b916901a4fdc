package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.services.ServerState;
import dev.tarn.services.ServerStatus;
import dev.tarn.services.ServiceType;
import dev.tarn.services.junit.ServicesExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The extension as a user's test has it. */
class ServicesExtensionIT {

    @RegisterExtension
    static final ServicesExtension SERVICES = ServicesExtension.with(ServiceType.POSTGRES);

    @Test
    void theServiceServesClients() throws Exception {
        assertThat(LocalStack.shell(
                        SERVICES.status(ServiceType.POSTGRES).facts().get("client") + " -At -c 'select 7'"))
                .isEqualToIgnoringNewLines("7");
        assertThat(LocalStack.shell("PGPASSWORD=" + SERVICES.password(ServiceType.POSTGRES) + " psql '"
                        + SERVICES.endpoint(ServiceType.POSTGRES) + "' -At -c 'select 8'"))
                .isEqualToIgnoringNewLines("8");
    }

    @Test
    void aCrashedServiceComesBack() throws Exception {
        ServerStatus before = SERVICES.status(ServiceType.POSTGRES);

        SERVICES.services().kill("postgres");

        ServerStatus now = before;
        while (now.state() != ServerState.HEALTHY
                || now.pid().equals(before.pid())
                || now.pid().isEmpty()) {
            assertThat(now.state()).isNotEqualTo(ServerState.FAILED);
            now = SERVICES.status(ServiceType.POSTGRES);
        }
    }
}
