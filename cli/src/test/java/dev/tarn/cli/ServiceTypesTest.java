package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.project.ServiceDeclaration;
import dev.tarn.services.ServiceType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two modules that do not know each other say the same. */
class ServiceTypesTest {

    @Test
    void whatAProjectMayDeclareIsWhatThereIs() {
        assertThat(ServiceDeclaration.types().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ServiceType.values()).map(ServiceType::id).toList());
        for (ServiceType type : ServiceType.values()) {
            List<String> options = new ArrayList<>(type.options());
            assertThat(ServiceDeclaration.types().get(type.id())).containsExactlyInAnyOrderElementsOf(options);
        }
    }
}
