package dev.tarn.services;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What is wanted of one service.
 *
 * @param name its name in the stack, and of its folder
 * @param port the port to listen on; a free one, the same each time, when absent
 * @param memory bytes that it may use; the type's default when absent
 * @param settings the server's own, by their names there
 * @param options of the type, such as {@code database} or {@code workers}; a single value is a list of one
 */
public record ServiceSpec(
        String name,
        ServiceType type,
        OptionalInt port,
        OptionalLong memory,
        Map<String, String> settings,
        Map<String, List<String>> options) {

    public ServiceSpec {
        settings = new TreeMap<>(settings);
        options = new TreeMap<>(options);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_-]*")) {
            throw new IllegalArgumentException("not a name for a service: " + name);
        }
    }

    /** A service as it is without any setting. */
    public static ServiceSpec of(ServiceType type) {
        return new ServiceSpec(type.id(), type, OptionalInt.empty(), OptionalLong.empty(), Map.of(), Map.of());
    }

    String option(String key, String whenAbsent) {
        List<String> values = options.getOrDefault(key, List.of());
        return values.isEmpty() ? whenAbsent : values.get(0);
    }

    /**
     * The database of its own that a database server has.
     *
     * @throws ServiceException if it is no name for one
     */
    String database() throws ServiceException {
        String name = option("database", "tarn");
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,62}")) {
            throw new ServiceException(
                    "'" + name + "' is not a name for a database",
                    "use letters, digits and underscores for 'database' of '" + this.name + "'");
        }
        return name;
    }

    List<String> list(String key) {
        return options.getOrDefault(key, List.of());
    }

    long memoryOr(long whenAbsent) {
        return memory.orElse(whenAbsent);
    }

    Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("name", name);
        properties.setProperty("type", type.id());
        port.ifPresent(value -> properties.setProperty("port", String.valueOf(value)));
        memory.ifPresent(value -> properties.setProperty("memory", String.valueOf(value)));
        settings.forEach((key, value) -> properties.setProperty("setting." + key, value));
        options.forEach((key, values) -> {
            for (int i = 0; i < values.size(); i++) {
                properties.setProperty("option." + i + "." + key, values.get(i));
            }
        });
        return properties;
    }

    static ServiceSpec of(Properties properties) {
        Map<String, String> settings = new TreeMap<>();
        Map<String, List<String>> options = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (key.startsWith("setting.")) {
                settings.put(key.substring("setting.".length()), properties.getProperty(key));
            } else if (key.startsWith("option.0.")) {
                String option = key.substring("option.0.".length());
                List<String> values = new ArrayList<>();
                String value = properties.getProperty(key);
                while (value != null) {
                    values.add(value);
                    value = properties.getProperty("option." + values.size() + "." + option);
                }
                options.put(option, values);
            }
        }
        String port = properties.getProperty("port", "");
        String memory = properties.getProperty("memory", "");
        return new ServiceSpec(
                properties.getProperty("name"),
                ServiceType.of(properties.getProperty("type")).orElseThrow(),
                port.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port)),
                memory.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(memory)),
                settings,
                options);
    }
}
