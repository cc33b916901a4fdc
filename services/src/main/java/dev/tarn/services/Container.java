package dev.tarn.services;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One server as a service of a compose file, put together part by part; not for several threads. */
final class Container {

    /** What a server in a container must say instead of 127.0.0.1 to reach a program beside the containers. */
    private static final String HOST = "host.docker.internal";

    private final String name;
    private final Map<String, Object> keys = new LinkedHashMap<>();
    private final List<String> volumes = new ArrayList<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final List<Object> configs = new ArrayList<>();
    private boolean keepsData;

    /**
     * @param image with its tag
     * @param memory bytes that it may use
     */
    Container(String name, String image, long memory) {
        this.name = name;
        keys.put("image", image);
        keys.put("restart", "on-failure:3");
        keys.put("mem_limit", (memory >> 20) + "m");
    }

    /** The variable with the password: compose refuses to start while it is not set. */
    static String password(ServiceSpec spec) {
        return "${" + passwordVariable(spec) + ":?a password, in .env beside this file}";
    }

    static String passwordVariable(ServiceSpec spec) {
        return "TARN_" + spec.name().toUpperCase(Locale.ROOT).replace('-', '_') + "_PASSWORD";
    }

    /** Text in which compose shall see no variables. */
    static String plain(String text) {
        return text.replace("$", "$$");
    }

    /** An address of a program on this machine, as a container reaches it. */
    static String fromInside(String address) {
        return address.replaceFirst("(?<![^/@])(127\\.0\\.0\\.1|localhost)(?=[:/]|$)", HOST);
    }

    Container environment(String variable, String value) {
        part("environment").put(variable, value);
        return this;
    }

    Container command(List<String> command) {
        keys.put("command", List.copyOf(command));
        return this;
    }

    /** Publishes a port of the container on this machine only, as {@code port}, or as any free one. */
    Container port(int inside, @Nullable Integer port) {
        keys.put("ports", List.of("127.0.0.1:" + (port == null ? "" : port) + ":" + inside));
        return this;
    }

    Container port(int inside, ServiceSpec spec) {
        return port(inside, spec.port().isPresent() ? spec.port().getAsInt() : null);
    }

    /** Keeps a folder in a volume of the service's name. */
    Container data(String folder) {
        volumes.add(name + ":" + folder);
        keepsData = true;
        return this;
    }

    /** Shows a file of the project to the server. */
    Container projectFile(String file, String target) {
        boolean elsewhere = file.startsWith("/") || file.startsWith(".");
        volumes.add((elsewhere ? file : "./" + file) + ":" + target + ":ro");
        return this;
    }

    /** A file with this text. */
    Container file(String text, String target) {
        String config =
                name + "-" + target.substring(target.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9_-]", "-");
        files.put(config, plain(text));
        Map<String, String> reference = new LinkedHashMap<>();
        reference.put("source", config);
        reference.put("target", target);
        configs.add(reference);
        return this;
    }

    /** The command that tells whether the server does its work, with the limits that {@code tarn up} has. */
    Container health(String... command) {
        List<String> test = new ArrayList<>(List.of("CMD"));
        test.addAll(List.of(command));
        Map<String, Object> health = part("healthcheck");
        health.put("test", test);
        health.put("interval", "5s");
        health.put("retries", 6);
        health.put("start_period", "30s");
        return this;
    }

    Container reachesHost() {
        keys.put("extra_hosts", List.of(HOST + ":host-gateway"));
        return this;
    }

    Container after(String other) {
        part("depends_on").put(other, Map.of("condition", "service_healthy"));
        return this;
    }

    @SuppressWarnings("unchecked") // only maps of this kind are put there
    private Map<String, Object> part(String key) {
        return (Map<String, Object>) keys.computeIfAbsent(key, absent -> new LinkedHashMap<String, Object>());
    }

    String name() {
        return name;
    }

    boolean keepsData() {
        return keepsData;
    }

    /** The texts of its files, by the name that the compose file gives them. */
    Map<String, String> files() {
        return files;
    }

    Map<String, Object> toMap() {
        Map<String, Object> all = new LinkedHashMap<>(keys);
        if (!volumes.isEmpty()) {
            all.put("volumes", volumes);
        }
        if (!configs.isEmpty()) {
            all.put("configs", configs);
        }
        return all;
    }
}
