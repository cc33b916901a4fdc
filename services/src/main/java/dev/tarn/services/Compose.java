package dev.tarn.services;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same services as a compose file, for those who have Docker. */
public final class Compose {

    private Compose() {}

    /** The tree of the file: maps, lists, texts and numbers, as the Compose Specification names them. */
    public static Map<String, Object> tree(List<ServiceSpec> specs) {
        Map<String, Object> services = new LinkedHashMap<>();
        Map<String, Object> volumes = new LinkedHashMap<>();
        Map<String, Object> configs = new LinkedHashMap<>();
        for (ServiceSpec spec : specs) {
            for (Container container : spec.type().definition().containers(spec, specs)) {
                services.put(container.name(), container.toMap());
                if (container.keepsData()) {
                    volumes.put(container.name(), Map.of());
                }
                container.files().forEach((name, text) -> configs.put(name, Map.of("content", text)));
            }
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("services", services);
        if (!volumes.isEmpty()) {
            tree.put("volumes", volumes);
        }
        if (!configs.isEmpty()) {
            tree.put("configs", configs);
        }
        return tree;
    }

    /** The variables without which the services do not start. */
    public static List<String> passwords(List<ServiceSpec> specs) {
        return specs.stream()
                .filter(spec -> tree(List.of(spec)).toString().contains(Container.password(spec)))
                .map(Container::passwordVariable)
                .toList();
    }
}
