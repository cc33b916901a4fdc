package dev.tarn.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ServiceSpecTest {

    @Test
    void survivesThePropertiesFileThatHandsItOver() {
        ServiceSpec spec = new ServiceSpec(
                "orders",
                ServiceType.POSTGRES,
                OptionalInt.of(5432),
                OptionalLong.of(1 << 28),
                Map.of("a.b", "x = y\n#z", "c", ""),
                Map.of("database", List.of("shop"), "files", List.of("a", "b", "ü")));

        assertThat(ServiceSpec.of(spec.toProperties())).isEqualTo(spec);
        assertThat(ServiceSpec.of(ServiceSpec.of(ServiceType.KAFKA).toProperties()))
                .isEqualTo(ServiceSpec.of(ServiceType.KAFKA));
    }

    @Test
    void aNameIsAFolder() {
        assertThatThrownBy(() -> new ServiceSpec(
                        "../x", ServiceType.KAFKA, OptionalInt.empty(), OptionalLong.empty(), Map.of(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void amountsOfMemoryAreReadAsPeopleWriteThem() {
        assertThat(Memory.parse("256m")).hasValue(256 << 20);
        assertThat(Memory.parse("2G")).hasValue(2L << 30);
        assertThat(Memory.parse("64MiB")).hasValue(64 << 20);
        assertThat(Memory.parse("1048576")).hasValue(1 << 20);
        assertThat(Memory.parse("much")).isEmpty();
        assertThat(Memory.text((1 << 20) + 1)).isEqualTo("2 MB");
    }

    @Test
    void allTogetherStayBelowWhatALaptopHas() {
        long defaults =
                ServiceType.DEFAULTS.stream().mapToLong(ServiceSpecTest::limit).sum();

        assertThat(defaults).isLessThan(2L << 30);
        assertThat(defaults + limit(ServiceType.SPARK)).isLessThan(4L << 30);
    }

    private static long limit(ServiceType type) {
        ServiceSpec spec = ServiceSpec.of(type);
        return type.definition().servers(spec).stream()
                .mapToLong(server -> type.definition().memory(server, spec))
                .sum();
    }
}
